"""The made-up county as it truly is, before anybody writes it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from baoxue.refusal import Refusal
from baoxue.synth.births import make_births
from baoxue.synth.children import Children, make_children
from baoxue.synth.families import Families, make_families
from baoxue.synth.fates import draw_fates
from baoxue.synth.kinds import Ints
from baoxue.synth.places import Places, make_places
from baoxue.synth.schooling import Records, Schooling, make_records, make_schooling

# A county has 500 sequences for each sex and day; beyond this many children they would not do.
MOST_CHILDREN = 1_000_000


class TooManyChildren(Refusal):
    """More children than identity numbers, or fewer than a county."""

    code = "synth-children"


@dataclass
class World:
    """Places, families, children, what became of them, and their student records."""

    seed: int
    as_of: date
    places: Places
    families: Families
    children: Children
    fate: Ints
    schooling: Schooling
    records: Records


def make_world(children: int, county: str, as_of: date, seed: int) -> World:
    """A county of so many children of school age; raises TooManyChildren, UnknownCounty."""
    if not 50 <= children <= MOST_CHILDREN:
        raise TooManyChildren(f"合成数据的儿童数须在 50 到 {MOST_CHILDREN} 之间，现为 {children}。")
    places = make_places(children, county, seed)
    births = make_births(children, as_of, seed)
    families = make_families(births, places, seed)
    fate = draw_fates(births, families, seed)
    schooling = make_schooling(births, families, places, seed)
    return World(
        seed=seed,
        as_of=as_of,
        places=places,
        families=families,
        children=make_children(births, families, seed),
        fate=fate,
        schooling=schooling,
        records=make_records(fate, schooling, places, seed),
    )
