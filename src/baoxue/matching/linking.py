"""Linking two registers: what is certain first, then the likely, one to one, each with its evidence in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from baoxue.matching.assignment import assign, competing_probability
from baoxue.matching.decided import METHOD, WORDS, without
from baoxue.matching.duplicates import Duplicate
from baoxue.matching.engine import Engine, Pairs, Rows, Side
from baoxue.matching.model import Evidence, Model, estimate, fit
from baoxue.matching.rules import NUMBER, TEACHING, WIDE_BLOCKS, Comparison, PairTask
from baoxue.policy.findings import Decision
from baoxue.policy.registers import Register

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Chosen on synthetic counties (20,000 children, seeds of development, one to three times the usual errors): see
# docs/develop/benchmarks.md for what they give on others.
AUTO = 0.98
# From here on two rows count as one child while a person has yet to look; below, as two.
SAME_CHILD = 0.5
# A pair that is no link is still worth a person's look from the first on, and, where a family would be alarmed, a word
# from the second on.
WORTH_A_LOOK = 0.1
POSSIBLE = 0.005

_SAMPLE = 40_000
_MOST_TRAINING = 15_000
_FEW = 200
# Log odds, on a generous guess of how many pairs are one child, under which a candidate is not judged further.
_HOPELESS = -12.0
_NONE = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Link:
    """Two rows that are one child, or may be."""

    left: Register
    left_row: int
    right: Register
    right_row: int
    decision: Decision
    confidence: float
    method: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that was not chosen but could be: who seems missing may stand there under another name."""

    left_row: int
    right_row: int
    confidence: float
    evidence: str


@dataclass(slots=True)
class Linked:
    """What came of one task: links, near misses, and the model that judged (None when nothing was left to judge)."""

    task: PairTask
    links: list[Link]
    candidates: list[Candidate]
    model: Model | None


def link(
    engine: Engine,
    task: PairTask,
    *,
    left_without: Rows,
    right_without: Rows,
    households: Pairs | None = None,
    right_population: int | None = None,
    decided: Pairs | None = None,
) -> Linked:
    """Link the two registers of a task.

    `households`: pairs of left rows of one household, to learn siblings from. `right_population`: how many rows the right
    register has in all, where only a choice of them was loaded. `decided`: pairs that a person said to be one child.
    """
    left, right = Side(task.left, left_without), Side(task.right, right_without)
    links: list[Link] = []
    certain: list[Pairs] = []
    for rule in task.exact:
        pairs = engine.exact(rule, left, right, many=task.many)
        certain.append(pairs)
        links += _exact_links(task, pairs, rule.method, rule.words)
        if not task.many:
            left = Side(left.register, np.union1d(left.without, pairs.left))
        right = Side(right.register, np.union1d(right.without, pairs.right))
    if decided is not None and len(decided):
        links += _exact_links(task, without(decided, _joined(certain)), METHOD, WORDS)
        if not task.many:
            left = Side(left.register, np.union1d(left.without, decided.left))
        right = Side(right.register, np.union1d(right.without, decided.right))
    candidates = engine.candidates(task.blocks, left, right)
    if not len(candidates):
        return Linked(task, links, [], None)
    sizes = (engine.size(left), right_population or engine.size(right))
    taught = engine.exact(TEACHING, Side(task.left, _NONE), Side(task.right, _NONE), many=task.many)
    if len(taught) < _FEW:
        taught = _joined(certain)
    model, candidates, evidence = _fitted(engine, task, candidates, taught, households, sizes)
    judged = _judge(task, candidates, model.odds(evidence), evidence)
    return Linked(task, links + judged[0], judged[1], model)


def _exact_links(task: PairTask, pairs: Pairs, method: str, words: str) -> list[Link]:
    return [
        Link(task.left, one, task.right, other, Decision.AUTO, 0.9999, method, words)
        for one, other in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    ]


def _joined(parts: Iterable[Pairs]) -> Pairs:
    parts = list(parts)
    return Pairs(np.concatenate([p.left for p in parts]), np.concatenate([p.right for p in parts]))


