"""Everybody in a register as one shape of row, with the keys that rules compare by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from baoxue.matching.keys import alike_characters, lunar_birthdays, name_keys
from baoxue.matching.tables import put
from baoxue.policy.registers import Register
from baoxue.policy.studentstatus import StudentStatus, in_force
from baoxue.reading.canonical import schema_of

# Who is older than this on the reference day is an adult of the household, not a pupil.
_ADULT = 20
# Registers of pupils only; the others hold the grown-ups of a household too.
_PUPILS = frozenset({Register.STUDENT, Register.ROLL, Register.ELSEWHERE})

_MACROS = r"""
create or replace macro check_digit_holds(n) as
    substr('10X98765432', (
        (7 * cast(substr(n, 1, 1) as int) + 9 * cast(substr(n, 2, 1) as int) + 10 * cast(substr(n, 3, 1) as int)
        + 5 * cast(substr(n, 4, 1) as int) + 8 * cast(substr(n, 5, 1) as int) + 4 * cast(substr(n, 6, 1) as int)
        + 2 * cast(substr(n, 7, 1) as int) + 1 * cast(substr(n, 8, 1) as int) + 6 * cast(substr(n, 9, 1) as int)
        + 3 * cast(substr(n, 10, 1) as int) + 7 * cast(substr(n, 11, 1) as int) + 9 * cast(substr(n, 12, 1) as int)
        + 10 * cast(substr(n, 13, 1) as int) + 5 * cast(substr(n, 14, 1) as int) + 8 * cast(substr(n, 15, 1) as int)
        + 4 * cast(substr(n, 16, 1) as int) + 2 * cast(substr(n, 17, 1) as int)) % 11) + 1, 1) = substr(n, 18, 1);
create or replace macro day_of(n) as cast(try_strptime(substr(n, 7, 8), '%Y%m%d') as date);
-- Keys are only ever compared: hashes of 64 bits are quicker to make, to keep and to join by than what they stand for,
-- and among a million people two of them meet by chance once in thirty million registers.
create or replace macro key_of(a, b) as case when a is not null and b is not null then hash(a, b) end,
    (a, b, c) as case when a is not null and b is not null and c is not null then hash(a, b, c) end;
create or replace macro plain_digits(a) as translate(a, '一二三四五六七八九', '123456789');
create or replace macro plain_tens(a) as regexp_replace(regexp_replace(plain_digits(
    regexp_replace(regexp_replace(a, '([二三四五六七八九])十([一二三四五六七八九])', '\1\2', 'g'),
    '([^一二三四五六七八九])十([一二三四五六七八九])', '\11\2', 'g')),
    '([1-9])十', '\10', 'g'), '([^0-9])十([组号队])', '\110\2', 'g');
-- 第九村民组, 九组 and 9组 are one place.
create or replace macro counted_place(a) as case
    when contains(a, '十') then plain_tens(a)
    when regexp_matches(a, '[一二三四五六七八九]') then plain_digits(a) else a end;
create or replace macro plain_place(a) as counted_place(replace(replace(a, '第', ''), '村民', ''));
-- 十二班 and 12班: up to 99, as no school has more classes in a grade.
create or replace macro plain_class(c) as replace(regexp_replace(translate(regexp_replace(
    regexp_replace(c, '([二三四五六七八九])十([一二三四五六七八九])', '\1\2', 'g'),
    '十([一二三四五六七八九])', '1\1', 'g'), '一二三四五六七八九', '123456789'), '([1-9])十', '\10', 'g'), '十', '10');
create or replace macro class_digits(c) as regexp_extract(
    regexp_replace(plain_class(c), '^.*(年级|级|年|初)', ''), '([0-9]+)[^0-9]*$', 1);
-- 三(2)班, 302, 2班, 02 in grade 3 are one class: the grade in front of a number of three digits says nothing.
create or replace macro class_number(c, g) as try_cast(case
    when length(class_digits(c)) = 3 and left(class_digits(c), 1) = cast(g as varchar) then right(class_digits(c), 2)
    else class_digits(c) end as int);
