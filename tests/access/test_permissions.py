"""Role × capability × place, one cell each; and who is nobody may do nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from tests.access.world import World
from tests.system.places import post_of
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Account, Post
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform.actor import Actor
from baoxue.platform.errors import NotPermitted
from baoxue.policy.capabilities import ROLES, Capability, Level, Role

WHERE = {
    "own": "/52/5226/522626/",
    "below": "/52/5226/522626/522626100/",
    "above": "/52/5226/",
    # Its path begins with the same digits: only the slash keeps them apart.
    "beside": "/52/5226/5226261/",
}
LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "permissions.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
CELLS = [
    (role, capability, where, cell == "yes")
    for role, capability, *cells in LINES[1:]
    for where, cell in zip(WHERE, cells, strict=True)
]


def actor_with(role: Role) -> Actor:
    """Somebody in a post of a role; nothing of it is in the database."""
    place = Jurisdiction(path=WHERE["own"], level=Level.COUNTY.value)
    account = Account(pk=1, name="试", username="试")
    return actor_of(Post(pk=1, account=account, role=role.value, jurisdiction=place, valid_from=date(2025, 9, 1)))


@pytest.mark.parametrize(("role", "capability", "where", "allowed"), CELLS)
def test_permission_cell(role: str, capability: str, where: str, allowed: bool) -> None:
    assert actor_with(Role(role)).can(Capability(capability), at=WHERE[where]) is allowed


def test_every_role_and_capability_has_its_cells() -> None:
    assert LINES[0] == ["role", "capability", *WHERE]
    assert [(role, capability) for role, capability, *_ in LINES[1:]] == [(r, c) for r in Role for c in Capability]


def test_what_is_not_allowed_is_refused_by_name() -> None:
    with pytest.raises(NotPermitted, match="导出台账"):
        actor_with(Role.AUDITOR).require(Capability.EXPORT_LEDGER, at=WHERE["own"])


ADMINISTRATORS = {
    Role.ACCOUNT_ADMINISTRATOR: {Capability.MANAGE_ACCOUNTS},
    Role.SYSTEM_ADMINISTRATOR: {Capability.OPERATE},
    Role.AUDITOR: {Capability.READ_AUDIT},
}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_an_administrator_does_one_thing_and_sees_no_children(role: Role) -> None:
    actor = actor_with(role)
    assert set(actor.capabilities) == ADMINISTRATORS[role]
    assert not actor.scope.children
    assert actor.scope.registers == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role not in ADMINISTRATORS])
def test_nobody_else_does_the_work_of_an_administrator(role: Role) -> None:
    assert not actor_with(role).capabilities & set().union(*ADMINISTRATORS.values())


@pytest.mark.parametrize("role", [role for role in Role if ROLES[role].levels & {Level.COUNTY, Level.CITY}])
def test_from_the_county_upwards_a_sign_in_asks_for_a_second_factor(role: Role) -> None:
    assert ROLES[role].second_factor


def test_a_closed_account_is_nobody(own: World) -> None:
    client = client_of(own.posts["county_officer"])
    Account.objects.filter(pk=own.posts["county_officer"].account_id).update(is_active=False)
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_post_that_ended_is_no_post(own: World) -> None:
    client = client_of(own.posts["county_officer"])
    Post.objects.filter(pk=own.posts["county_officer"].pk).update(valid_to=date(2025, 9, 2))
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_a_post_that_is_still_to_begin_is_no_post(own: World) -> None:
    post = post_of(Role.COUNTY_OFFICER, own.places.county, username="明天来")
    Post.objects.filter(pk=post.pk).update(valid_from=date(2999, 1, 1))
    assert client_of(post).get("/").headers["Location"].startswith("/sign-in")


def test_who_is_signed_out_is_nobody(own: World) -> None:
    assert Client().get("/").headers["Location"].startswith("/sign-in")
