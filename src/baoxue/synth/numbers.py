"""Identity numbers, student numbers and telephone numbers of people who do not exist.

Identity numbers have the structure of GB 11643-1999: region, birth date, sequence (odd for men), check
character.
"""

from __future__ import annotations

import numpy as np

from baoxue.synth.kinds import Bools, Days, Ints, Objects, objects

_WEIGHTS = np.array([2 ** (17 - place) % 11 for place in range(17)], dtype=np.int64)
_CHECK = "10X98765432"
# Number ranges of the three networks that most people have.
_PHONE_STARTS = (
    *(134, 135, 136, 137, 138, 139, 147, 150, 151, 152, 157, 158, 159, 182, 183, 187, 188, 198),
    *(130, 131, 132, 155, 156, 185, 186, 133, 153, 177, 180, 189, 199),
)
# Pairs of sequences (one for each sex) below this belong to the records of strangers, so that no stranger
# has a number of the county's children.
STRANGERS_BELOW = 400


def compact(days: Days) -> Ints:
    """Days as yyyymmdd."""
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    written: Ints = years * 10000 + month * 100 + day
    return written


def check_characters(first17: Ints) -> Objects:
    """Check characters (ISO 7064 MOD 11-2) of numbers of seventeen digits."""
    rest = first17.copy()
    total = np.zeros(len(first17), dtype=np.int64)
    for place in range(16, -1, -1):
        total += rest % 10 * _WEIGHTS[place]
        rest //= 10
    characters: Objects = objects(_CHECK)[total % 11]
    return characters


def identity_numbers(region: Ints, born: Days, sequence: Ints) -> Objects:
    """Numbers with right check characters; `region` has six digits, `sequence` is below 1000."""
    first17 = (region * 10**8 + compact(born)) * 1000 + sequence
    return objects(
        f"{number}{check}" for number, check in zip(first17.tolist(), check_characters(first17), strict=True)
    )


def distinct_sequences(
    region: Ints, born: Days, boy: Bools, twin_of: Ints, own_region: int, rng: np.random.Generator
) -> Ints:
    """Sequences by which no two people get one number; the second of twins gets the next one of its sex.

    Outside `own_region` the pairs of sequences begin at STRANGERS_BELOW.
    """
    lowest = np.where(region == own_region, 1, STRANGERS_BELOW)
    slot = rng.integers(lowest, 500)
    place = region * 10**8 + compact(born)
    second = np.flatnonzero(twin_of >= 0)
    clash = np.arange(len(slot))
    while len(clash):
        slot[clash] = rng.integers(lowest[clash], 500)
        slot[second] = (slot[twin_of[second]] + (boy[second] == boy[twin_of[second]])) % 500
        key = place * 1000 + slot * 2 + boy
        _, first = np.unique(key, return_index=True)
        again = np.ones(len(slot), dtype=np.bool_)
        again[first] = False
        clash = np.where(twin_of >= 0, twin_of, np.arange(len(slot)))[again]
    sequences: Ints = slot * 2 + boy
    return sequences


def phones(count: int, rng: np.random.Generator) -> Objects:
    """Mobile numbers."""
    start = rng.choice(_PHONE_STARTS, count)
    return objects(str(number) for number in (start * 10**8 + rng.integers(0, 10**8, count)).tolist())


def student_numbers(number: Objects, formal: Bools, region: int, born: Days, rng: np.random.Generator) -> Objects:
    """Student numbers: `G` and the identity number where `formal`; else `J` or `L` and a number of the same
    pattern.

    `J` is made by the system (county, birth date, sequence, check character), `L` is temporary (county,
    birth date, four random digits).
    """
    count = len(number)
    made = identity_numbers(np.full(count, region), born, rng.integers(0, 1000, count))
    by_system, random_digit = rng.random(count) < 0.25, rng.integers(0, 10, count).tolist()
    return objects(
        f"G{own}" if has else (f"J{other}" if j else f"L{other[:17]}{digit}")
        for own, has, other, j, digit in zip(number, formal, made, by_system, random_digit, strict=True)
    )