def _fitted(
    engine: Engine,
    task: PairTask,
    candidates: Pairs,
    taught: Pairs,
    households: Pairs | None,
    sizes: tuple[int, int],
) -> tuple[Model, Pairs, Evidence]:
    parts = (
        _thinned(taught, _MOST_TRAINING),
        _thinned(siblings(taught, households), _MOST_TRAINING),
        _strangers(taught),
    )
    answers = engine.evidence(task.comparisons, task.left, task.right, _joined(parts))
    ends = np.cumsum([len(part) for part in parts])
    same, sibling, other = (
        answers.chosen(np.arange(end - len(part), end)) for part, end in zip(parts, ends, strict=True)
    )
    shares = estimate(task.comparisons, same, sibling, other)
    # Most candidates share a block and nothing else: they are put aside before the fitting, which looks at each many times,
    # and most of them before anything is asked that takes long to answer.
    generous = Model(task.comparisons, shares, same_odds=1.0 / min(sizes))
    quick = engine.evidence(task.comparisons, task.left, task.right, candidates, at_best=True)
    candidates = _chosen(candidates, np.flatnonzero(generous.at_best().odds(quick) > _HOPELESS))
    evidence = engine.evidence(task.comparisons, task.left, task.right, candidates)
    hopeful = np.flatnonzero(generous.odds(evidence) > _HOPELESS)
    candidates, evidence = _chosen(candidates, hopeful), evidence.chosen(hopeful)
    left, right = _positions(task, candidates)
    if task.many:
        # A left row stays free however many partners it has.
        sizes = (sizes[0] + sizes[1], sizes[1])
    return fit(task.comparisons, shares, evidence, left=left, right=right, sizes=sizes), candidates, evidence


def _chosen(pairs: Pairs, places: Ints) -> Pairs:
    return Pairs(pairs.left[places], pairs.right[places])


def _positions(task: PairTask, pairs: Pairs) -> tuple[Ints, Ints]:
    """The rows of both sides, counted from 0; a left row that may have many partners counts anew in each pair."""
    left = np.arange(len(pairs)) if task.many else np.unique(pairs.left, return_inverse=True)[1]
    return left, np.unique(pairs.right, return_inverse=True)[1]


