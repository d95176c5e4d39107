"""Mistakes in identity numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from baoxue.synth.kinds import Objects, stream

Pick = Callable[[int], int]


def _one_digit(number: str, pick: Pick) -> str:
    place = pick(17)
    digit = (int(number[place]) + 1 + pick(9)) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"


def _transposed(number: str, pick: Pick) -> str:
    places = [place for place in range(6, 17) if number[place] != number[place + 1]]
    place = places[pick(len(places))] if places else 16
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _check_character(number: str, pick: Pick) -> str:
    others = [character for character in "0123456789X" if character != number[-1]]
    return number[:-1] + others[pick(len(others))]


def _spreadsheet(number: str, pick: Pick) -> str:
    """A spreadsheet keeps fifteen digits; sometimes only 5.22626E+17 is left."""
    if number[-1] == "X":
        return _transposed(number, pick)
    return f"{float(number):.5E}" if pick(10) == 0 else number[:15] + "000"


def _digit_lost(number: str, pick: Pick) -> str:
    place = 6 + pick(11)
    return number[:place] + number[place + 1 :]


def _digit_twice(number: str, pick: Pick) -> str:
    place = 6 + pick(11)
    return number[:place] + number[place] + number[place:]


def _fifteen(number: str, pick: Pick) -> str:
    """The form of the first generation: without century and check character."""
    return number[:6] + number[8:17]


def _sequence_made_up(number: str, pick: Pick) -> str:
    return f"{number[:14]}{pick(1000):03d}{number[-1]}"


OWN_WAYS: tuple[tuple[Callable[[str, Pick], str], float], ...] = (
    (_one_digit, 0.30),
    (_transposed, 0.16),
    (_check_character, 0.08),
    (_spreadsheet, 0.22),
    (_digit_lost, 0.06),
    (_digit_twice, 0.04),
    (_fifteen, 0.02),
    (_sequence_made_up, 0.04),
)
# The number of a sibling or of the guardian stands there instead.
_SIBLINGS, _GUARDIANS = 0.05, 0.03


def mistake_all(
    numbers: Objects,
    rows: np.ndarray,
    siblings: Objects,
    guardians: Objects,
    seed: int,
    rng: np.random.Generator,
) -> None:
    """Put mistakes into the numbers of these rows; empty cells stay.

    `siblings` and `guardians` hold, row by row, a sibling's and a guardian's number, or None.
    """
    shares = stream(seed, "ways of numbers").dirichlet([share * 25 for _, share in OWN_WAYS])
    bounds = np.cumsum(shares)[:-1]

    def pick(below: int) -> int:
        return int(rng.random() * below)

    for row in rows.tolist():
        if numbers[row] is None:
            continue
        luck = rng.random()
        if luck < _SIBLINGS and siblings[row]:
            numbers[row] = siblings[row]
        elif _SIBLINGS <= luck < _SIBLINGS + _GUARDIANS and guardians[row]:
            numbers[row] = guardians[row]
        else:
            numbers[row] = OWN_WAYS[int(np.searchsorted(bounds, rng.random(), side="right"))][0](numbers[row], pick)


def write_untidily(number: str, rng: np.random.Generator) -> str:
    """A right number, written as no system would."""
    luck = int(rng.random() * 6)
    wide = number.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    return (number.lower(), spaced, wide, f"{number} ", f"'{number}", number.lower())[luck]