create or replace macro first_difference(a, b) as case
    when substr(a, 1, 1) <> substr(b, 1, 1) then substr(a, 1, 1)
    when substr(a, 2, 1) <> substr(b, 2, 1) then substr(a, 2, 1)
    when substr(a, 3, 1) <> substr(b, 3, 1) then substr(a, 3, 1)
    when substr(a, 4, 1) <> substr(b, 4, 1) then substr(a, 4, 1)
    -- Names with a middle dot are longer; few are, so that looking sign by sign costs nothing.
    when length(a) > 4 then substr(a, list_min(list_filter(range(5, length(a) + 1),
        lambda place: substr(a, place, 1) <> substr(b, place, 1))), 1) end;
"""

# One row = one accepted row of the register. `id_key` packs the first 17 digits of a trusted number into an integer
# (other documents, well formed, become negative hashes); `inner_id_key` is the number inside a 学籍号 where the row's
# own number is absent or another one. `content` orders rows by what they say, not by where they stand. Sounds are hashes.
_PEOPLE = r"""
create or replace table people_{register} as
with numbered as (
    select *,
        case when regexp_matches(student_number, '[1-9][0-9]{{16}}[0-9X]$')
            then right(student_number, 18) end as written_inner
    from {source}
), judged as (
    select *,
        case when written_inner is not null and not ends_with(written_inner, '000')
            and day_of(written_inner) >= {oldest}
            -- Mostly it is the row's own number, which was checked as it was read.
            and (coalesce(id_state = 'valid' and written_inner = id_number, false) or check_digit_holds(written_inner))
            then written_inner end as inner_number
    from numbered
), own as (
    -- A grown-up's number on a pupil's line, or beside a child's birthday, is a guardian's in the wrong column.
    select * replace (
        case when id_state is distinct from 'valid' or day_of(id_number) >= {oldest}
                or (not {all_ages} and coalesce(birth_date < {oldest}, true)) then id_state end as id_state),
        coalesce(id_number, written_inner) as said_number
    from judged
), settled as (
    select *,
        case when id_state = 'valid' then id_number
            when inner_number is not null then inner_number
            when id_state in ('bad_check', 'truncated', 'malformed', 'fifteen') then id_number
            when id_state is null and id_number is null then written_inner end as number,
        coalesce(id_state = 'valid' or inner_number is not null, false) as number_valid,
        coalesce(id_state = 'truncated' and inner_number is null, false) as number_cut
    from own
), dated as (
    select *,
        case when number_valid then day_of(number) end as number_birth
    from settled
), classes as (
    -- A few hundred: worked out once each.
    select class_name, grade, class_number(class_name, grade) as class_key
    from (select distinct class_name, grade from {source} where class_name is not null)
), people as (
    select
        d.row, hash(d.name, d.sex, d.birth_date, d.birth_month, d.id_number, d.student_number, d.guardian_name, d.phone,
            d.address, d.school_code, d.school_name, d.grade, d.class_name, d.household_number, d.attendance,
            d.student_status, d.household_status, d.category) as content,
        d.name, n.simple, n.sound, n.near_sound, n.sounds, n.surname_sound, n.given_sound,
        coalesce(d.sex, case when d.number_valid then
            case when cast(substr(d.number, 17, 1) as int) % 2 = 1 then 'M' else 'F' end end) as sex,
        d.sex as written_sex, d.birth_date as birth, d.number_birth, coalesce(d.number_birth, d.birth_date) as any_birth,
        coalesce(year(coalesce(d.number_birth, d.birth_date)) * 100 + month(coalesce(d.number_birth, d.birth_date)),
            d.birth_month) as birth_month,
        u.solar as birth_solar,
        coalesce(year(d.birth_date) * 100 + month(d.birth_date), d.birth_month) as written_month,
        d.number, d.said_number, d.number_valid, d.number_cut, d.id_number, d.id_state,
        case when d.id_state = 'valid' then cast(substr(d.id_number, 1, 17) as bigint)
            when d.id_state = 'other' then -cast(hash(d.id_number) >> 2 as bigint)
            when d.inner_number is not null then cast(substr(d.inner_number, 1, 17) as bigint) end as id_key,
        case when d.inner_number is not null then cast(substr(d.inner_number, 1, 17) as bigint)
            when d.id_state = 'valid' then cast(substr(d.id_number, 1, 17) as bigint) end as inner_id_key,
        d.student_number,
        coalesce(d.guardian_name, d.head_name) as guardian, d.head_name as head,
        g.sound as guardian_sound, h.sound as head_sound,
        nullif(right(d.phone, 11), '') as phone,
        nullif(regexp_replace(plain_place(d.address),
            '^([^省]{{2,3}}省|.{{2,6}}自治区)?([^市州县区]{{2,12}}?(自治州|市|地区|盟|州))?'
            || '([^县区市旗乡镇村]{{1,8}}?(自治县|县|区|市|旗))?', ''), '') as place,
        d.household_number, {rank} as rank, coalesce(d.school_code, c.school_code, d.school_name) as school, d.grade,
        k.class_key
    from dated d
    left join name_keys n on n.name = d.name
    left join name_keys g on g.name = coalesce(d.guardian_name, d.head_name)
    left join name_keys h on h.name = d.head_name
    left join lunar_birthdays u on u.written = d.birth_date
    left join schools c on c.school_name = d.school_name
    left join classes k on k.class_name = d.class_name and k.grade is not distinct from d.grade
    where {all_ages} or coalesce(d.number_birth, d.birth_date) is null or coalesce(d.number_birth, d.birth_date) >= {oldest}
), placed as (
    select *,
        nullif(regexp_extract(place, '^.{{1,6}}?(镇|乡|街道|办事处|苏木)'), '') as town,
        nullif(regexp_extract(regexp_replace(place, '^.{{1,6}}?(镇|乡|街道|办事处|苏木)', ''),
            '^.{{1,8}}?(村|社区|居委会|寨|屯|嘎查)'), '') as village
    from people
)
select *,
    id_key as borrowed_key,
    key_of(near_sound, birth_month) as name_month,
    key_of(simple, any_birth) as name_day,
    key_of(simple, phone) as name_phone,
    key_of(simple, guardian_sound) as name_guardian,
    key_of(sound, coalesce(sex, ''), any_birth) as sound_day,
    key_of(village, any_birth) as village_day,
    key_of(surname_sound, coalesce(sex, '?'), any_birth) as surname_day,
    key_of(given_sound, any_birth) as given_day,
    case when length(number) = 18 or number_cut then substr(number, 1, 14) end as number_head,
    case when length(number) = 18 and not number_cut then substr(number, 7) end as number_tail,
    key_of(guardian_sound, sex) as guardian_sex,
    key_of(head_sound, sex) as head_sex,
    key_of(school, surname_sound, grade) as school_surname_grade,
    key_of(school, given_sound) as school_given,
    key_of(school, any_birth) as school_day,
    key_of(school, key_of(simple, coalesce(sex, '')), any_birth) as school_name_birth
