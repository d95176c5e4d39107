"""The statements of a build (`children.build`), each named for what it does.

Temporary tables, gone with the transaction. One row is: of `new_wide` a group of register rows that the run takes for one
child (`grp`); of `new_rows` one register row; of `found` a row known from before; of `votes` a group and a child that
share rows; of `owned` a group and the child it is; of `owner` a group and its child, known or new; of `assigned` a
register row and its child; of `new_children` a child with the group that speaks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDE_COLUMNS = (
    ("grp", "integer"),
    ("name", "text"),
    ("name_sort", "text"),
    ("name_pinyin", "text"),
    ("name_initials", "text"),
    ("sex", "text"),
    ("birth_date", "date"),
    ("id_type", "text"),
    ("id_masked", "text"),
    ("student_masked", "text"),
    ("head_name", "text"),
    ("relation_to_head", "text"),
    ("guardian_name", "text"),
    ("household_status", "text"),
    ("poverty_household", "boolean"),
    ("poverty_household_number", "text"),
    ("groups", "text[]"),
    ("status", "text"),
    ("counted", "boolean"),
    ("suspected", "boolean"),
    ("stage", "text"),
    ("school_path", "text"),
    ("school_code", "text"),
    ("school_name", "text"),
    ("grade", "smallint"),
    ("class_name", "text"),
    ("student_status", "text"),
    ("attending", "boolean"),
    ("absent_since", "date"),
    ("finding_key", "text"),
    ("reason", "text"),
    ("home_path", "text"),
    ("protected", "bytea"),
)

# fmt: off
_TABLES = (
    "new_wide", "new_rows", "found", "votes", "said_by_hand", "owned", "first_choice", "owner", "assigned", "new_children",
    "new_sealed", "ended_children_schooling", "ended_children_enrolment", "ended_children_groupmembership",
)
# fmt: on
STAGING = (
    # Everything here is of whole sets; what a table was before it was filled must not mislead the planner.
    "SELECT set_config('work_mem', '128MB', true), set_config('enable_nestloop', 'off', true)",
    # Of a build before this one in the same transaction.
    f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in _TABLES)}",
    f"CREATE TEMPORARY TABLE new_wide ({', '.join(f'{name} {kind}' for name, kind in WIDE_COLUMNS)}) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE new_rows (grp integer, register text, subject bytea, nth integer, row integer) ON COMMIT DROP",
)

# What a register says that the run had not: what was known stays.
KEEP_POVERTY = """
    WITH known AS (
        SELECT DISTINCT new_rows.grp
        FROM children_child AS child JOIN children_source AS source ON source.child_id = child.id
        JOIN new_rows USING (register, subject, nth)
        WHERE child.county_id = %(county)s AND child.poverty_household AND source.recorded_to IS NULL
    )
    UPDATE new_wide SET poverty_household = known.grp IS NOT NULL
    FROM new_wide AS every LEFT JOIN known USING (grp) WHERE every.grp = new_wide.grp
"""
KEEP_GROUPS = """
    WITH special AS MATERIALIZED (
        SELECT child_id, array_agg("group"::text) AS groups FROM children_groupmembership
        WHERE county_id = %(county)s AND source = 'special' AND valid_to IS NULL AND recorded_to IS NULL
        GROUP BY child_id
    ), known AS (
        SELECT DISTINCT ON (new_rows.grp) new_rows.grp, special.groups
        FROM special JOIN children_source AS source USING (child_id) JOIN new_rows USING (register, subject, nth)
        WHERE source.recorded_to IS NULL ORDER BY new_rows.grp
    )
    UPDATE new_wide SET groups = ARRAY(SELECT DISTINCT unnest(coalesce(new_wide.groups, '{}') || known.groups) ORDER BY 1)
    FROM known WHERE known.grp = new_wide.grp
