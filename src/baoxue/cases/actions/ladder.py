"""依法控辍: documents issued and served, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases import clocks
from baoxue.cases.errors import StageRefused, StepClosed
from baoxue.cases.models import Case, ServedDocument
from baoxue.cases.moving import hold, move, place_of, touch, written
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import ChangedMeanwhile, InputRefused, NotPermitted
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.casestages import OUT_OF_SCHOOL, CaseStage, Clock
from baoxue.policy.ladder import STEPS, Issued, LadderStep, Openness, ServiceWay, openness, term_ends

MAY_HAVE_DOCUMENTS = OUT_OF_SCHOOL | {CaseStage.SUSPECTED}


@dataclass(frozen=True, slots=True)
class Service:
    """送达回证: how a document reached the guardian."""

    on: date
    way: ServiceWay
    place: str
    received_by: str
    relation: str
    servers: str
    refused_because: str = ""
    witness: str = ""

    def check(self, document: ServedDocument, *, today: date) -> None:
        """Raise InputRefused unless the proof says what it must."""
        if not document.issued_on <= self.on <= today:
            raise InputRefused("送达日期应在开具之后、今天以前。", field="served_on")
        if len([name for name in self.servers.replace("，", "、").replace(",", "、").split("、") if name.strip()]) < 2:
            raise InputRefused("送达人要写两位，用顿号隔开。", field="servers")
        if self.way is ServiceWay.LEFT and not (self.refused_because.strip() and self.witness.strip()):
            raise InputRefused("留置送达要写拒收事由和见证人。", field="witness")
        if self.way in (ServiceWay.IN_PERSON, ServiceWay.ELECTRONIC) and not self.received_by.strip():
            raise InputRefused("请写签收人。", field="received_by")


def issued_of(case: Case) -> dict[LadderStep, Issued]:
    """The latest document of each step of a case."""
    rows = ServedDocument.objects.filter(case=case).order_by("issued_on", "pk")
    return {LadderStep(row.step): Issued(LadderStep(row.step), row.served_on, row.term_ends) for row in rows}


def steps_of(case: Case, *, today: date, penalty_article: str) -> dict[LadderStep, Openness]:
    """Which steps are open for a case on a day, and why not the others."""
    issued = issued_of(case)
    return {step: openness(step, issued, today=today, penalty_article=penalty_article) for step in LadderStep}


@transaction.atomic
def issue(
    *, case: Case, step: LadderStep, number: str, issuer: Jurisdiction, penalty_article: str, by: Actor, now: datetime,
    version: int | None = None,
) -> ServedDocument:  # fmt: skip
    """Issue a document of the ladder under its number. Raises NotPermitted, StageRefused, StepClosed, CaseChanged."""
    rule = STEPS[step]
    by.require(Capability.WORK_CASE if Level.SCHOOL in rule.issuers else Capability.ISSUE_ORDER, at=place_of(case, by))
    if Level(issuer.level) not in rule.issuers or not by.scope.covers(issuer.path):
        raise NotPermitted(Capability.ISSUE_ORDER)
    case = hold(case, version=version)
    stage, on = CaseStage(case.stage), day_of(now)
    if stage not in MAY_HAVE_DOCUMENTS:
        raise StageRefused(stage, f"开《{step.label}》")
    judged = openness(step, issued_of(case), today=on, penalty_article=penalty_article)
    if not judged.open:
        raise StepClosed(judged.why)
    if not number.strip():
        raise InputRefused("请写文号。", field="number")
    try:
        with transaction.atomic():
            document = ServedDocument.objects.create(
                case=case, home_path=case.home_path, school_path=case.school_path, step=step.value, number=number.strip(),
                issued_on=on, issuer_path=issuer.path, issuer_name=issuer.name, clause=judged.clause,
                term_days=clocks.limit_of(case, rule.term).days if rule.term else None, **written(by, now),
            )  # fmt: skip
    except IntegrityError:
        raise InputRefused(f"文号“{number.strip()}”已经用过，请换一个。", field="number") from None
    clocks.end(case, (Clock.LADDER,), by=by, on=on)
    record(AuditEvent.DOCUMENT_ISSUED, by=by, at=now, target=case, place_path=place_of(case, by),
           detail={"step": step.value})  # fmt: skip
    touch(case)
    return document


@transaction.atomic
def serve(*, document: ServedDocument, service: Service, by: Actor, now: datetime) -> ServedDocument:
    """Write down the proof of service; the term runs from that day. Raises NotPermitted, InputRefused, ChangedMeanwhile."""
    case = hold(document.case, version=None)
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    service.check(document, today=day_of(now))
    ends = _term_ends(document, case, service.on)
    changed = ServedDocument.objects.filter(pk=document.pk, served_on=None).update(
        served_on=service.on, served_way=service.way.value, received_by=service.received_by.strip(),
        relation=service.relation.strip(), servers=service.servers.strip(), witness=service.witness.strip(),
        term_ends=ends, served_entered_by=by.name,
    )  # fmt: skip
    if changed != 1:
        raise ChangedMeanwhile("这份文书已经有送达回证了。")
    document = ServedDocument.objects.get(pk=document.pk)
    document.served_at_place, document.refused_because = service.place.strip(), service.refused_because.strip()
    document.save(update_fields=["served_at_place", "refused_because"])
    if ends is not None and CaseStage(case.stage) in (CaseStage.PERSUADING, CaseStage.LEGAL_LADDER):
        clocks.end(case, (Clock.LADDER,), by=by, on=day_of(now))
        clocks.start(case, (Clock.LADDER,), on=ends, words=f"《{LadderStep(document.step).label}》期满")
    record(AuditEvent.DOCUMENT_SERVED, by=by, at=now, target=case, place_path=place_of(case, by),
           detail={"step": document.step, "way": service.way.value})  # fmt: skip
    touch(case)
    return document


def _term_ends(document: ServedDocument, case: Case, served_on: date) -> date | None:
    term = STEPS[LadderStep(document.step)].term
    return term_ends(served_on, clocks.limit_of(case, term), clocks.calendar_for(case, served_on)) if term else None


@transaction.atomic
def begin_ladder(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Go on by law, once the letter is served, its term over and persuasion was tried."""
    return move(hold(case, version=version), "begin_ladder", by=by, now=now, reason=reason)


@transaction.atomic
def back_to_persuading(*, case: Case, reason: str, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Go back to persuading, e.g. because the family is willing now."""
    return move(hold(case, version=version), "back_to_persuading", by=by, now=now, reason=reason)
