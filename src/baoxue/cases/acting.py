"""From a form to an act: for each act of a case its form, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baoxue.cases import actions, forms, queries
from baoxue.cases.actions.deciding import DropoutFacts
from baoxue.cases.actions.ladder import MAY_HAVE_DOCUMENTS, Service
from baoxue.cases.actions.persuading import Person
from baoxue.cases.models import Case, Pause
from baoxue.jurisdictions.codelists import meaning
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock as system_clock
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability
from baoxue.policy.casecodes import (
    AttemptResult,
    EvidenceKind,
    Measure,
    Met,
    ReturnWay,
    SuspensionKind,
    VerificationResult,
)
from baoxue.policy.casestages import BY_CODE, CaseStage, Clock
from baoxue.policy.closing import ClosingReason
from baoxue.policy.codelists import CodeList
from baoxue.policy.duties import Line
from baoxue.policy.ladder import LadderStep, ServiceWay

Said = dict[str, Any]
Do = Callable[[Said, Said], object]


@dataclass(frozen=True, slots=True)
class Act:
    """`label`: as its button says. `do`: takes what the form says, and the case, the actor and the instant."""

    label: str
    form: type[forms.CaseForm]
    do: Do


def _verify(said: Said, common: Said) -> object:
    result = VerificationResult(said["result"])
    told = {name: said[name] for name in ("verified_on", "words", "version")}
    return actions.verify(**common, **told, result=result)


def _persuade(said: Said, common: Said) -> object:
    went = [(*line.split(maxsplit=2), "", "")[:3] for line in said["went"].splitlines() if line.strip()]
    names = ("place", "talk", "child_says", "family_says", "promised_on", "next_step", "next_on", "measure", "key")
    persuasion = actions.Persuasion(
        at=datetime.combine(said["day"], said["time"], tzinfo=system_clock.ZONE),
        meaning=Measure(meaning(common["case"].county, CodeList.MEASURE, said["measure"])),
        went=[Person(name, unit, title) for name, unit, title in went],
        met=[Met(code) for code in said["met"]],
        result=AttemptResult(said["result"]),
        follow_up=queries.follow_up_owed(common["case"]),
        **{name: said[name] for name in names},
    )
    return actions.record_persuasion(**common, said=persuasion, version=said["version"])


def _prove(said: Said, common: Said) -> object:
    file = said["file"]
    kept = {} if file is None else {"file": file, "file_name": file.name}
    return actions.add_evidence(**common, **kept, kind=EvidenceKind(said["kind"]), words=said["words"])


def _own(said: Said, common: Said) -> object:
    named = {name: said[name] for name in ("name", "unit", "title", "phone")}
    return actions.name_responsible(**common, **named, line=Line.EDUCATION, is_owner=True)


def _place(said: Said, common: Said) -> object:
    where = (said["school_code"], said["school_name"], said["class_name"], said["on"])
    placement = actions.Placement(ReturnWay(said["way"]), *where)
    return actions.return_to_school(**common, placement=placement, version=said["version"])


def _seen(said: Said, common: Said) -> object:
    return actions.begin_observing(**common, seen_on=said["seen_on"], version=said["version"])


def _suspend(said: Said, common: Said) -> object:
    told = {name: said[name] for name in ("until", "reason", "version")}
    return actions.suspend(**common, **told, kind=SuspensionKind(said["kind"]))


def _apply(said: Said, common: Said) -> object:
    told = {name: said[name] for name in ("reason", "version")}
    return actions.apply_closure(**common, **told, closing=ClosingReason(said["closing"]))


def _issue(said: Said, common: Said) -> object:
    issuer = Jurisdiction.objects.get(path=common["by"].scope.path)
    told = {name: said[name] for name in ("number", "version")}
    return actions.issue(**common, **told, step=LadderStep(said["step"]), issuer=issuer, penalty_article="")


def _serve(said: Said, common: Said) -> object:
    told = {name: said[name] for name in _SERVICE}
    service = Service(way=ServiceWay(said["way"]), **told)
    document = common["case"].documents.get(pk=said["document"])
    return actions.serve(document=document, service=service, by=common["by"], now=common["now"])


_SERVICE = ("on", "place", "received_by", "relation", "servers", "refused_because", "witness")


def _aid(said: Said, common: Said) -> object:
    told = {name: said[name] for name in ("kind", "department", "given_on", "words")}
    return actions.give_aid(**common, **told)


def _plan(said: Said, common: Said) -> object:
    told = {name: said[name] for name in ("situation", "goal", "measures", "people", "review_on", "version")}
    return actions.write_plan(**common, **told)


def _pause(said: Said, common: Said) -> object:
    duty = common["case"].duties.select_related("case__county").get(pk=said["duty"])
    days = {"first": said["first_day"], "last": said["last_day"]}
    return actions.ask_pause(duty=duty, **days, reason=said["reason"], by=common["by"], now=common["now"])


def _answer_pause(said: Said, common: Said) -> object:
    pause = Pause.objects.get(pk=said["pause"], duty__case=common["case"])
    return actions.answer_pause(pause=pause, approve=said["approve"] == "yes", by=common["by"], now=common["now"])


def _take_back(said: Said, common: Said) -> object:
    evidence = common["case"].evidence.select_related("case__county").get(pk=said["evidence"])
    return actions.take_back(evidence=evidence, by=common["by"], now=common["now"])


def _plain(action: Callable[..., object]) -> Do:
    """An act that asks for a word why at most."""

    def do(said: Said, common: Said) -> object:
        return action(**common, **{name: said[name] for name in ("reason", "version") if name in said})

    return do


def _on_facts(action: Callable[..., object]) -> Do:
    """An act that rests on the facts of a dropout."""

    def do(said: Said, common: Said) -> object:
        facts = DropoutFacts(said["on"], said["reason"], said["whereabouts"], said["basis"])
        return action(**common, facts=facts, version=said["version"])

    return do


_WHY, _BARE = forms.ReasonForm, forms.CaseForm
_TRANSITIONS: dict[str, tuple[type[forms.CaseForm], Do]] = {
    "find_suspected": (_WHY, _plain(actions.find_suspected)),
    "find_never_enrolled": (forms.DropoutForm, _on_facts(actions.find_never_enrolled)),
    "exclude": (_WHY, _plain(actions.exclude)),
    "confirm_dropout": (forms.DropoutForm, _on_facts(actions.confirm_dropout)),
    "begin_persuading": (_BARE, _plain(actions.begin_persuading)),
    "begin_ladder": (_WHY, _plain(actions.begin_ladder)),
    "back_to_persuading": (_WHY, _plain(actions.back_to_persuading)),
    "return_to_school": (forms.PlacementForm, _place),
    "begin_observing": (forms.SeenForm, _seen),
    "missing_again": (_WHY, _plain(actions.missing_again)),
    "suspected_again": (_WHY, _plain(actions.missing_again)),
    "apply_closure": (forms.ClosureForm, _apply),
    "apply_other_closure": (forms.ClosureForm, _apply),
    "withdraw_closure": (_WHY, _plain(actions.withdraw_closure)),
    "take_up_closure": (_BARE, _plain(actions.take_up_closure)),
    "send_back_closure": (_WHY, _plain(actions.send_back_closure)),
    "close_case": (_WHY, _plain(actions.close_case)),
    "suspend": (forms.SuspendForm, _suspend),
    "resume": (_WHY, _plain(actions.resume)),
}
_WORK = {
    "verify": Act("记核查结果", forms.VerifyForm, _verify),
    "persuade": Act("记一次联系、劝返", forms.PersuasionForm, _persuade),
    "evidence": Act("添佐证", forms.EvidenceForm, _prove),
    "owner": Act("明确主责人", forms.OwnerForm, _own),
    "plan": Act("写一生一策", forms.PlanForm, _plan),
    "aid": Act("记帮扶", forms.AidForm, _aid),
    "issue": Act("开文书", forms.IssueForm, _issue),
    "serve": Act("记送达", forms.ServeForm, _serve),
    "pause": Act("申请暂停时限", forms.PauseForm, _pause),
    "take_back": Act("撤回佐证", forms.TakeBackForm, _take_back),
}
_ANSWER_PAUSE = {"answer_pause": Act("答复暂停申请", forms.AnswerPauseForm, _answer_pause)}
ACTS = _WORK | _ANSWER_PAUSE | {code: Act(BY_CODE[code].label, form, do) for code, (form, do) in _TRANSITIONS.items()}
"""Every act by its code in addresses; those of the table under the table's codes."""