def _thinned(pairs: Pairs, most: int) -> Pairs:
    step = max(1, -(-len(pairs) // most))
    return Pairs(pairs.left[::step], pairs.right[::step])


def siblings(certain: Pairs, households: Pairs | None) -> Pairs:
    """Pairs known to be two children of one household: the left row of one with the right row of the other."""
    if households is None or not len(households) or not len(certain):
        return Pairs(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    partner = np.full(
        int(max(certain.left.max(), households.left.max(), households.right.max())) + 1, -1, dtype=np.int32
    )
    partner[certain.left] = certain.right
    crossed = partner[households.right]
    known = (crossed >= 0) & (partner[households.left] >= 0)
    return Pairs(households.left[known], crossed[known])


def _strangers(certain: Pairs) -> Pairs:
    """Pairs of strangers: certain pairs shifted against each other, over and over."""
    count = len(certain)
    if count < 50:
        return Pairs(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
    times = max(1, min(_SAMPLE // count, count - 1))
    # Steps spread over the whole list, so that rows next to each other (alike in content) are not always paired.
    shifts = [1 + (step * (count - 1)) // times for step in range(times)]
    order = np.arange(count)
    return Pairs(
        np.tile(certain.left, times),
        np.concatenate([certain.right[(order + shift) % count] for shift in shifts]),
    )


def _judge(task: PairTask, pairs: Pairs, log_odds: Floats, evidence: Evidence) -> tuple[list[Link], list[Candidate]]:
    left, right = _positions(task, pairs)
    confidence = competing_probability(left, right, log_odds)
    chosen = assign(left, right, log_odds)
    links, near = [], []
    for place in np.flatnonzero(confidence >= POSSIBLE).tolist():
        words = in_words(task.comparisons, evidence, place)
        one, other = int(pairs.left[place]), int(pairs.right[place])
        sure = round(float(confidence[place]), 4)
        if chosen[place] and sure >= SAME_CHILD:
            decision = Decision.AUTO if sure >= AUTO else Decision.REVIEW
            links.append(Link(task.left, one, task.right, other, decision, min(sure, 0.9999), "model", words))
        else:
            near.append(Candidate(one, other, sure, words))
    return links, near


def in_words(comparisons: tuple[Comparison, ...], evidence: Evidence, place: int) -> str:
    """What speaks for and against a pair, in the order of the comparisons."""
    words = []
    for comparison in comparisons:
        level = int(evidence.levels[comparison.field][place])
        if level >= 0 and comparison.levels[level].words:
            words.append(comparison.levels[level].words)
    return "; ".join(words)


@dataclass(slots=True)
class Late:
    """Rows left over that look like a child already linked: sure duplicates, and near misses."""

    duplicates: list[Duplicate]
    near: list[Candidate]


# One row left over in ten is taken to be another record of a child already linked; the rest is to be shown.
_LATE = 0.1
# A row left over may pass for another record of a linked child under one name, and with no other sound number: a twin's
# name differs more.
_NUMBERS_DIFFER = [level.code for level in NUMBER.levels].index("differ")
_ONE_NAME = frozenset({"equal", "variant", "homophone"})


def late_duplicates(engine: Engine, linked: Linked, *, left_without: Rows, right_without: Rows) -> Late:
    """Look for another record of a linked child among the rows that a task left over, on either side."""
    late = Late([], [])
    if linked.model is None or not linked.links:
        return late
    left = np.array(sorted(link.left_row for link in linked.links), dtype=np.int32)
    right = np.array(sorted(link.right_row for link in linked.links), dtype=np.int32)
    partner_of_left = {link.left_row: link.right_row for link in linked.links}
    partner_of_right = {link.right_row: link.left_row for link in linked.links}
    over_left = Side(linked.task.left, np.union1d(left, left_without).astype(np.int32))
    over_right = Side(linked.task.right, np.union1d(right, right_without).astype(np.int32))
    _look(
        engine, linked, Side(linked.task.left, left_without, only=left), over_right, partner_of_left, late, right=True
    )
    _look(
        engine,
        linked,
        over_left,
        Side(linked.task.right, right_without, only=right),
        partner_of_right,
        late,
        right=False,
    )
    return late


def _look(
    engine: Engine, linked: Linked, left: Side, right_side: Side, partner: dict[int, int], late: Late, *, right: bool
) -> None:
    task, model = linked.task, linked.model
    pairs = engine.candidates([block for block in task.blocks if block not in WIDE_BLOCKS], left, right_side)
    if model is None or not len(pairs):
        return
    evidence = engine.evidence(task.comparisons, task.left, task.right, pairs)
    settled = engine.size(left if right else right_side)
    odds = model.with_odds(_LATE / max(settled, 1)).odds(evidence)
    over, linked_rows = (pairs.right, pairs.left) if right else (pairs.left, pairs.right)
    confidence = 1.0 / (1.0 + np.exp(-np.clip(odds, -60, 60)))
    best: dict[int, int] = {}
    for place in np.flatnonzero(confidence >= WORTH_A_LOOK).tolist():
        row = int(over[place])
        if row not in best or confidence[place] > confidence[best[row]]:
            best[row] = place
    name = next(comparison for comparison in task.comparisons if comparison.field == "name")
    for row, place in sorted(best.items()):
        sure = round(float(confidence[place]), 4)
        words = in_words(task.comparisons, evidence, place)
        alike = name.levels[int(evidence.levels["name"][place])].code in _ONE_NAME
        alike = alike and int(evidence.levels["number"][place]) != _NUMBERS_DIFFER
        if alike and sure >= SAME_CHILD:
            decision = Decision.AUTO if sure >= AUTO else Decision.REVIEW
            register = task.right if right else task.left
            late.duplicates.append(
                Duplicate(register, row, partner[int(linked_rows[place])], decision, min(sure, 0.9999), words)
            )
        else:
            late.near.append(Candidate(int(pairs.left[place]), int(pairs.right[place]), sure, words))
