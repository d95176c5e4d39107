"""What executes the rules. DuckDB here; another engine gives the same three answers on its own tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import duckdb
import numpy as np
from numpy.typing import NDArray

from baoxue.matching.model import Evidence
from baoxue.matching.rules import Block, Comparison, DuplicateRule, ExactRule
from baoxue.matching.tables import put
from baoxue.policy.registers import Register

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pairs:
    """n pairs of rows, ordered by what the rows say (not by where they stand)."""

    left: Rows
    right: Rows

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Side:
    """The rows of one register that take part: all, but for those already settled; or only those named."""

    register: Register
    without: Rows
    only: Rows | None = None


class Engine(Protocol):
    """Executes rules over the people of registers."""

    def size(self, side: Side) -> int:
        """Rows that take part."""
        ...

    def duplicates(self, rule: DuplicateRule, register: Register) -> Pairs:
        """Pairs of rows of one register that are one child; the left row speaks for it."""
        ...

    def exact(self, rule: ExactRule, left: Side, right: Side, *, many: bool = False) -> Pairs:
        """Pairs that the rule ties; no row in two of them, but with `many` a left row may be."""
        ...

    def candidates(self, blocks: Sequence[Block], left: Side, right: Side) -> Pairs:
        """Distinct pairs that share some block."""
        ...

    def evidence(
        self,
        comparisons: Sequence[Comparison],
        left: Register,
        right: Register,
        pairs: Pairs,
        *,
        at_best: bool = False,
    ) -> Evidence:
        """What each comparison says of each pair; with `at_best`, what it may say if slow conditions hold untested."""
        ...


# A block that more pairs than this share says nothing (a placeholder typed into thousands of rows).
_WIDEST_BLOCK = 4_000_000


class DuckDBEngine:
    """Rules over the tables `people_<register>` of one DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def size(self, side: Side) -> int:
        """Rows that take part."""
        self._take("lhs", side)
        return self._number("select count(*) from lhs")

    def duplicates(self, rule: DuplicateRule, register: Register) -> Pairs:
        """Pairs of rows of one register that are one child; the left row speaks for it."""
        return self._pairs(
            f"""select l.row as l_row, r.row as r_row
            from people_{register.value} l join people_{register.value} r on l.{rule.key} = r.{rule.key}
            where (l.rank, l.content, l.row) < (r.rank, r.content, r.row) and {rule.guard}
            order by l.rank, l.content, l.row, r.rank, r.content, r.row"""
        )

    def exact(self, rule: ExactRule, left: Side, right: Side, *, many: bool = False) -> Pairs:
        """Pairs that the rule ties; no row in two of them, but with `many` a left row may be."""
        self._take("lhs", left)
        self._take("rhs", right)
        alone = "qualify count(*) over (partition by r.row) = 1"
        if not many:
            alone += " and count(*) over (partition by l.row) = 1"
        return self._pairs(
            f"select l.row as l_row, r.row as r_row from lhs l join rhs r on l.{rule.key} = r.{rule.key} "
            f"where {rule.guard} {alone} order by l.content, r.content, l.row, r.row"
        )

    def candidates(self, blocks: Sequence[Block], left: Side, right: Side) -> Pairs:
        """Distinct pairs that share some block."""
        self._take("lhs", left)
        self._take("rhs", right)
        # Each block is looked at twice, and mostly few rows are left over: their keys are written down once.
        for side, keys in (("l", [block.left for block in blocks]), ("r", [block.right for block in blocks])):
            columns = "".join(f", {key} as key_{place}" for place, key in enumerate(keys))
            self._connection.execute(
                f"create or replace temp table {side}hs_keys as select {side}.row, {side}.content{columns} from {side}hs {side}"
            )
        parts = [
            f"select l.row as l_row, r.row as r_row, l.content as l_content, r.content as r_content "
            f"from lhs_keys l join rhs_keys r on l.key_{place} = r.key_{place}"
            for place, width in enumerate(self._widths(len(blocks)))
            if width <= _WIDEST_BLOCK
        ]
        return self._pairs(
            f"select l_row, r_row from ({' union '.join(parts)}) order by l_content, r_content, l_row, r_row"
        )

    def evidence(
        self,
        comparisons: Sequence[Comparison],
        left: Register,
        right: Register,
        pairs: Pairs,
        *,
        at_best: bool = False,
    ) -> Evidence:
        """What each comparison says of each pair; with `at_best`, what it may say if slow conditions hold untested."""
        connection = self._connection
        connection.register("asked", {"place": np.arange(len(pairs)), "l_row": pairs.left, "r_row": pairs.right})
        connection.execute(_shares_sql(left, right))
        columns = ", ".join(
            f"{_level_sql(comparison, at_best)} as {comparison.field}_level" for comparison in comparisons
        )
        answer = connection.execute(
            f"""
            select {columns}, coalesce(s.share, 1e-9) as share
            from asked p
            join people_{left.value} l on l.row = p.l_row
            join people_{right.value} r on r.row = p.r_row
            {"" if at_best else _ALIKE}
            left join name_shares s on s.sound = l.sound
            order by p.place
            """
        ).fetchnumpy()
        connection.unregister("asked")
        return Evidence(
            {
                comparison.field: np.asarray(answer[f"{comparison.field}_level"], dtype=np.int8)
                for comparison in comparisons
            },
            np.asarray(answer["share"], dtype=np.float64),
        )

    def _take(self, name: str, side: Side) -> None:
        """Make the view `name` of the people of a side."""
        connection = self._connection
        condition = "true"
        for numbers, word in ((side.without, "not in"), (side.only, "in")):
            if numbers is None or (not len(numbers) and word == "not in"):
                continue
            table = f"{name}_{'without' if word == 'not in' else 'only'}"
            put(connection, table, {"row": numbers})
            condition += f" and row {word} (select row from {table})"
        connection.execute(
            f"create or replace temp view {name} as select * from people_{side.register.value} where {condition}"
        )

    def _widths(self, blocks: int) -> list[int]:
        """How many pairs each block would make."""
        parts = [
            f"""select {place} as place, coalesce(sum(l.n * r.n), 0) as pairs from
            (select key_{place} as k, count(*) as n from lhs_keys group by 1) l join
            (select key_{place} as k, count(*) as n from rhs_keys group by 1) r on l.k = r.k"""
            for place in range(blocks)
        ]
        answer = self._connection.execute(f"select pairs from ({' union all '.join(parts)}) order by place")
        return [int(pairs) for (pairs,) in answer.fetchall()]

    def _number(self, sql: str) -> int:
        return int(self._connection.execute(sql).fetchall()[0][0])

    def _pairs(self, sql: str) -> Pairs:
        answer = self._connection.execute(sql).fetchnumpy()
        return Pairs(np.asarray(answer["l_row"], dtype=np.int32), np.asarray(answer["r_row"], dtype=np.int32))


_ALIKE = """left join (select a, b, true as alike from alike_characters) a
    on a.a = first_difference(l.simple, r.simple) and a.b = first_difference(r.simple, l.simple)"""


def _level_sql(comparison: Comparison, at_best: bool) -> str:
    whens = " ".join(
        f"when ({level.condition}) and ({'true' if at_best else level.slow}) then {position}"
        for position, level in enumerate(comparison.levels)
    )
    return f"cast(case when {comparison.known} then case {whens} end else -1 end as tinyint)"


def _shares_sql(left: Register, right: Register) -> str:
    return f"""
    create or replace temp table name_shares as
    with said as (
        select sound from people_{left.value} union all select sound from people_{right.value}
    )
    select sound, count(*) / (select count(*) from said) as share from said group by sound
    """


def rows(values: Iterable[int] = ()) -> Rows:
    """Row numbers as the engine takes them, each once, ascending."""
    return np.unique(np.fromiter(values, dtype=np.int32))
