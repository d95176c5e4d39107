"""The counties of China by code, for numbers and addresses."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from baoxue.policy.regions import is_known, province_name, region_of, successors
from baoxue.refusal import Refusal
from baoxue.synth.kinds import Ints

# Where the families of inland provinces go to work, by two digits of the code. Order of size:
# 第七次全国人口普查公报(第七号).
_DESTINATIONS = {
    "33": 0.30,
    "44": 0.26,
    "35": 0.14,
    "32": 0.12,
    "31": 0.05,
    "50": 0.05,
    "43": 0.05,
    "45": 0.03,
}


# Lines of the code list that stand for no place of their own.
_NO_CITIES = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")


class UnknownCounty(Refusal):
    """The county asked for is not in the list of counties."""

    code = "synth-unknown-county"


class County(NamedTuple):
    """One county; `city` is empty where the county hangs directly on the province."""

    code: str
    province: str
    city: str
    name: str

    @property
    def address(self) -> str:
        """The beginning of a full address in this county."""
        return f"{self.province}{self.city}{self.name}"


@cache
def counties() -> dict[str, County]:
    """All counties in force, by code."""
    codes = (f"{two}{four:04d}" for two in range(11, 66) for four in range(101, 9100) if four % 100)
    return {code: _county(code) for code in codes if _in_force(code)}


def _in_force(code: str) -> bool:
    if not is_known(code):
        return False
    region = region_of(code)
    return region is not None and region.valid_to is None and region.name not in _NO_CITIES


def _county(code: str) -> County:
    city = _name(f"{code[:4]}00")
    return County(code, province_name(code) or "", "" if city in _NO_CITIES else city, _name(code))


def _name(code: str) -> str:
    region = region_of(code)
    return region.name if region is not None and region.valid_to is None else ""


@cache
def former_codes(county: str) -> dict[int, int]:
    """Codes that a county or a part of it had before, and the last year of each."""
    codes = (f"{county[:2]}{four:04d}" for four in range(101, 9100) if four % 100)
    known = (region_of(code) for code in codes if code != county and is_known(code) and county in successors(code))
    return {int(region.code): region.valid_to for region in known if region is not None and region.valid_to}


def county_of(code: str) -> County:
    """The county of a code; raises UnknownCounty."""
    if code not in counties():
        raise UnknownCounty(f"区划代码 {code} 不是现行的县级代码，请改用县（市、区）的六位代码，例如 522626。")
    return counties()[code]


def _codes(prefix: str, but: str) -> list[int]:
    return [int(code) for code in counties() if code.startswith(prefix) and code != but]


@cache
def neighbour_codes(county: str) -> Ints:
    """Codes of the other counties of the same city, or of the province where there are none."""
    near = _codes(county[:4], county) or _codes(county[:2], county)
    return np.array(near, dtype=np.int64)


@cache
def province_codes(county: str) -> Ints:
    """Codes of the other counties of the province."""
    return np.array(_codes(county[:2], county) or _codes("", county), dtype=np.int64)


def far_codes(county: str, size: int, rng: np.random.Generator) -> Ints:
    """Codes of counties of other provinces, most where families of inland provinces go to work."""
    weights = {prefix: share for prefix, share in _DESTINATIONS.items() if prefix != county[:2]}
    pool: list[int] = []
    shares: list[float] = []
    for prefix, share in weights.items():
        codes = _codes(prefix, county)
        pool += codes
        shares += [share / len(codes)] * len(codes)
    chosen: Ints = rng.choice(np.array(pool, dtype=np.int64), size, p=np.array(shares) / sum(shares))
    return chosen
