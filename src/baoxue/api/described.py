"""The API's own description, arranged for people: what its documentation page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_TYPES = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "是否",
    "array": "列表",
    "object": "对象",
    "null": "空",
}
_FORMATS = {"date": "日期 2025-09-20", "date-time": "时间", "uuid": "编号", "binary": "文件"}


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter, field of a body or of an answer. `kind`: of what type, in words."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it is called, what it takes and what it gives."""

    method: str
    path: str
    summary: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    answer_name: str

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.method}-{self.path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}"


@dataclass(frozen=True, slots=True)
class Part:
    """Operations of one subject."""

    name: str
    operations: list[Operation]


def parts(schema: dict[str, Any]) -> list[Part]:
    """The operations of an OpenAPI schema by their tags, in the order of the schema."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            name = (operation.get("tags") or ["其他"])[0]
            found.setdefault(name, []).append(_operation(schema, path, method, operation))
    return [Part(name, operations) for name, operations in found.items()]


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    parameters = [
        Field(p["name"], _kind(schema, p["schema"]), p["required"], p.get("description", ""))
        for p in operation["parameters"]
    ]
    answer = _content(next((told for code, told in operation["responses"].items() if str(code).startswith("2")), {}))
    return Operation(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        parameters=parameters,
        body=_fields(schema, _content(operation.get("requestBody", {}))),
        answer=_fields(schema, answer),
        answer_name=_kind(schema, answer) if answer else "",
    )


def _content(told: dict[str, Any]) -> dict[str, Any]:
    content = told.get("content") or {}
    return next((kind.get("schema", {}) for kind in content.values()), {})


def _fields(schema: dict[str, Any], shape: dict[str, Any]) -> list[Field]:
    """The fields of an object, or of the objects in a list."""
    shape = _resolved(schema, shape)
    if shape.get("type") == "array":
        return _fields(schema, shape.get("items", {}))
    required = set(shape.get("required", ()))
    return [
        Field(name, _kind(schema, part), name in required, part.get("description", ""))
        for name, part in shape.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any], shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        kinds = [_kind(schema, part) for part in shape["anyOf"]]
        return " 或 ".join(dict.fromkeys(kinds))
    if "$ref" in shape:
        target = _resolved(schema, shape)
        return _kind(schema, target) if "enum" in target else str(shape["$ref"].rsplit("/", 1)[-1])
    if "enum" in shape:
        return " · ".join(str(value) for value in shape["enum"])
    if shape.get("type") == "array":
        return f"{_kind(schema, shape.get('items', {}))} 的列表"
    return _FORMATS.get(shape.get("format", "")) or _TYPES.get(shape.get("type", ""), "任意")


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in shape:
        return shape
    named: dict[str, Any] = schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
    return named
