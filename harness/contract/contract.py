"""The contract: operations and clauses; finds what is not as documented in a request or a response."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from harness.contract.documents import SUFFIX, Node, inlined, read, referred
from harness.failures import Finding, UsageError

if TYPE_CHECKING:
    from harness.contract.checking import Checker

SCHEMAS: Final = Path(__file__).resolve().parents[2] / "schemas"

_APIS: Final = ("alfred", "walletapi")
_ROW: Final = re.compile(r"^\| ([A-Z]+-\d+) \| (\w+) \| (.+) \|$", re.MULTILINE)
# No schema may accept any of them.
_PROBES: Final[tuple[Any, ...]] = ({}, [], None, "")
_LEVELS: Final = ("documented", "inferred")
_LISTS: Final = ("amounts", "texts", "identifiers", "echoes", "locatable", "moves", "prepares", "confirms")
_CREDENTIALS: Final = {
    frozenset({"shopKey"}): "shop",
    frozenset({"platformKey"}): "platform",
    frozenset({"accessToken"}): "token",
    frozenset({"apikeypublic", "apiclientpublic"}): "walletapi",
}


@dataclass(frozen=True)
class Clause:
    """One promise of docs/contract.md; ``patterns`` are the regular expressions of X-2 that find internals."""

    id: str
    level: str
    text: str
    source: str
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One call of openapi.yaml, which describes the ``x-`` members at its top.

    ``clause`` is the clause that a success of the wrong form breaks, ``credential_clause`` (of Alfred alone) the one
    that is broken if a wrong credential is accepted. ``amount_clause`` is broken if an amount is accepted that is not a
    number. ``credential`` is the default one: ``shop``, ``platform``,
    ``token`` or ``walletapi``. A schema is None if nothing is sent, or if the response has no
    documented members. ``names`` is the id by which the call names something, and ``unknown_clause`` is broken if an
    unknown one is accepted.
    """

    id: str
    api: str
    method: str
    path: str
    clause: str
    credential: str
    request_schema: str | None
    response_schema: str | None
    names: str
    amounts: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    echoes: tuple[str, ...] = ()
    locatable: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    prepares: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()
    credential_clause: str = ""
    amount_clause: str = "X-1"
    unknown_clause: str = "X-1"


@dataclass(frozen=True)
class Contract:
    """The operations and the clauses by id, and the schemas by name (``walletapi.failure``)."""

    rejection_schema: ClassVar[str] = "walletapi.failure"

    operations: Mapping[str, Operation]
    clauses: Mapping[str, Clause]
    schemas: Mapping[str, Any] = field(repr=False)
    checker: "Checker" = field(repr=False, compare=False)

    @property
    def locatable(self) -> dict[str, tuple[str, ...]]:
        """Alfred's operations, each with the members of its response that a target may locate."""
        return {one.id: one.locatable for one in self.operations.values() if one.api == "alfred"}

    def response_findings(self, operation_id: str, payload: Any) -> tuple[Finding, ...]:
        """Return every difference between the payload of a success and the documents."""
        schema = self.operations[operation_id].response_schema
        return self.findings(schema, payload) if schema else ()

    def findings(self, schema_name: str, instance: Any) -> tuple[Finding, ...]:
        """Return every difference between a value and the schema of this name."""
        return self.checker.findings(schema_name, instance)


def load_contract(directory: Path = SCHEMAS) -> Contract:
    """Read openapi.yaml, clauses.toml and all schemas. UsageError with file and path if one is broken."""
    from harness.contract.checking import Checker, check_schema  # jsonschema is slow to import

    clauses = clauses_in(directory)
    _check_page(directory.parent / "docs" / "contract.md", clauses.values())
    nodes = [read(path, directory) for path in sorted(directory.glob(f"*/*{SUFFIX}"))]
    files = {node.file: node for node in nodes}
    for node in nodes:
        check_schema(node)
    schemas = {_name(node): node.value for node in nodes}
    checker = Checker({_name(node): inlined(node, files, (node.file,)) for node in nodes})
    for node in nodes:
        if not all(checker.findings(_name(node), value) for value in _PROBES):
            raise node.wrong("accepts almost anything, so nothing would be checked; say what is required")
    if Contract.rejection_schema not in schemas:
        raise UsageError(f"{directory.name} has no {Contract.rejection_schema.replace('.', '/')}{SUFFIX}")
    document = read(directory / "openapi.yaml", directory)
    operations = {operation.id: operation for operation in _operations(document, clauses, files)}
    return Contract(operations, clauses, schemas, checker)


