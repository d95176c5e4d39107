"""Identity numbers of a column: taken apart once per distinct number, and most of them not even in Python."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from baoxue.policy.idnumber import IdNumber, IdState, IdType, classify
from baoxue.policy.regions import province_name
from baoxue.reading.cells import Cells, Mask
from baoxue.reading.distinct import Tally, count, distinct_of
from baoxue.reading.report import Change
from baoxue.reading.values import folding, unwrap

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int32)
_CHECK = np.frombuffer(b"10X98765432", dtype=np.uint8)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.int32)
# 9, then a province: a foreigner's permanent residence card, told apart by the policy.
_PROVINCES = np.array([province_name(f"{code:02d}") is not None for code in range(100)])


@dataclass(frozen=True, slots=True)
class Numbers:
    """Three columns made of one."""

    number: pa.StringArray
    state: pa.StringArray
    type: pa.StringArray


def plainly_valid(text: pa.StringArray) -> Mask:
    """Which cells hold a valid 18-digit resident's number in its canonical form, by arithmetic on the bytes.

    Says no to some that are valid (ending in 000, or of kinds that need a closer look), never yes to one that is not:
    the policy's `classify` decides those.
    """
    # match_substring_regex is slower than comparing lengths, and the bytes are looked at anyway.
    eighteen: npt.NDArray[np.bool_] = pc.fill_null(pc.equal(pc.binary_length(text), 18), False).to_numpy(
        zero_copy_only=False
    )
    chosen = text if eighteen.all() else text.filter(pa.array(eighteen))
    ready = np.zeros(len(text), dtype=np.bool_)
    ready[eighteen] = _valid_bytes(_bytes_of(chosen))
    return ready


def _bytes_of(text: pa.StringArray) -> npt.NDArray[np.uint8]:
    """The bytes of texts of 18 bytes each, one row per text."""
    if not len(text):
        return np.zeros((0, 18), dtype=np.uint8)
    _, offsets, data = text.buffers()
    first = np.frombuffer(offsets, dtype=np.int32, count=1, offset=text.offset * 4)[0]
    return np.frombuffer(data, dtype=np.uint8, count=18 * len(text), offset=int(first)).reshape(-1, 18)


def _valid_bytes(rows: npt.NDArray[np.uint8]) -> Mask:
    digits = rows[:, :17] - np.uint8(48)  # wraps: anything but a digit becomes larger than 9
    ready: Mask = np.asarray((digits <= 9).all(axis=1))
    wide = digits.astype(np.int32)
    checked: Mask = _CHECK[(wide @ _WEIGHTS) % 11] == rows[:, 17]
    ready &= checked
    year = wide[:, 6] * 1000 + wide[:, 7] * 100 + wide[:, 8] * 10 + wide[:, 9]
    month = wide[:, 10] * 10 + wide[:, 11]
    day = wide[:, 12] * 10 + wide[:, 13]
    leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    length = _DAYS[np.where((month >= 1) & (month <= 12), month, 0)] + leap
    ready &= (year >= 1900) & (year <= 2099) & (day >= 1) & (day <= length)
    cut = (wide[:, 15] == 0) & (wide[:, 16] == 0) & (rows[:, 17] == 48)
    closer = (wide[:, 0] == 8) | ((wide[:, 0] == 9) & _PROVINCES[np.minimum(wide[:, 1] * 10 + wide[:, 2], 99)])
    plain: Mask = ready & ~cut & ~closer
    return plain


def read_numbers(cells: Cells, declared: pa.StringArray | None, tally: Tally) -> Numbers:
    """Take a column of identity numbers apart. `declared`: the kind of document another column names."""
    ready = plainly_valid(cells.text)
    if cells.number is not None:
        ready &= ~cells.number
    if declared is not None:
        usual = pc.fill_null(pc.equal(declared, IdType.RESIDENT.value), True)
        ready &= usual.to_numpy(zero_copy_only=False)
    rest = np.flatnonzero(~ready)
    kinds = None if declared is None else declared.take(pa.array(rest))
    slow = _classified(cells.take(rest), kinds, tally, rest)
    mask = pa.array(~ready)
    size = len(ready)
    return Numbers(
        pc.replace_with_mask(cells.text, mask, slow.number),
        pc.replace_with_mask(pa.repeat(IdState.VALID.value, size), mask, slow.state),
        pc.replace_with_mask(pa.repeat(IdType.RESIDENT.value, size), mask, slow.type),
    )


def _classified(cells: Cells, declared: pa.StringArray | None, tally: Tally, places: npt.NDArray[np.intp]) -> Numbers:
    """Every cell by the policy; once per distinct number and kind."""
    kinds: list[IdType | None] = [None]
    distinct = distinct_of(cells)
    codes = distinct.codes
    if declared is not None and len(codes):
        encoded = pc.dictionary_encode(pc.fill_null(declared, ""))
        kinds = [IdType(kind) if kind else None for kind in encoded.dictionary.to_pylist()]
        codes = codes * len(kinds) + encoded.indices.to_numpy(zero_copy_only=False)
    seen, inverse = np.unique(codes, return_inverse=True)
    found: list[IdNumber | None] = []
    changes: list[tuple[Change, ...]] = []
    for code in seen.tolist():
        text, number = distinct.pairs[code // len(kinds)]
        one, change = classify_cell(text, number=number, declared=kinds[code % len(kinds)])
        found.append(one)
        changes.append(change)
    for change, times in zip(changes, np.bincount(inverse, minlength=len(seen)), strict=True):
        tally.changed.update({kind.value: int(times) for kind in change})
    spread = pa.array(inverse)
    types = [
        one.type.value if one else kinds[code % len(kinds)] for one, code in zip(found, seen.tolist(), strict=True)
    ]
    return Numbers(
        pa.array([one.number if one else None for one in found], pa.string()).take(spread),
        pa.array([one.state.value if one else None for one in found], pa.string()).take(spread),
        pa.array(types, pa.string()).take(spread),
    )


def classify_cell(
    text: str, *, number: bool, declared: IdType | None = None
) -> tuple[IdNumber | None, tuple[Change, ...]]:
    """One cell by the policy, and what was changed in it."""
    plain, forced = unwrap(text)
    found = classify(plain, id_type=declared, number_cell=number)
    if found is None:
        return None, ()
    if number and found.state is IdState.TRUNCATED and len(found.number) == 18:
        # What a number cell shows beyond fifteen digits is chance; kept, it could pass for a number one day.
        digits = found.number[:15] + "000"
        found = IdNumber(found.type, digits, found.state, found.birth_date, found.sex, found.region)
    changes = folding(plain, found.number, number=number)
    return found, (*changes, Change.FORMULA_TEXT) if forced else changes


def read_guardian_numbers(cells: Cells, tally: Tally) -> pa.StringArray:
    """The numbers alone."""
    distinct = distinct_of(cells)
    results = [classify_cell(text, number=number) for text, number in distinct.pairs]
    count(tally, distinct, [changes for _, changes in results], [None] * len(results))
    return distinct.spread((found.number if found else None for found, _ in results), pa.string())
