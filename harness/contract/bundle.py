"""The API description in one file, for other tools: ``python -m harness.contract.bundle > api.json``."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from harness.contract.contract import SCHEMAS
from harness.contract.documents import SUFFIX, Node, inlined, read, referred

_PLACE: Final = "#/components/schemas/"


def bundle() -> dict[str, Any]:
    """Return openapi.yaml with each message schema in its components. UsageError if a file is broken."""
    nodes = [read(path, SCHEMAS) for path in sorted(SCHEMAS.glob(f"*/*{SUFFIX}"))]
    files = {node.file: node for node in nodes}
    document: dict[str, Any] = _moved(read(SCHEMAS / "openapi.yaml", SCHEMAS), files)
    document["components"]["schemas"] |= {_name(node.file): _moved(node, files) for node in nodes}
    return document


def _moved(node: Node, files: Mapping[str, Node]) -> Any:
    """Return a value in which each reference to a file is a reference to a component, and each allOf is one schema."""
    if isinstance(node.value, list):
        return [_moved(Node(node.file, each), files) for each in node.value]
    if not isinstance(node.value, dict):
        return node.value
    if "allOf" in node.value:
        parts = [inlined(part, files) for part in node["allOf"].elements()]
        own = {name: value for name, value in node.value.items() if name != "allOf"}
        return _moved(Node(node.file, _merged([own, *parts])), files)
    moved = {name: _moved(Node(node.file, value), files) for name, value in node.value.items() if name != "$schema"}
    if isinstance(moved.get("$ref"), str) and not moved["$ref"].startswith("#"):
        moved["$ref"] = _PLACE + _name(referred(node["$ref"]))
    return moved


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one schema for several. An earlier one is narrower, so its members replace those of a later one."""
    merged: dict[str, Any] = {}
    for part in reversed(parts):
        members = {**merged.get("properties", {}), **part.get("properties", {})}
        merged = {**merged, **part, "properties": members}
    title = {"title": parts[0]["title"]} if "title" in parts[0] else {}
    return {**{name: value for name, value in merged.items() if name != "title"}, **title}


def _name(file: str) -> str:
    """Return the name of a component: ``WalletapiPurchaseByAliasRequest``."""
    words = re.split(r"[/.]", file.removesuffix(SUFFIX))[1:]
    return "".join(word[:1].upper() + word[1:] for word in words)


if __name__ == "__main__":
    print(json.dumps(bundle(), indent=2, ensure_ascii=False))