@cache
def documented() -> Contract:
    """Return the contract of schemas/, read once."""
    return load_contract()


def clauses_in(directory: Path) -> dict[str, Clause]:
    """Return the clauses of clauses.toml by id. UsageError with file and path if it is broken."""
    return {clause.id: clause for clause in _clauses(read(directory / "clauses.toml", directory))}


def _name(node: Node) -> str:
    return ".".join(node.file.split("/")[1:]).removesuffix(SUFFIX)


def _clauses(document: Node) -> Iterator[Clause]:
    seen = set()
    for node in document["clause"].elements():
        clause = node["id"].text()
        if clause in seen:
            raise node["id"].wrong(f"{clause} occurs twice")
        seen.add(clause)
        level = node["level"].text()
        if level not in _LEVELS:
            raise node["level"].wrong(f"{level!r} is not a level (known: {', '.join(_LEVELS)})")
        named = node["patterns"].members().values() if "patterns" in node.value else ()
        patterns = tuple(pattern.pattern() for pattern in named)
        yield Clause(clause, level, node["text"].text(), node["source"].text(), patterns)


def _check_page(page: Path, clauses: Iterable[Clause]) -> None:
    """UsageError if contract.md and the ledger differ in their clauses or in a text."""
    if not page.is_file():
        return
    rows = {row[0]: row for row in _ROW.findall(page.read_text("utf-8"))}
    ledger = {clause.id: (clause.id, clause.level, clause.text) for clause in clauses}
    wrong = [name for name in (*rows, *ledger) if rows.get(name) != ledger.get(name)]
    if wrong:
        names = ", ".join(dict.fromkeys(wrong))
        raise UsageError(f"schemas/clauses.toml and docs/contract.md do not agree on {names}; correct one")


def _operations(document: Node, clauses: Mapping[str, Clause], files: Mapping[str, Node]) -> Iterator[Operation]:
    for path, item in document["paths"].members().items():
        for method, node in item.members().items():
            yield _operation(path, method, node, clauses, files)


def _operation(
    path: str, method: str, node: Node, clauses: Mapping[str, Clause], files: Mapping[str, Node]
) -> Operation:
    api = node["tags"].elements()[0].text()
    if api not in _APIS:
        raise node["tags"].wrong(f"{api!r} is not an API (known: {', '.join(_APIS)})")
    return Operation(
        node["operationId"].text(),
        api,
        method.upper(),
        path,
        _clause(node["x-clause"], clauses),
        _credential(node),
        _schema_of(node["requestBody"], files) if "requestBody" in node.value else None,
        _schema_of(node["responses"]["2XX"], files),
        node["x-names"].text(),
        credential_clause=_clause(node["x-credentials"], clauses) if api == "alfred" else "",
        amount_clause=_clause(node["x-wrong-amount"], clauses) if "x-wrong-amount" in node.value else "X-1",
        unknown_clause=_clause(node["x-unknown"], clauses) if "x-unknown" in node.value else "X-1",
        **{name: _names(node, f"x-{name}") for name in _LISTS},
    )


def _clause(node: Node, clauses: Mapping[str, Clause]) -> str:
    clause = node.text()
    if clause not in clauses:
        raise node.wrong(f"{clause} is not a clause of clauses.toml")
    return clause


def _names(node: Node, member: str) -> tuple[str, ...]:
    return tuple(each.text() for each in node[member].elements()) if member in node.value else ()


def _credential(node: Node) -> str:
    schemes = node["security"].elements()[0]
    credential = _CREDENTIALS.get(frozenset(schemes.members()))
    if credential is None:
        raise schemes.wrong("names no credential that the suite has")
    return credential


def _schema_of(message: Node, files: Mapping[str, Node]) -> str | None:
    if "content" not in message.members():
        return None
    schema = message["content"]["application/json"]["schema"]
    # A rejection of the WalletAPI may have HTTP 200, so there are two schemas. The first is that of a success.
    alternatives = schema["anyOf"].elements() if "anyOf" in schema.members() else [schema]
    reference = alternatives[0]["$ref"]
    if reference.text().startswith("#"):
        return None  # no documented members
    if referred(reference) not in files:
        raise reference.wrong(f"{reference.value!r} leads to no schema file")
    return _name(files[referred(reference)])
