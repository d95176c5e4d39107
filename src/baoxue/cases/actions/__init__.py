"""What people do with cases: one function per business act, by subject."""

from __future__ import annotations

from baoxue.cases.actions.closing import apply_closure, close_case, send_back_closure, take_up_closure, withdraw_closure
from baoxue.cases.actions.deciding import confirm_dropout, exclude, find_never_enrolled, find_suspected, resume, suspend
from baoxue.cases.actions.duties import answer_pause, ask_pause, name_responsible, relieve
from baoxue.cases.actions.ladder import back_to_persuading, begin_ladder, issue, serve
from baoxue.cases.actions.leads import open_case, report_lead, set_aside, take_up_finding
from baoxue.cases.actions.persuading import Persuasion, begin_persuading, give_aid, record_persuasion, write_plan
from baoxue.cases.actions.proving import add_evidence, take_back, verify
from baoxue.cases.actions.returning import Placement, begin_observing, missing_again, return_to_school

__all__ = [
    "Persuasion",
    "Placement",
    "add_evidence",
    "answer_pause",
    "apply_closure",
    "ask_pause",
    "back_to_persuading",
    "begin_ladder",
    "begin_observing",
    "begin_persuading",
    "close_case",
    "confirm_dropout",
    "exclude",
    "find_never_enrolled",
    "find_suspected",
    "give_aid",
    "issue",
    "missing_again",
    "name_responsible",
    "open_case",
    "record_persuasion",
    "relieve",
    "report_lead",
    "resume",
    "return_to_school",
    "send_back_closure",
    "serve",
    "set_aside",
    "suspend",
    "take_back",
    "take_up_closure",
    "take_up_finding",
    "verify",
    "withdraw_closure",
    "write_plan",
]
