"""A case and the people who work on it, for the tests of cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.system.places import NOW, TODAY, Places, actor

from baoxue.cases import actions
from baoxue.cases.actions.deciding import DropoutFacts
from baoxue.cases.actions.ladder import Service
from baoxue.cases.actions.persuading import Person
from baoxue.cases.models import Attempt, Case
from baoxue.children.models import Child, Schooling
from baoxue.jurisdictions.models import Term
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Role
from baoxue.policy.casecodes import (
    AttemptResult,
    EvidenceKind,
    LeadSource,
    Measure,
    Met,
    ReturnWay,
    VerificationResult,
)
from baoxue.policy.closing import ClosingReason
from baoxue.policy.ladder import LadderStep, ServiceWay

WORDS = "到家里问过本人和父亲"
FACTS = DropoutFacts(on=date(2025, 10, 1), reason="R03", whereabouts="D02", basis="班主任和村里都证实")
EVIDENCE_OF_RETURN = (
    EvidenceKind.ATTENDANCE_RECORD, EvidenceKind.SEAT_PHOTO, EvidenceKind.SCHOOL_SIGNATURE, EvidenceKind.SPOT_CHECK,
)  # fmt: skip


@dataclass
class Team:
    """Everybody a case needs, at their places; `now` moves as they work."""

    places: Places
    now: datetime = NOW
    teacher: Actor = field(init=False)
    principal: Actor = field(init=False)
    township: Actor = field(init=False)
    officer: Actor = field(init=False)
    second_officer: Actor = field(init=False)
    director: Actor = field(init=False)

    def __post_init__(self) -> None:
        Term.objects.get_or_create(
            jurisdiction=self.places.city, school_year=2025, semester="autumn",
            defaults={"first_day": date(2025, 9, 1), "last_day": date(2026, 1, 16)},
        )  # fmt: skip
        self.teacher = actor(Role.CLASS_TEACHER, self.places.school)
        self.principal = actor(Role.PRINCIPAL, self.places.school)
        self.township = actor(Role.TOWNSHIP_OFFICER, self.places.township)
        self.officer = actor(Role.COUNTY_OFFICER, self.places.county)
        self.second_officer = _another(Role.COUNTY_OFFICER, self.places)
        self.director = actor(Role.BUREAU_DIRECTOR, self.places.county)

    @property
    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return (self.now + timedelta(hours=8)).date()

    def days_later(self, days: int) -> None:
        """Let days go by."""
        self.now += timedelta(days=days)

    def child(self, **more: Any) -> Child:
        """A child of the school's third grade who stands in the 适龄儿童台账."""
        where = {
            "county": self.places.county, "home_path": self.places.township.path, "school_path": self.places.school.path,
        }  # fmt: skip
        told = {
            "name": "林别处",
            "name_sort": "lin2 bie2 chu4",
            "sex": "M",
            "birth_date": date(2014, 5, 6),
            "status": "17",
        }
        child = Child.objects.create(
            **where, **told, name_pinyin="linbiechu", name_initials="lbc", school_name="双河镇中心小学", grade=3,
            created_at=NOW, changed_at=NOW, **more,
        )  # fmt: skip
        Schooling.objects.create(
            child=child, **where, **told, counted=True, stage="primary", grade=3, reason="有学籍，点名册上没有",
            valid_from=date(2025, 9, 20), recorded_from=NOW,
        )  # fmt: skip
        return child

    def opened(self, **more: Any) -> Case:
        """A case at 核实."""
        child = self.child(**more)
        lead = actions.report_lead(
            county=self.places.county, child=child, name=child.name, source=LeadSource.SCHOOL, found_on=TODAY,
            words="三天没来", key=f"test:{child.pk}", by=self.teacher, now=self.now,
        )  # fmt: skip
        return actions.open_case(lead=lead, by=self.officer, now=self.now)

    def never_enrolled(self, child: Child) -> Case:
        """The case of a child of the registers, confirmed as never enrolled."""
        lead = actions.report_lead(
            county=self.places.county, child=child, name=child.name, source=LeadSource.SWEEP, found_on=TODAY, words="在家",
            key="k", by=self.township, now=self.now,
        )  # fmt: skip
        case = actions.open_case(lead=lead, by=self.officer, now=self.now)
        case = actions.verify(
            case=case, result=VerificationResult.OUT_OF_SCHOOL, verified_on=self.today, words=WORDS, by=self.township,
            now=self.now,
        )  # fmt: skip
        return actions.find_never_enrolled(case=case, facts=FACTS, by=self.officer, now=self.now)

    def verified(self, result: VerificationResult = VerificationResult.OUT_OF_SCHOOL, **more: Any) -> Case:
        """A case with a result of the township."""
        return actions.verify(
            case=self.opened(**more), result=result, verified_on=self.today, words=WORDS, by=self.township, now=self.now
        )

    def suspected(self, **more: Any) -> Case:
        """A case at 疑似, proposed by the school."""
        return actions.find_suspected(case=self.verified(**more), by=self.principal, now=self.now)

    def persuading(self, **more: Any) -> Case:
        """A confirmed case with an owner, at 劝返."""
        case = actions.confirm_dropout(case=self.suspected(**more), facts=FACTS, by=self.officer, now=self.now)
        self.own(case)
        return actions.begin_persuading(case=case, by=self.township, now=self.now)

    def own(self, case: Case) -> None:
        """Name the owner."""
        from baoxue.policy.duties import Line

        actions.name_responsible(
            case=case, line=Line.EDUCATION, title="包保干部", name="陈主责", unit="双河镇中心小学", phone="", is_owner=True,
            by=self.officer, now=self.now,
        )  # fmt: skip

    def persuade(self, case: Case, **more: Any) -> Attempt:
        """A visit, as the township writes it down."""
        said = {
            "at": self.now - timedelta(hours=1), "measure": Measure.VILLAGE_VISIT.value,
            "meaning": Measure.VILLAGE_VISIT, "went": [Person("陈主责", "双河镇")], "met": [Met.CHILD, Met.FATHER],
            "result": AttemptResult.UNDECIDED, "talk": "孩子说想跟表哥去打工，父亲还在犹豫",
        }  # fmt: skip
        return actions.record_persuasion(
            case=case, said=actions.Persuasion(**(said | more)), by=self.township, now=self.now
        )

    def returned(self, **more: Any) -> Case:
        """A case at 复学."""
        placement = actions.Placement(ReturnWay.OWN_CLASS, "2152000001", "双河镇中心小学", "3班", self.today)
        return actions.return_to_school(
            case=self.persuading(**more), placement=placement, by=self.teacher, now=self.now
        )

    def observing(self, **more: Any) -> Case:
        """A case at 观察."""
        return actions.begin_observing(case=self.returned(**more), seen_on=self.today, by=self.teacher, now=self.now)

    def prove(self, case: Case, *kinds: EvidenceKind) -> None:
        """Add proofs."""
        for kind in kinds or EVIDENCE_OF_RETURN:
            actions.add_evidence(case=case, kind=kind, words="在学校看过原件", by=self.principal, now=self.now)

    def applied(self, **more: Any) -> Case:
        """A case whose closure was applied for."""
        case = self.observing(**more)
        self.prove(case)
        self.days_later(60)
        return actions.apply_closure(
            case=case, closing=ClosingReason.RETURNED, reason="", by=self.principal, now=self.now
        )

    def closed(self, **more: Any) -> Case:
        """A case that was struck off."""
        case = actions.take_up_closure(case=self.applied(**more), by=self.officer, now=self.now)
        return actions.close_case(case=case, reason="材料齐", by=self.officer, now=self.now)

    def letter(self, case: Case, *, served: bool = True) -> Any:
        """The 劝学通知书, served."""
        document = actions.issue(
            case=case, step=LadderStep.LETTER, number=f"双小劝〔2025〕{case.number}号", issuer=self.places.school,
            penalty_article="", by=self.principal, now=self.now,
        )  # fmt: skip
        if not served:
            return document
        service = Service(self.today, ServiceWay.IN_PERSON, "家里", "林大山", "父亲", "陈一、王二")
        return actions.serve(document=document, service=service, by=self.principal, now=self.now)


def _another(role: Role, places: Places) -> Actor:
    from tests.system.places import post_of

    from baoxue.access.actors import actor_of

    return actor_of(post_of(role, places.county, username=f"{role.value}-二"))
