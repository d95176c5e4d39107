"""Every address there is, from the URL table and the API itself, and what to put for its parameters.

A new page is found by itself. A new parameter needs a line here, or `test_every_parameter_of_an_address_is_known` fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.access.world import Site

import baoxue.web.urls  # noqa: F401  # the workbench joins the API there
from baoxue.api.root import api

API_PREFIX = "/api/v1"

# What a parameter names, by its name, or by app and name where apps use the same one. First those that name something
# of a place: `Site.objects` has it.
OBJECTS: dict[str, str] = {
    "registers.pk": "import",
    "import_id": "import",
    "snapshot_id": "snapshot",
    "job_id": "job",
    "run_id": "run",
    "finding_id": "finding",
    "pair_id": "pair",
    "verdict_id": "verdict",
    "case_id": "case",
    "lead_id": "lead",
    "evidence_id": "evidence",
    "child_id": "child",
    "merge_id": "merge",
    "doubt_id": "doubt",
    "view_id": "view",
    "export_id": "export",
    "channel_id": "channel",
    "account_id": "account",
    "post_id": "post",
    "token_id": "token",
    "code_entry_id": "code entry",
}
# Some name a place itself, by its code.
PLACES = frozenset({"place_code"})
# Then those that do not: one value that is right, so that what is asked for is refused for its place and nothing else.
VALUES: dict[str, str] = {
    "registers.kind": "xlsx",
    "combination": "110",
    "ledger": "school-age",
    "act": "verify",
    "parameter_code": "absence_report",
    "code_list": "measure",
}


@dataclass(frozen=True, slots=True)
class Address:
    """One address: a page (`method` any) or an operation of the API."""

    name: str
    route: str
    app: str
    method: str
    parameters: tuple[str, ...]
    needs: Any
    operation: dict[str, Any] | None = None

    def at(self, site: Site) -> str:
        """The address with the site's own objects in it."""
        values = {name: self._value(name, site) for name in self.parameters}
        if self.operation is None:
            return reverse(self.name, kwargs=values)
        return self.route.format_map(values)

    def names_an_object(self) -> bool:
        """Whether a parameter names something that belongs to a place."""
        return any({f"{self.app}.{name}", name} & (OBJECTS.keys() | PLACES) for name in self.parameters)

    def _value(self, name: str, site: Site) -> object:
        if name in PLACES:
            return site.township.code
        for key in (f"{self.app}.{name}", name):
            if key in OBJECTS:
                return site.objects[OBJECTS[key]].pk
            if key in VALUES:
                return VALUES[key]
        raise LookupError(f"no factory for the parameter {name!r} of {self.route}; add it to OBJECTS or VALUES")


def pages() -> list[Address]:
    """The pages of the URL table."""
    return list(_walk(get_resolver().url_patterns, "", "", ()))


def _walk(
    patterns: list[URLPattern | URLResolver], route: str, namespace: str, parameters: tuple[str, ...]
) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        known = (*parameters, *getattr(pattern.pattern, "converters", {}))
        if isinstance(pattern, URLResolver):
            inside = pattern.namespace or namespace
            if inside != "api":
                yield from _walk(pattern.url_patterns, here, inside, known)
        else:
            name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
            yield Address(name, here, namespace, "", known, getattr(pattern.callback, "needs", None))


def operations() -> list[Address]:
    """The operations of the API."""
    schema: dict[str, Any] = api.get_openapi_schema()
    views = _views()
    return [
        Address(
            name=f"{method.upper()} {route.removeprefix(API_PREFIX)}",
            route=route,
            app="api",
            method=method,
            parameters=tuple(p["name"] for p in operation["parameters"] if p["in"] == "path"),
            needs=getattr(views[operation["operationId"]], "needs", None),
            operation=operation,
        )
        for route, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


def _views() -> dict[str, Callable[..., Any]]:
    found = [
        operation
        for router in api._get_bound_routers()
        for path in router.path_operations.values()
        for operation in path.operations
    ]
    return {
        operation.operation_id or api.get_openapi_operation_id(operation): operation.view_func for operation in found
    }


def body_of(operation: dict[str, Any]) -> Any:
    """A body that the operation takes, made from its schema; None where it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _example(content["application/json"]["schema"])


def _example(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _example(api.get_openapi_schema()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _example(schema["anyOf"][0])
    if schema.get("format") == "date":
        return date(2025, 10, 14).isoformat()
    if schema.get("format") == "uuid":
        return "00000000-0000-4000-8000-000000000000"
    makers: dict[str, Callable[[], Any]] = {
        "object": lambda: {
            name: _example(part)
            for name, part in schema.get("properties", {}).items()
            if name in schema.get("required", ())
        },
        "array": list,
        "integer": lambda: schema.get("minimum", 1),
        "number": lambda: 1,
        "boolean": lambda: False,
    }
    return makers.get(schema.get("type", ""), lambda: "x" * schema.get("minLength", 1))()
