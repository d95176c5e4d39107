"""The first wall: querysets that give only what an actor's scope allows."""

from __future__ import annotations

from typing import Any, Self

from django.db import models

from baoxue.platform.actor import Actor


class ByPlace(models.QuerySet[Any]):
    """Rows that belong to one place, in the column `place_path`. Subclasses narrow further."""

    def visible_to(self, by: Actor) -> Self:
        """The rows within the actor's place."""
        return self.filter(place_path__gte=by.scope.low, place_path__lt=by.scope.high)


class OfChildren(models.QuerySet[Any]):
    """Rows about children, who belong to the place they live in (`home_path`) and to their school (`school_path`)."""

    def visible_to(self, by: Actor) -> Self:
        """The rows of children who live or learn within the actor's place; none for a post that sees no children."""
        if not by.scope.children:
            return self.none()
        low, high = by.scope.low, by.scope.high
        return self.filter(
            models.Q(home_path__gte=low, home_path__lt=high) | models.Q(school_path__gte=low, school_path__lt=high)
        )


class ByRegister(ByPlace):
    """Rows that come from one list (columns `register`, `department`): a department sees its own only."""

    def visible_to(self, by: Actor) -> Self:
        """The rows within the actor's place and of its lists."""
        visible = super().visible_to(by)
        if "*" in by.scope.registers:
            return visible
        seen = models.Q(pk__in=[])
        for code in by.scope.registers:
            register, _, department = code.partition(":")
            seen |= models.Q(register=register, department=department)
        return visible.filter(seen)