_ANSWERS: dict[Clock, tuple[str, ...]] = {
    Clock.VERIFY: ("verify",),
    Clock.CONFIRM: ("confirm_dropout", "exclude"),
    Clock.PAIR_UP: ("owner",),
    Clock.LADDER: ("begin_ladder", "issue"),
    Clock.ARRIVE: ("begin_observing",),
    Clock.OBSERVE: ("apply_closure",),
    Clock.TAKE_UP: ("take_up_closure",),
    Clock.REVIEW: ("close_case",),
    Clock.SUSPENSION: ("resume",),
}


def answers(clock: Clock) -> tuple[str, ...]:
    """The acts that answer a duty, the usual one first: what its line and its button lead to."""
    return _ANSWERS.get(clock, ("persuade",))


def open_acts(by: Actor, case: Case) -> list[str]:
    """The acts on a case that are open to a post at its stage: the daily work, then the ways of the table."""
    work = [code for code in _WORK if _has_object(case, code)] if queries.may_work(by, case) else []
    if not work and by.can(Capability.WORK_CASE) and queries.follow_up_owed(case) is not None:
        # Return visits go on after the closure.
        work = ["persuade"]
    asked = by.can(Capability.APPROVE_PAUSE) and Pause.objects.filter(duty__case=case, approved_at=None).exists()
    return [*(_ANSWER_PAUSE if asked else ()), *work, *(way.code for way in queries.acts_for(by, case))]


def _has_object(case: Case, code: str) -> bool:
    """Whether there is something that an act of the daily work could be about."""
    if code == "issue":
        return CaseStage(case.stage) in MAY_HAVE_DOCUMENTS
    if code == "serve":
        return bool(case.documents.filter(served_on=None).exists())
    return code != "take_back" or bool(case.evidence.filter(withdrawn_at=None).exists())


def in_order(acts: list[str], clock: Clock | None) -> tuple[list[str], bool]:
    """Acts with the one that answers a duty first, and whether there is such a one among them."""
    first = [code for code in (answers(clock) if clock else ()) if code in acts]
    return first + [code for code in acts if code not in first], bool(first)
