"""Every field says how private it is, and secret ones are kept so."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from baoxue.access.privacy import TABLES, Privacy
from baoxue.platform.fields import DigestField, ProtectedTextField

MODELS = [model for model in apps.get_models() if model.__module__.startswith("baoxue.")]
# Secret by being hashed before they come to the field.
HASHED = {"access.Account.password", "access.Account.recovery", "access.Token.digest"}


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """The fields a table keeps something in."""
    return [field for field in model._meta.get_fields() if isinstance(field, models.Field)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_of_a_table_is_declared_once_and_no_other(model: type[models.Model]) -> None:
    declared = [name for name, _ in TABLES[model._meta.label].declared()]
    assert sorted(declared) == sorted(field.name for field in fields_of(model))


def test_every_declared_table_exists() -> None:
    assert set(TABLES) == {model._meta.label for model in MODELS}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_what_is_secret_lies_encrypted_or_hashed_and_nothing_else_does(model: type[models.Model]) -> None:
    label = model._meta.label
    secret = {f"{label}.{name}" for name, privacy in TABLES[label].declared() if privacy is Privacy.SECRET}
    guarded = {
        f"{label}.{field.name}" for field in fields_of(model) if isinstance(field, ProtectedTextField | DigestField)
    }
    assert secret - HASHED == guarded
