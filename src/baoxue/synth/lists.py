"""The packaged lists of names and confusable characters, read and weighted."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np

from baoxue.synth.kinds import Floats, Weighted

# Exponents of the rank–frequency curves; the reports publish ranks, hardly any counts.
_SURNAME_EXPONENT = 1.05
_NAME_EXPONENT = 0.8
_CHAR_EXPONENT = 0.85
_HUNDREDTH_SURNAME = 1900.0


def lines(name: str) -> list[str]:
    """The lines of a packaged list, without its head and empty lines."""
    text = (files("baoxue.synth") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _by_rank(count: int, exponent: float) -> Floats:
    return 1.0 / np.arange(1, count + 1, dtype=np.float64) ** exponent


def _weighted(weights: dict[str, float]) -> Weighted:
    total = sum(weights.values())
    return Weighted(np.array(list(weights), dtype=object), np.array([w / total for w in weights.values()]))


@cache
def surnames(province: str) -> Weighted:
    """Surnames with their share in a province (two digits of its code)."""
    weights: dict[str, float] = {}
    ranked: list[str] = []
    for line in lines("surnames.txt"):
        parts = line.split()
        if len(parts) == 2 and parts[1].isdigit():
            weights[parts[0]] = float(parts[1])
        else:
            ranked += parts
    for position, surname in enumerate(dict.fromkeys(ranked), start=21):
        weights.setdefault(surname, _HUNDREDTH_SURNAME * (100 / position) ** _SURNAME_EXPONENT)
    for line in lines("local_surnames.txt"):
        code, surname, factor = line.split()
        if code == province:
            weights[surname] *= float(factor)
    return _weighted(weights)


@cache
def popular_names(sex: str, year: int) -> Weighted:
    """Whole given names in fashion among children of a sex born in a year (2003–2026)."""
    for line in lines("given_names.txt"):
        of, first, last, *names = line.split()
        if of == sex and int(first) <= year <= int(last):
            names = list(dict.fromkeys(names))
            return _weighted(dict(zip(names, _by_rank(len(names), _NAME_EXPONENT), strict=True)))
    raise ValueError(f"no list of names for {sex} {year}")


@cache
def name_characters(place: str) -> Weighted:
    """Characters of one place in a name (`M1`, `F2`, `AM0`, `RARE` …)."""
    for line in lines("given_chars.txt"):
        of, *characters = line.split()
        if of == place:
            characters = list(dict.fromkeys(characters))
            return _weighted(dict(zip(characters, _by_rank(len(characters), _CHAR_EXPONENT), strict=True)))
    raise ValueError(f"no list of characters {place}")


@cache
def dotted_parts(people: str, part: str) -> tuple[str, ...]:
    """Parts of names written with a middle dot: Uyghur `UY`, Tibetan `TI`, Yi `YI`."""
    for line in lines("dotted_names.txt"):
        of, place, *parts = line.split()
        if (of, place) == (people, part):
            return tuple(parts)
    raise ValueError(f"no parts {part} of {people} names")


@cache
def lookalikes() -> dict[str, str]:
    """For each character those of like shape."""
    groups = (group for line in lines("lookalikes.txt") for group in line.split())
    return _by_character((group, group) for group in groups)


@cache
def variants() -> dict[str, str]:
    """For each character its traditional or variant form."""
    pairs = [pair for line in lines("variants.txt") for pair in line.split()]
    return {pair[0]: pair[1] for pair in pairs if pair[0] != pair[1]}


@cache
def _sounds() -> dict[str, str]:
    """Characters by their sound, without tone."""
    return dict(line.split() for line in lines("homophones.txt"))


def _by_character(groups: Iterable[tuple[str, str]]) -> dict[str, str]:
    like: dict[str, str] = {}
    for own, others in groups:
        for character in own:
            rest = like.get(character, "") + others
            like[character] = "".join(dict.fromkeys(rest.replace(character, "")))
    return {character: others for character, others in like.items() if others}


@cache
def homophones() -> dict[str, str]:
    """For each character those of the same sound, tone aside; characters usual in names come first."""
    return _by_character((group, group) for group in _sounds().values())


# What speakers of south-western Mandarin hear as one: n l, f h, zh z, ch c, sh s, and the endings n ng.
_HEARD_AS = (("n", "l"), ("zh", "z"), ("ch", "c"), ("sh", "s"), ("h", "f"))


@cache
def near_homophones() -> dict[str, str]:
    """For each character those whose sound is easily heard as its own."""
    sounds = _sounds()
    return _by_character(
        (own, sounds[other]) for sound, own in sounds.items() for other in _heard_as(sound) if other in sounds
    )


def _heard_as(sound: str) -> list[str]:
    heard = {sound[:-1] if sound.endswith("ng") else sound + "g"} if sound.endswith(("n", "ng")) else set()
    for one, other in _HEARD_AS:
        for start, instead in ((one, other), (other, one)):
            if sound.startswith(start):
                heard.add(instead + sound[len(start) :])
    return sorted(heard - {sound})
