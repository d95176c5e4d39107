"""The second wall: row-level security, as operations for migrations.

The policies compare a path with settings that hold for one transaction (`platform.scope`). The settings are read in
sub-selects, so that PostgreSQL reads them once per query. Never FORCE: the owner loads and backs up, and its address is
kept out of the web and of the worker.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL

_LOW = "(SELECT current_setting('baoxue.low', true))"
_HIGH = "(SELECT current_setting('baoxue.high', true))"
_CHILDREN = "(SELECT current_setting('baoxue.children', true)) = 'on'"
_REGISTERS = "(SELECT string_to_array(current_setting('baoxue.registers', true), ','))::text[]"


def within(column: str) -> str:
    """Condition: the path in `column` is within reach."""
    return f"({column} >= {_LOW} AND {column} < {_HIGH})"


def wall_by_place(table: str) -> RunSQL:
    """Rows show within their place (`place_path`)."""
    return wall(table, within("place_path"))


def wall_of_children(table: str) -> RunSQL:
    """Rows about children show where the child lives or learns, to posts that see children."""
    return wall(table, f"{_CHILDREN} AND ({_beginning('home_path')} OR {_beginning('school_path')})")


def _beginning(column: str) -> str:
    """Condition: as `within`, in a form that uses no index and that the planner takes to be true of every third row.

    Of a range whose ends it does not know the planner believes that half a row in a hundred passes: it would read the
    indexes on the paths from end to end to narrow down what another index gives at once. The first wall names the ends.
    Without a scope it is NULL, and no row shows.
    """
    return f"starts_with({column}, (SELECT nullif(current_setting('baoxue.low', true), '')))"


def wall_by_register(table: str) -> RunSQL:
    """Rows show within their place to posts that see their list: a register, or one department's list of it."""
    code = "CASE department WHEN '' THEN register ELSE register || ':' || department END"
    return wall(table, f"{within('place_path')} AND ('*' = ANY({_REGISTERS}) OR {code} = ANY({_REGISTERS}))")


def unless_nobody_acts(condition: str) -> str:
    """Condition: that of `condition`, once somebody acts. Before, who they are has to be found out."""
    return f"({_LOW} IS NULL OR {_LOW} = '' OR {condition})"


def of_oneself(column: str) -> str:
    """Condition: the account in `column` is that of whoever acts."""
    return f"({column} = (SELECT nullif(current_setting('baoxue.account', true), ''))::bigint)"


def of_the_system() -> str:
    """Condition: the system itself is at work everywhere (`scope.EVERYWHERE`), and no account."""
    nobody = "coalesce((SELECT current_setting('baoxue.account', true)), '') = ''"
    return f"({_LOW} = '/' AND {nobody})"


def at_own_place(column: str) -> str:
    """Condition: the path in `column` is the very place of whoever acts."""
    return f"({column} <> '' AND {column} = {_LOW})"


def wall(table: str, condition: str) -> RunSQL:
    """Rows of `table` show, and may be written, where `condition` (SQL) holds."""
    return RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY within_reach ON {table} USING ({condition}) WITH CHECK ({condition})",
        ],
        [f"DROP POLICY within_reach ON {table}", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"],
    )


def append_only(table: str) -> RunSQL:
    """The application may add to `table` and read it, no more. For tables of records that must stand."""
    return RunSQL(
        [f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM baoxue_app"],
        [f"GRANT UPDATE, DELETE ON {table} TO baoxue_app"],
    )


# Every table with a column of this name must have a wall; a test looks for those without.
PLACED: Sequence[str] = ("place_path", "home_path", "school_path", "looked_after_at")
