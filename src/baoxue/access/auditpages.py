"""The audit record: the auditor's page. It stands here because the record itself lies below accounts and knows none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from baoxue.access.auditwords import told
from baoxue.access.request import ActingRequest
from baoxue.audit import queries
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.audit.tasks import VERIFY
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock, jobs
from baoxue.platform.gate import page
from baoxue.platform.models import Job
from baoxue.policy.capabilities import Capability, Role

_PAGE = 50
_EVENTS = [(event.value, event.label) for event in AuditEvent]
_EVENT_WORDS = dict(_EVENTS)
_ROLE_WORDS = {role.value: role.label for role in Role}
# What things are called here; others go by the name of their table.
_TARGETS = {
    "Account": "账户",
    "Post": "岗位",
    "Token": "访问令牌",
    "Import": "名册",
    "Snapshot": "名册快照",
    "Run": "比对",
    "Pair": "两条记录",
    "Finding": "线索",
    "Verdict": "结论",
    "Child": "儿童",
    "Export": "导出文件",
    "Merge": "合并或拆分",
    "Job": "任务",
    "Jurisdiction": "机构",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in words."""

    entry: Entry
    words: str
    role: str
    place: str
    target: str
    detail: str


def _in_words(entry: Entry, place: str) -> Row:
    return Row(
        entry,
        words=_EVENT_WORDS.get(entry.event, entry.event),
        role=_ROLE_WORDS.get(entry.role, ""),
        place=place,
        target=_TARGETS.get(entry.target_type, entry.target_type),
        detail=told(entry.detail),
    )


@require_safe
@page(Capability.READ_AUDIT)
def entries(request: ActingRequest) -> HttpResponse:
    """Entries within reach, the newest first; the way to older ones goes by the last one shown."""
    given = request.GET
    asked = queries.Asked(
        event=given.get("event", ""),
        words=given.get("q", "").strip(),
        first=_day(given.get("first", "")),
        last=_day(given.get("last", "")),
        target_type=given.get("target_type", "").strip(),
        target_id=given.get("target_id", "").strip(),
        before=int(given["before"]) if given.get("before", "").isdecimal() else None,
    )
    rows = list(queries.entries(request.actor, asked)[: _PAGE + 1])
    shown = rows[:_PAGE]
    names = dict(Jurisdiction.objects.filter(path__in={row.place_path for row in shown}).values_list("path", "name"))
    context = {
        "rows": [_in_words(row, names.get(row.place_path, "")) for row in shown],
        "older": shown[-1].pk if len(rows) > _PAGE else None,
        "asked": asked,
        "events": _EVENTS,
        "proof": Job.objects.visible_to(request.actor).filter(kind=VERIFY).order_by("-created_at").first(),
    }
    return render(request, "access/audit.html", context)


@require_POST
@page(Capability.READ_AUDIT)
def verify(request: ActingRequest) -> HttpResponse:
    """Ask for a proof of the whole chain."""
    now = clock.now()
    jobs.ask(VERIFY, {}, place_path=request.actor.scope.path, by=request.actor, now=now)
    record(AuditEvent.AUDIT_VERIFIED, by=request.actor, at=now)
    messages.success(request, "正在核对整条审计链，结果会写在这一页上。")
    return redirect("access:audit")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