from placed
"""


# Which of a child's rows in one register speaks for it: lowest first.
_RANK = {
    Register.HOUSEHOLD: "case d.household_status when 'moved_out' then 3 when 'deceased' then 2 when 'unclear' then 1 else 0 end",
    Register.ROLL: "case when d.attendance in ('absent', 'no_show') then 1 else 0 end",
}
_STUDENT_RANK = (
    "case when d.student_status is null or d.student_status = 'enrolled' then 0 when {in_force} then 1 else 2 end"
)


def _rank(register: Register) -> str:
    if register in (Register.STUDENT, Register.ELSEWHERE):
        states = ", ".join(f"'{status.value}'" for status in StudentStatus if in_force(status))
        return _STUDENT_RANK.format(in_force=f"d.student_status in ({states})")
    return _RANK.get(register, "0")


def make_people(connection: duckdb.DuckDBPyConnection, *, as_of: date) -> None:
    """Make `people_<register>` of every register table in the connection, and the key tables they stand on."""
    connection.execute(_MACROS)
    connection.execute(_SCHOOLS)
    put_name_keys(connection, "name_keys", ())
    put(connection, "lunar_birthdays", lunar_birthdays(()))
    _add_keys(connection, Register)
    for register in Register:
        _make(connection, register, as_of)


def make_people_of(connection: duckdb.DuckDBPyConnection, register: Register, *, as_of: date) -> None:
    """Make `people_<register>` anew for a register that was loaded after the others."""
    _add_keys(connection, (register,))
    _make(connection, register, as_of)


def _make(connection: duckdb.DuckDBPyConnection, register: Register, as_of: date) -> None:
    sql = _PEOPLE.format(
        register=register.value,
        source=register.value,
        oldest=f"date '{as_of.year - _ADULT}-01-01'",
        all_ages=str(register in _PUPILS).lower(),
        rank=_rank(register),
    )
    connection.execute(sql)


def _add_keys(connection: duckdb.DuckDBPyConnection, registers: Iterable[Register]) -> None:
    """Add to the key tables what these registers say and no other has said."""
    said = " union ".join(
        f"select {column} as name from {register.value} where {column} is not null"
        for register in registers
        for column in ("name", "guardian_name", "head_name")
    )
    new = f"select name from ({said}) where name not in (select name from name_keys)"
    put_name_keys(connection, "new_names", (name for (name,) in connection.execute(new).fetchall()))
    connection.execute("insert into name_keys select * from new_names")
    characters = "select distinct unnest(string_split(simple, '')) from name_keys"
    put(connection, "alike_characters", alike_characters(c for (c,) in connection.execute(characters).fetchall()))
    days = " union ".join(
        f"select birth_date from {register.value} where birth_date is not null" for register in registers
    )
    new = f"select birth_date from ({days}) where birth_date not in (select written from lunar_birthdays)"
    put(connection, "new_days", lunar_birthdays(day for (day,) in connection.execute(new).fetchall()))
    connection.execute("insert into lunar_birthdays select * from new_days")


def put_name_keys(connection: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    """Make a table of names: one row a name, with the sounds as the people have them, which is hashed.

    `sounds` is that of the name in any order.
    """
    connection.register("incoming", name_keys(names))
    connection.execute(
        f"""create or replace table {table} as
        select name, simple, hash(sound) as sound, hash(near_sound) as near_sound,
            hash(list_sort(string_split(near_sound, ' '))) as sounds,
            hash(surname_sound) as surname_sound, hash(given_sound) as given_sound
        from incoming"""
    )
    connection.unregister("incoming")


# A school is known by its code; a row without one takes the code that others give to its name. A name that no record
# has (an old one, mostly) stands for the school that most of its pupils are on record at.
_SCHOOLS = """
create or replace table schools as
with named as (
    select school_name, mode(school_code order by school_code) as school_code
    from (select school_name, school_code from student union all select school_name, school_code from roll)
    where school_name is not null and school_code is not null
    group by school_name
), strange as (
    select school_name, name, grade, count(*) over (partition by school_name) as pupils from roll
    where school_code is null and school_name not in (select school_name from named)
        and school_name not in (select school_name from student where school_name is not null)
), met as (
    select r.school_name, coalesce(s.school_code, s.school_name) as school_code, count(distinct r.name) as names,
        any_value(r.pupils) as pupils
    from strange r join student s on s.name = r.name and s.grade is not distinct from r.grade
    group by all
)
select school_name, school_code from named
union all
select school_name, arg_max(school_code, (names, school_code)) from met
where names >= 5 and names * 2 >= pupils
group by school_name
"""


def load_register(
    connection: duckdb.DuckDBPyConnection, register: Register, file: Path | None, *, rows: list[int] | None = None
) -> None:
    """Make the table of a register from its canonical Parquet file: all, or only `rows`; empty where none was given."""
    if file is None:
        put(connection, register.value, schema_of(None).empty_table())
    else:
        path = str(file).replace("'", "''")
        chosen = ""
        if rows is not None:
            put(connection, "chosen", {"row": np.array(rows, dtype=np.int32)})
            chosen = "where row in (select row from chosen)"
        connection.execute(
            f"create or replace table {register.value} as select * from read_parquet('{path}') {chosen} order by row"
        )
