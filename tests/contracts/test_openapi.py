"""The contract of the API is a file: what changes in it shows in review."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

import baoxue.web.urls  # noqa: F401  # the workbench joins the API there
from baoxue.api.root import api

KEPT = Path(__file__).parents[2] / "docs/develop/openapi.json"
SCHEMA = dict(api.get_openapi_schema())
OPERATIONS = [
    pytest.param(operation, id=f"{method.upper()} {path}")
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]


def test_the_kept_contract_is_that_of_the_code() -> None:
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(SCHEMA)), "run `make openapi` and look at what changed"


@pytest.mark.django_db
def test_the_contract_is_served() -> None:
    served = Client().get("/api/v1/openapi.json").json()
    assert served["openapi"].startswith("3.1")
    assert served == json.loads(json.dumps(SCHEMA))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_has_a_name_a_subject_and_a_sentence_in_chinese(operation: dict[str, object]) -> None:
    assert operation["operationId"]
    assert operation["tags"]
    assert not str(operation["summary"]).isascii()


def test_operations_have_names_of_their_own() -> None:
    names = [parameters.values[0]["operationId"] for parameters in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_the_page_for_people_shows_every_operation_and_runs_no_script_of_its_own() -> None:
    answer = Client().get("/api/v1/docs")
    page = answer.content.decode()
    assert [path for path in SCHEMA["paths"] if path not in page] == []
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "<script>" not in page
    assert "style=" not in page
