"""Records from outside the county: a province's extract is read narrowly, and in full only where it may hold a child of ours."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from baoxue.matching.engine import Rows
from baoxue.matching.people import put_name_keys
from baoxue.matching.tables import put
from baoxue.policy.registers import Column

# A file larger than this is read in two passes.
LARGE = 24_000_000
NARROW = frozenset({Column.NAME, Column.SEX, Column.BIRTH_DATE, Column.ID_NUMBER, Column.STUDENT_NUMBER})

# One row = one child of the county without schooling here.
_WANTED = """
create or replace temp table wanted as
select name, near_sound, surname_sound, given_sound, sex, birth, birth_solar, number_birth, written_month, birth_month,
    id_key, borrowed_key, number_valid, number_head, number_tail
from people_household where row in (select row from wanted_rows)
"""

_NUMBERED = r"""
create or replace temp view outside as
with said as (
    select *, case when regexp_matches(student_number, '[1-9][0-9]{{16}}[0-9X]$') then right(student_number, 18) end as inner_number
    from read_parquet('{narrow}')
)
select row, name, sex, birth_date, coalesce(year(birth_date) * 100 + month(birth_date), birth_month,
        try_cast(substr(id_number, 7, 6) as int)) as month,
    case when id_state = 'valid' then id_number end as number, inner_number, id_number,
    -- A number and a 学籍号 that do not agree, or a number of another year (a guardian's, a brother's): somebody else's.
    id_state is distinct from 'valid' or coalesce(inner_number <> id_number, false)
        or coalesce(abs(try_cast(substr(id_number, 7, 4) as int) - year(birth_date)) > 1, false) as doubtful
from said
"""

# A child may have two numbers: its household's, and that of a list or of a record that ended.
_BY_NUMBER = """
with numbers as (select id_key as key from wanted union select borrowed_key from wanted)
select row from outside where try_cast(substr(number, 1, 17) as bigint) in (select key from numbers where key is not null)
    or try_cast(substr(inner_number, 1, 17) as bigint) in (select key from numbers where key is not null)
"""

# Who has a sound number on both sides and is not found by it is not found by name either: so either the record's number is
# doubtful, or the child has none.
_DOUBTFUL = """
create or replace temp table doubtful as
select row, name, sex, birth_date, month, substr(id_number, 7) as tail, doubtful from outside
where doubtful
    or birth_date in (select unnest([birth, birth_solar]) from wanted where not number_valid)
    or substr(number, 1, 14) in (select number_head from wanted where not number_valid)
    or (name in (select name from wanted where not number_valid) and month // 100 in
        (select unnest([birth_month - 100, birth_month, birth_month + 100, written_month - 100, written_month,
            written_month + 100]) // 100 from wanted where not number_valid))
"""

_BY_NAME = """
with named as (
    select d.*, k.near_sound, k.surname_sound, k.given_sound from doubtful d join outside_names k using (name)
)
select n.row from named n join wanted w on n.near_sound = w.near_sound and (
        abs(n.month // 100 - w.birth_month // 100) <= 1 or abs(n.month // 100 - w.written_month // 100) <= 1)
    where n.doubtful or not w.number_valid
union
select n.row from named n join wanted w on n.surname_sound = w.surname_sound and n.birth_date = w.birth
    where (n.doubtful or not w.number_valid) and n.sex is not distinct from w.sex
union
select n.row from named n join wanted w on n.given_sound = w.given_sound and n.birth_date = w.birth
    where n.doubtful or not w.number_valid
union
select n.row from named n join wanted w on n.tail = w.number_tail where n.doubtful
"""


def choose(connection: duckdb.DuckDBPyConnection, narrow: Path, wanted: Rows) -> list[int]:
    """Rows of the narrow file that may be one of the `wanted` rows of the household register, ascending."""
    put(connection, "wanted_rows", {"row": wanted})
    connection.execute(_WANTED)
    connection.execute(_NUMBERED.format(narrow=str(narrow).replace("'", "''")))
    found = connection.execute(_BY_NUMBER).fetchnumpy()["row"]
    connection.execute(_DOUBTFUL)
    names = [name for (name,) in connection.execute("select distinct name from doubtful").fetchall()]
    put_name_keys(connection, "outside_names", names)
    alike = connection.execute(_BY_NAME).fetchnumpy()["row"]
    return [int(row) for row in np.union1d(found, alike)]
