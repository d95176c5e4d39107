"""How far a job is, for people; how the system is, for the machines that watch over it."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from baoxue.access.request import ActingRequest
from baoxue.operation import actions, metrics
from baoxue.operation.queries import installation, job_of, progress_of, readiness, recent_jobs
from baoxue.platform import clock
from baoxue.platform.gate import page, public
from baoxue.platform.models import Job
from baoxue.policy.capabilities import Capability

_JOBS = 30
_LOOPBACK = ("127.0.0.1", "::1")


@require_safe
@page()
def job(request: ActingRequest, job_id: uuid.UUID) -> HttpResponse:
    """One job: a page, or the part of a page that shows it and asks again by itself."""
    return _shown(request, job_of(request.actor, job_id))


@require_POST
@page()
def stop(request: ActingRequest, job_id: uuid.UUID) -> HttpResponse:
    """Stop a job."""
    stopped = actions.stop_job(job=job_of(request.actor, job_id), by=request.actor, now=clock.now())
    if request.headers.get("HX-Request"):
        return _shown(request, stopped)
    return HttpResponseRedirect(reverse("operation:job", args=[job_id]))


@require_POST
@page()
def again(request: ActingRequest, job_id: uuid.UUID) -> HttpResponse:
    """Have a job done that failed or was stopped."""
    asked = actions.ask_again(job=job_of(request.actor, job_id), by=request.actor, now=clock.now())
    if request.headers.get("HX-Request"):
        return _shown(request, asked)
    return HttpResponseRedirect(reverse("operation:job", args=[job_id]))


def _shown(request: ActingRequest, shown: Job) -> HttpResponse:
    template = "web/components/job.html" if request.headers.get("HX-Request") else "operation/job.html"
    context = {
        "job": shown,
        "progress": progress_of(shown, now=clock.real_now()),
        "may_stop": actions.may_stop(shown, request.actor),
        "may_ask_again": actions.may_ask_again(shown, request.actor),
    }
    return render(request, template, context)


@require_safe
@page(Capability.OPERATE)
def overview(request: ActingRequest) -> HttpResponse:
    """How the installation is: versions, workers, backups, jobs. Nothing about people."""
    now = clock.now()
    context = {
        "installation": installation(request.actor, now=now),
        "page": Paginator(recent_jobs(request.actor), _JOBS).get_page(request.GET.get("page")),
        "now": now,
    }
    return render(request, "operation/overview.html", context)


@require_safe
@public
@transaction.non_atomic_requests
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers, whatever else may be wrong."""
    return JsonResponse({"alive": True})


@require_safe
@public
@transaction.non_atomic_requests
def ready(_request: HttpRequest) -> HttpResponse:
    """Whether the whole can be used; 503 with what is missing if not."""
    found = readiness(now=clock.real_now())
    return JsonResponse(found, status=200 if all(found.values()) else 503)


@require_safe
@public
@transaction.non_atomic_requests
def figures(request: HttpRequest) -> HttpResponse:
    """Figures for a monitoring system: to this machine, or for the token of the installation. Else there is no page."""
    # A proxy on this machine brings everybody's requests: those say so.
    from_here = request.META.get("REMOTE_ADDR") in _LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if not (from_here or known):
        raise Http404
    return HttpResponse(metrics.figures(now=clock.now()), content_type="text/plain; version=0.0.4; charset=utf-8")