"""

_PLACE = "CASE register WHEN 'household' THEN 1 WHEN 'student' THEN 2 WHEN 'roll' THEN 3 ELSE 4 END"
FIND = (
    """
    CREATE TEMPORARY TABLE found ON COMMIT DROP AS
    SELECT new_rows.grp, register, subject, nth, source.child_id AS child, source.by_hand
    FROM new_rows JOIN children_source AS source USING (register, subject, nth)
    WHERE source.county_id = %(county)s AND source.recorded_to IS NULL
    """,
    "ANALYZE found",
    f"""
    CREATE TEMPORARY TABLE votes ON COMMIT DROP AS
    SELECT grp, child, bool_or(by_hand) AS by_hand, count(*) AS agreeing, min({_PLACE}) AS place
    FROM found GROUP BY grp, child
    """,
    # A group of which a person said whose it is belongs there, whatever the numbers.
    """
    CREATE TEMPORARY TABLE said_by_hand ON COMMIT DROP AS
    SELECT DISTINCT ON (grp) grp, child FROM votes WHERE by_hand ORDER BY grp, agreeing DESC, place, child
    """,
    "CREATE TEMPORARY TABLE owned (grp integer PRIMARY KEY, child uuid UNIQUE) ON COMMIT DROP",
    (
        "CREATE TEMPORARY TABLE first_choice ON COMMIT DROP AS SELECT DISTINCT ON (grp) grp, child FROM votes"
        " ORDER BY grp, by_hand DESC, agreeing DESC, place, child"
    ),
    "ANALYZE votes",
)
OWN_ONE_ANOTHER = """
    WITH of_group AS (
        SELECT DISTINCT ON (grp) grp, child FROM votes ORDER BY grp, by_hand DESC, agreeing DESC, place, child
    ), of_child AS (
        SELECT DISTINCT ON (child) grp, child FROM votes ORDER BY child, by_hand DESC, agreeing DESC, place, grp
    )
    INSERT INTO owned SELECT grp, child FROM of_group JOIN of_child USING (grp, child)
"""
TAKEN_VOTES_GO = """
    DELETE FROM votes USING owned WHERE votes.grp = owned.grp OR votes.child = owned.child
"""
DECIDE = (
    "ANALYZE owned",
    """
    CREATE TEMPORARY TABLE owner ON COMMIT DROP AS
    SELECT grp, coalesce(owned.child, said_by_hand.child, gen_random_uuid()) AS child,
           owned.child IS NULL AND said_by_hand.child IS NULL AS is_new
    FROM new_wide LEFT JOIN owned USING (grp) LEFT JOIN said_by_hand USING (grp)
    """,
    "ANALYZE owner",
    """
    CREATE TEMPORARY TABLE assigned ON COMMIT DROP AS
    SELECT new_rows.grp, register, subject, nth, new_rows.row,
           CASE WHEN found.by_hand THEN found.child
                WHEN found.child IS NULL OR elsewhere.child IS NOT NULL THEN owner.child
                -- The record it belongs to would be left empty: no record is merged in silence.
                ELSE found.child END AS child
    FROM new_rows JOIN owner USING (grp)
    LEFT JOIN found USING (register, subject, nth)
    LEFT JOIN owned AS elsewhere ON elsewhere.child = found.child
    """,
    "ANALYZE assigned",
    # A child may have several groups, put together by hand: the one speaks for it that knows where it goes to school.
    """
    CREATE TEMPORARY TABLE new_children ON COMMIT DROP AS
    SELECT DISTINCT ON (child) child, is_new, new_wide.*
    FROM (
        SELECT child, grp, is_new, 0 AS far FROM owner
        UNION ALL
        SELECT DISTINCT assigned.child, assigned.grp, false, 1
        FROM assigned JOIN owner USING (grp) WHERE assigned.child <> owner.child
    ) AS speaking JOIN new_wide USING (grp)
    ORDER BY child, far, status, grp
    """,
    "CREATE UNIQUE INDEX ON new_children (child)",
    "ANALYZE new_children",
)

# What an open case says of a child goes before what registers say.
HEED_CASES = """
    UPDATE new_children SET status = said.status, suspected = said.suspected, reason = said.reason
    FROM children_casestatus AS said WHERE said.child_id = new_children.child
"""

TO_SEAL = """
    SELECT grp FROM new_children LEFT JOIN children_child AS known ON known.id = new_children.child
    WHERE known.id IS NULL OR known.protected <> new_children.protected
"""
SEALED = """
    CREATE TEMPORARY TABLE new_sealed (
        grp integer, id_number bytea, student_number bytea, household_number bytea, phone bytea, address bytea,
        id_digest bytea, student_digest bytea
    ) ON COMMIT DROP
"""
_SEALED = ("id_number", "student_number", "household_number", "phone", "address", "id_digest", "student_digest")
# Columns of Child taken over as they are.
_PLAIN = (
    "name", "name_sort", "name_pinyin", "name_initials", "sex", "birth_date", "id_type", "id_masked", "student_masked",
    "head_name", "relation_to_head", "guardian_name", "household_status", "poverty_household",
    "poverty_household_number", "groups", "status", "school_code", "school_name", "grade", "class_name", "home_path",
    "school_path",
)  # fmt: skip


def _value(name: str, table: str = "new_children") -> str:
    return f"coalesce({table}.groups, '{{}}')::varchar(28)[]" if name == "groups" else f"{table}.{name}"


ADD_CHILDREN = f"""
    INSERT INTO children_child
        (id, county_id, {", ".join(_PLAIN)}, {", ".join(_SEALED)}, protected, created_at, changed_at)
    SELECT child, %(county)s, {", ".join(map(_value, _PLAIN))}, {", ".join(_SEALED)}, protected, %(now)s, %(now)s
    FROM new_children JOIN new_sealed USING (grp) WHERE is_new
