"""Every operation of the API × every post × what lies outside of its reach."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.access.addresses import Address, body_of, operations
from tests.access.world import POST_NAMES, World, let_in
from tests.system.signedin import client_of

from baoxue.platform.gate import SIGNED_IN
from baoxue.policy.capabilities import Capability

ALL = operations()
OF_OBJECTS = [operation for operation in ALL if operation.names_an_object()]
LISTS = [operation for operation in ALL if not operation.names_an_object()]


def name_of(operation: Address) -> str:
    """For the list of tests."""
    return operation.name


def behind_the_gate(operations: list[Address]) -> Any:
    """Each with each post its gate lets in: the others see nothing of it, wall or no wall."""
    cases = [
        pytest.param(operation, post, id=f"{operation.name}-{post}")
        for operation in operations
        for post in let_in(operation.needs)
    ]
    return pytest.mark.parametrize(("operation", "post"), cases)


def ask(client: Client, operation: Address, address: str) -> Any:
    """The answer of an operation to what its schema says it takes."""
    assert operation.operation is not None
    body = body_of(operation.operation)
    if body is None:
        return client.generic(operation.method.upper(), address)
    return client.generic(operation.method.upper(), address, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("operation", ALL, ids=name_of)
def test_every_operation_says_what_it_needs(operation: Address) -> None:
    assert operation.needs == SIGNED_IN or all(isinstance(need, Capability) for need in operation.needs)


@pytest.mark.parametrize("operation", ALL, ids=name_of)
def test_every_parameter_of_an_operation_is_known(operation: Address, world: World) -> None:
    assert operation.at(world.home).startswith("/api/v1/")


@pytest.mark.parametrize("operation", ALL, ids=name_of)
def test_who_is_unknown_gets_nothing(operation: Address, own: World) -> None:
    answer = ask(Client(), operation, operation.at(own.home))
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("post", POST_NAMES)
@pytest.mark.parametrize("operation", OF_OBJECTS, ids=name_of)
def test_what_lies_in_a_foreign_place_is_not_there(operation: Address, post: str, own: World) -> None:
    here = own.posts[post]
    answer = ask(client_of(here), operation, operation.at(own.foreign_to(here)[0]))
    assert answer.status_code in {403, 404}


@behind_the_gate(OF_OBJECTS)
def test_without_the_first_wall_it_still_is_not_there(
    operation: Address, post: str, own: World, without_the_first_wall: None
) -> None:
    test_what_lies_in_a_foreign_place_is_not_there(operation, post, own)


@pytest.mark.parametrize("post", POST_NAMES)
@pytest.mark.parametrize("operation", LISTS, ids=name_of)
def test_a_list_gives_nothing_of_foreign_places(operation: Address, post: str, own: World) -> None:
    here = own.posts[post]
    answer = ask(client_of(here), operation, operation.at(own.home))
    assert answer.status_code < 500
    assert [site.mark for site in own.foreign_to(here) if site.mark in answer.content.decode()] == []


@behind_the_gate(LISTS)
def test_without_the_first_wall_a_list_still_gives_nothing_of_them(
    operation: Address, post: str, own: World, without_the_first_wall: None
) -> None:
    test_a_list_gives_nothing_of_foreign_places(operation, post, own)
