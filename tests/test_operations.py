"""Every operation is complete. If a part is missing, the message names the file and what to write (docs/adding.md)."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from starlette.routing import compile_path

from harness.contract.contract import SCHEMAS, Operation, documented
from proof.catalogue import defects
from sandbox.alfred.routes import OPERATIONS as ALFRED
from sandbox.http.operations import Operation as Route
from sandbox.walletapi.routes import OPERATIONS as WALLETAPI

ROOT = SCHEMAS.parent
CONTRACT = (ROOT / "docs" / "contract.md").read_text("utf-8")
PATHS = yaml.safe_load((SCHEMAS / "openapi.yaml").read_text("utf-8"))["paths"]
ROUTES = {route.id: route for route in (*ALFRED, *WALLETAPI)}
OPERATIONS = sorted(documented().operations.values(), key=lambda operation: operation.id)

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)


def text_of(folder: str) -> str:
    files = [file for file in sorted((ROOT / folder).rglob("*")) if file.suffix in (".py", ".feature")]
    return "\n".join(file.read_text("utf-8") for file in files)


def check_complete(parts: Mapping[str, Any]) -> None:
    """Fail with a line for each part that is missing: the file, and what to write there."""
    missing = [part for part, is_there in parts.items() if not is_there]
    if missing:
        pytest.fail("\n  ".join(["missing (see docs/adding.md):", *missing]), pytrace=False)


def has_a_row(operation: Operation) -> bool:
    """Whether contract.md has a row for the operation. The WalletAPI has no such table."""
    row = f"| {operation.id} | {operation.method} `{operation.path}` |"
    return operation.api == "walletapi" or row in CONTRACT


def names_its_key(operation: Operation) -> bool:
    """Whether contract.md lists the operation as one that requires a key. The others require a token."""
    (paragraph,) = re.findall(r"^- \*\*Credentials\*\*: by default.*?(?=^- )", CONTRACT, re.MULTILINE | re.DOTALL)
    return operation.credential not in ("shop", "platform") or operation.id in paragraph


@each_operation
def test_operation_is_documented(operation: Operation) -> None:
    name, described = operation.id, PATHS[operation.path][operation.method.lower()]
    texts = [each["description"] for each in (described, *described.get("parameters", ())) if "description" in each]
    row = f"| {name} | {operation.method} `{operation.path}` | its request | its payload |"
    parts = {
        f"docs/contract.md: the row {row} in the table of Alfred": has_a_row(operation),
        f"docs/contract.md: {name} in the paragraph **Credentials**": names_its_key(operation),
        f"schemas/openapi.yaml: summary and description of {name}": {"summary", "description"} <= set(described),
        f"schemas/openapi.yaml: contract.md or docs/... in each description of {name}": all(
            re.search(r"docs/\S+\.md|contract\.md", text) for text in texts
        ),
        f"schemas/openapi.yaml: x-texts of {name}, because it has a body": operation.texts
        or not operation.request_schema,
    }
    for schema in filter(None, (operation.request_schema, operation.response_schema)):
        file = f"schemas/{schema.replace('.', '/', 1)}.schema.json"
        parts[f'{file}: "examples", at least one'] = documented().schemas[schema].get("examples")
    check_complete(parts)


@each_operation
def test_operation_has_a_client_method_and_a_sandbox_route(operation: Operation) -> None:
    api, name, route = operation.api, operation.id, ROUTES.get(operation.id)
    takes_body = operation.request_schema is not None
    file, body = f"sandbox/{api}/routes.py", "" if takes_body else ", takes_body=False"
    parts = {
        f'harness/apis/{api}/: a method that makes the call "{name}"': f'"{name}"' in text_of(f"harness/apis/{api}"),
        f'{file}: Operation("{name}", "{operation.method}", "{operation.path}", ...)': route
        and (route.method, route.path) == (operation.method, operation.path),
        f'{file}: Operation("{name}", ..., "{operation.credential}"{body})': route
        and (route.takes or "walletapi", route.takes_body) == (operation.credential, takes_body),
    }
    check_complete(parts)


def serves(route: Route, path: str, method: str) -> bool:
    return route.method == method and bool(compile_path(route.path)[0].match(path))


@pytest.mark.parametrize("routes", [ALFRED, WALLETAPI], ids=["alfred", "walletapi"])
def test_each_sandbox_route_is_documented_and_reachable(routes: tuple[Route, ...]) -> None:
    known = {operation.id for operation in OPERATIONS}
    parts = {f"schemas/openapi.yaml: {route.id}, which the sandbox has": route.id in known for route in routes}
    for route in routes:
        path = re.sub(r"\{\w+\}", "x", route.path)
        first = next(each for each in routes if serves(each, path, route.method))
        parts[f"sandbox/API/routes.py: {route.id} above {first.id}, which takes its path"] = first is route
    check_complete(parts)


def test_each_clause_has_a_rule_and_two_defects() -> None:
    rules = set(re.findall(r"@([A-Z]+-\d+)", text_of("features")))
    broken = [clause for defect in defects(whole=True) if defect.kind != "shape" for clause in defect.clauses]
    core = {clause for defect in defects() for clause in defect.clauses}
    parts = {}
    for clause in documented().clauses:
        parts[f"features/API/: a Rule below the tag @{clause}, with scenarios"] = clause in rules
        parts[f"proof/defects/API/: two defects that break {clause}, besides those of shape"] = (
            broken.count(clause) >= 2
        )
        parts[f"proof/defects/API/: core=True at a defect that breaks {clause}"] = clause in core
    check_complete(parts)