"""
CHANGE_PROTECTED = f"""
    UPDATE children_child AS known
    SET {", ".join(f"{name} = new_sealed.{name}" for name in _SEALED)}, protected = new_children.protected,
        changed_at = %(now)s
    FROM new_children JOIN new_sealed USING (grp)
    WHERE known.id = new_children.child AND NOT new_children.is_new AND known.protected <> new_children.protected
"""
CHANGE_CHILDREN = f"""
    UPDATE children_child AS known
    SET {", ".join(f"{name} = {_value(name)}" for name in _PLAIN)}, left_on = NULL, changed_at = %(now)s
    FROM new_children
    WHERE known.id = new_children.child AND NOT new_children.is_new
      AND ({", ".join(f"known.{name}" for name in _PLAIN)}, known.left_on)
          IS DISTINCT FROM ({", ".join(map(_value, _PLAIN))}, NULL::date)
"""

_OPEN_SOURCE = "source.county_id = %(county)s AND source.recorded_to IS NULL"
SOURCES = (
    # Gone from its register, or another child's now. What a person put somewhere stays there.
    f"""
    UPDATE children_source AS source SET recorded_to = %(now)s
    WHERE {_OPEN_SOURCE} AND NOT source.by_hand AND source.register = ANY(%(registers)s)
      AND NOT EXISTS (
        SELECT FROM assigned WHERE (assigned.register, assigned.subject, assigned.nth, assigned.child)
            = (source.register, source.subject, source.nth, source.child_id))
    """,
    # The same row in a newer snapshot, or of a child that moved.
    f"""
    UPDATE children_source AS source
    SET row = assigned.row, snapshot_id = (%(snapshots)s::jsonb ->> source.register)::uuid,
        home_path = new_children.home_path, school_path = new_children.school_path
    FROM assigned JOIN new_children ON new_children.child = assigned.child
    WHERE {_OPEN_SOURCE} AND (assigned.register, assigned.subject, assigned.nth)
        = (source.register, source.subject, source.nth) AND source.child_id = assigned.child
      AND (source.row, source.snapshot_id, source.home_path, source.school_path) IS DISTINCT FROM (
        assigned.row, (%(snapshots)s::jsonb ->> source.register)::uuid, new_children.home_path, new_children.school_path)
    """,
    f"""
    INSERT INTO children_source (child_id, county_id, home_path, school_path, register, subject, nth, snapshot_id, row,
        by_hand, recorded_from)
    SELECT assigned.child, %(county)s, new_children.home_path, new_children.school_path, assigned.register,
        assigned.subject, assigned.nth, (%(snapshots)s::jsonb ->> assigned.register)::uuid, assigned.row, false, %(now)s
    FROM assigned JOIN new_children ON new_children.child = assigned.child
    WHERE NOT EXISTS (SELECT FROM children_source AS source WHERE {_OPEN_SOURCE}
        AND (assigned.register, assigned.subject, assigned.nth) = (source.register, source.subject, source.nth))
    """,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """The statements that keep one table of facts: what ended, closing it, marking it outdated, adding what holds now."""

    ends: str
    close: str
    outdate: str
    add: str


# A child with an open case stays where it stands, also where no register has it any more.
_NO_CASE = "NOT EXISTS (SELECT FROM children_casestatus AS said WHERE said.child_id = fact.child_id)"


def _fact(table: str, wanted: str, columns: tuple[str, ...], *, key: tuple[str, ...] = (), gone: bool = False) -> Fact:
    """`wanted`: a query of child, paths and `columns`, one row per child and `key`."""
    everything = ("home_path", "school_path", *key, *columns)
    names = ", ".join(f'"{name}"' for name in everything)
    same = " AND ".join(f'fact."{name}" = wanted."{name}"' for name in key) or "true"
    # Where two runs say the same of a child, why they say so may be worded anew (row numbers): the fact goes on.
    compared = [name for name in everything if name not in (*key, "finding_key", "reason")]
    old = ", ".join(f'fact."{name}"' for name in compared)
    new = ", ".join(f'wanted."{name}"' for name in compared)
    is_open = "fact.county_id = %(county)s AND fact.recorded_to IS NULL AND fact.valid_to IS NULL"
    why = (
        "CASE WHEN wanted.child IS NOT NULL THEN '' WHEN fact.birth_date < %(too_old)s THEN '已过学龄'"
        " ELSE '各名册里都没有了' END"
        if gone
        else "''"
    )
    more, its_why = (", left_reason", ", ended.why") if gone else ("", "")
    return Fact(
        ends=f"""
            CREATE TEMPORARY TABLE ended_{table} ON COMMIT DROP AS
            SELECT fact.id, {why} AS why
            FROM {table} AS fact LEFT JOIN ({wanted}) AS wanted ON wanted.child = fact.child_id AND {same}
            WHERE {is_open} AND (({old}) IS DISTINCT FROM ({new}) AND wanted.child IS NOT NULL
                OR wanted.child IS NULL AND {_NO_CASE})
        """,
        close=f"""
            INSERT INTO {table} (child_id, county_id, run_id, {names}, valid_from, valid_to, recorded_from{more})
            SELECT child_id, county_id, run_id, {names}, valid_from, %(as_of)s, %(now)s{its_why}
            FROM {table} AS fact JOIN ended_{table} AS ended USING (id) WHERE fact.valid_from < %(as_of)s
        """,
        outdate=f"""
            UPDATE {table} AS fact SET recorded_to = %(now)s FROM ended_{table} AS ended WHERE ended.id = fact.id
        """,
        add=f"""
            INSERT INTO {table} (child_id, county_id, run_id, {names}, valid_from, recorded_from{more})
            SELECT child, %(county)s, %(run)s, {names}, %(as_of)s, %(now)s{", ''" if gone else ""}
            FROM ({wanted}) AS wanted
            WHERE NOT EXISTS (SELECT FROM {table} AS fact WHERE {is_open} AND fact.child_id = wanted.child AND {same})
        """,
    )


_SCHOOLING = (
    "name", "name_sort", "sex", "birth_date", "id_masked", "status", "counted", "suspected", "stage", "school_code",
    "school_name", "grade", "class_name", "poverty_household", "groups", "absent_since", "finding_key", "reason",
)  # fmt: skip
_ENROLMENT = ("school_code", "school_name", "grade", "class_name", "student_status", "attending")
FACTS = (
    _fact(
        "children_schooling",
        f"SELECT child, home_path, school_path, {', '.join(f'{_value(n)} AS {n}' for n in _SCHOOLING)} FROM new_children",
        _SCHOOLING,
        gone=True,
    ),
    _fact(
        "children_enrolment",
        f"SELECT child, home_path, school_path, {', '.join(_ENROLMENT)} FROM new_children WHERE school_name <> ''",
        _ENROLMENT,
    ),
    _fact(
        "children_groupmembership",
        """
        SELECT child, home_path, school_path, unnest(groups) AS "group",
            CASE WHEN EXISTS (SELECT FROM new_rows WHERE new_rows.grp = new_children.grp AND register = 'special')
                THEN 'special' ELSE 'student' END AS source
        FROM new_children WHERE groups <> '{}'
        """,
        ("source",),
        key=("group",),
    ),
)

GONE = """
    UPDATE children_child AS known SET left_on = %(as_of)s, changed_at = %(now)s
    WHERE known.county_id = %(county)s AND known.left_on IS NULL AND known.merged_into_id IS NULL
      AND NOT EXISTS (SELECT FROM new_children WHERE new_children.child = known.id)
      AND NOT EXISTS (SELECT FROM children_casestatus AS said WHERE said.child_id = known.id)
"""

_DOUBT = "INSERT INTO children_doubt (kind, child_id, other_id, county_id, home_path, school_path, run_id, raised_at)"
DOUBTS = (
    f"""
    {_DOUBT}
    SELECT DISTINCT 'same', owner.child, assigned.child, %(county)s, new_children.home_path, new_children.school_path,
        %(run)s::uuid, %(now)s::timestamptz
    FROM assigned JOIN owner USING (grp) LEFT JOIN said_by_hand USING (grp)
    JOIN new_children ON new_children.child = owner.child
    WHERE assigned.child <> owner.child AND said_by_hand.grp IS NULL
    ON CONFLICT (child_id, other_id, kind) DO NOTHING
    """,
    f"""
    {_DOUBT}
    SELECT 'apart', owner.child, first_choice.child, %(county)s, new_children.home_path, new_children.school_path,
        %(run)s, %(now)s
    FROM owner JOIN first_choice USING (grp)
    JOIN new_children ON new_children.child = owner.child
    WHERE owner.is_new
    ON CONFLICT (child_id, other_id, kind) DO NOTHING
    """,
)
