"""Every operation is complete. If a part is missing, the message names the file to edit (docs/adding.md)."""

from pathlib import Path

import pytest
import simplejson

from harness.contract.contract import SCHEMAS, Operation, documented

ROOT = SCHEMAS.parent
OPERATIONS = sorted(documented().operations.values(), key=lambda operation: operation.id)


def text_of(*places: str) -> str:
    """The text of these files, and of all files below these folders."""
    files = [file for place in places for file in ([ROOT / place] if (ROOT / place).is_file() else below(place))]
    return "\n".join(file.read_text("utf-8") for file in files)


def below(place: str) -> list[Path]:
    return sorted(file for file in (ROOT / place).rglob("*") if file.suffix in (".py", ".feature"))


def examples(operation: Operation) -> list[str]:
    """The names of the schemas of this operation that have examples."""
    file = ROOT / "tests" / "schemas" / "examples" / f"{operation.api}.json"
    return list(simplejson.loads(file.read_text("utf-8")))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_an_operation_is_complete(operation: Operation) -> None:
    api, name = operation.api, operation.id
    schemas = [schema for schema in (operation.request_schema, operation.response_schema) if schema]
    parts = {
        f"docs/contract.md: {name} in the table of its API": name in text_of("docs/contract.md"),
        f"harness/apis/{api}/: a method that builds the call": f'"{name}"' in text_of(f"harness/apis/{api}"),
        f"sandbox/{api}/routes.py: a route": f'"{name}"' in text_of(f"sandbox/{api}/routes.py"),
        f"tests/schemas/examples/{api}.json: {schemas}": set(schemas) <= set(examples(operation)),
        f"proof/building_blocks.py: {name} in words": f'"{name}"' in text_of("proof/building_blocks.py"),
        f"proof/defects/{api}/: defects of {operation.clause}": operation.clause in text_of(f"proof/defects/{api}"),
        f"features/{api}/: a Rule for {operation.clause}": f"@{operation.clause}" in text_of(f"features/{api}"),
        "schemas/openapi.yaml: x-texts, because the operation has a body": not operation.request_schema
        or bool(operation.texts),
    }
    assert [part for part, is_there in parts.items() if not is_there] == [], "see docs/adding.md, An operation"
