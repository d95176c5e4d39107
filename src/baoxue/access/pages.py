"""Signing in, the second factor, the password, the post in force."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access import directory, secondfactor, signin
from baoxue.access.actors import actor_of
from baoxue.access.errors import CodeRefused, DoorShut, NoPost, PasswordRefused
from baoxue.access.models import Account, Post
from baoxue.access.queries import SESSION, open_to, posts_in_force
from baoxue.access.request import ActingRequest
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.platform import clock
from baoxue.platform.errors import SystemRefusal
from baoxue.platform.gate import page, public
from baoxue.platform.scope import acting_as

# Between the password (or the directory, `way`) and the end of signing in: {"account", "at", "next", "way"}.
_PENDING = "signing_in"
_PENDING_SECONDS = 600
# While somebody is at the directory: what must come back with them.
_AWAY = "at_directory"


@public
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    refusal = None
    if request.method == "POST":
        now = clock.now()
        try:
            account = signin.sign_in(
                username=request.POST.get("username", ""),
                password=request.POST.get("password", ""),
                address=_address(request),
                now=now,
            )
        except SystemRefusal as found:
            refusal = found
        else:
            return _go_on(request, account, way="password", where=request.POST.get("next", ""), now=now)
    context = {
        "refusal": refusal,
        "username": request.POST.get("username", ""),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "demo": settings.DEMO,
        "directory": directory.configured(),
    }
    return render(request, "access/sign_in.html", context, status=200 if refusal is None else refusal.status)


@public
@transaction.non_atomic_requests
@require_safe
def to_directory(request: HttpRequest) -> HttpResponse:
    """To the bureau's own directory, to prove there who one is."""
    named = directory.configured()
    if named is None:
        raise Http404
    address, held = directory.begin(named, back=_back(request))
    request.session[_AWAY] = {**held, "next": request.GET.get("next", "")}
    return redirect(address)


@public
@transaction.non_atomic_requests
@require_safe
def from_directory(request: HttpRequest) -> HttpResponse:
    """Back from the directory: whose account it is, and on as after a password."""
    named, held = directory.configured(), request.session.pop(_AWAY, None)
    if named is None or held is None:
        return redirect("access:sign_in")
    now = clock.now()
    subject = directory.finish(named, answered=request.GET.dict(), held=held, back=_back(request), now=clock.real(now))
    account = signin.account_of_subject(subject, address=_address(request), now=now)
    return _go_on(request, account, way="directory", where=held["next"], now=now)


@public
@transaction.non_atomic_requests
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The one-time code of an account that has set one up."""
    account = _pending(request)
    if account is None:
        return redirect("access:sign_in")
    refusal: SystemRefusal | None = None
    if request.method == "POST":
        now = clock.now()
        try:
            right = signin.check_code(
                account=account, code=request.POST.get("code", ""), address=_address(request), now=now
            )
        except DoorShut as found:
            refusal = found
        else:
            if right:
                return _open(request, account, factor=True, now=now)
            refusal = CodeRefused()
    return render(request, "access/code.html", {"refusal": refusal}, status=200 if refusal is None else refusal.status)


@public
@require_http_methods(["GET", "POST"])
def set_second_factor(request: HttpRequest) -> HttpResponse:
    """Setting up the one-time code, on the way in."""
    account = _pending(request)
    if account is None or account.second_factor_confirmed_at is not None:
        return redirect("access:sign_in")
    secret = signin.begin_second_factor(account=account)
    refusal, now = None, clock.now()
    if request.method == "POST":
        actor = actor_of(posts_in_force(account, today=clock.day_of(now))[0], address=_address(request))
        try:
            with acting_as(actor.scope):
                codes = signin.confirm_second_factor(
                    account=account, code=request.POST.get("code", ""), by=actor, now=now
                )
        except CodeRefused as found:
            refusal = found
        else:
            _open(request, account, factor=True, now=now)
            return render(request, "access/recovery_codes.html", {"codes": codes})
    context = {
        "refusal": refusal,
        "secret": secret,
        "picture": mark_safe(secondfactor.picture(secret, username=account.username)),
    }
    return render(request, "access/set_second_factor.html", context, status=200 if refusal is None else refusal.status)


@page()
@require_http_methods(["GET", "POST"])
def change_password(request: ActingRequest) -> HttpResponse:
    """A new password, on the first sign-in or whenever somebody wants one."""
    refusal: PasswordRefused | DoorShut | None = None
    if request.method == "POST":
        now = clock.now()
        try:
            if request.POST.get("new") != request.POST.get("again"):
                raise PasswordRefused("两次输入的新密码不一样。", field="again")
            signin.change_password(
                account=request.account,
                old=request.POST.get("old", ""),
                new=request.POST.get("new", ""),
                by=request.actor,
                now=now,
            )
        except (PasswordRefused, DoorShut) as found:
            refusal = found
        else:
            held = request.session[SESSION]
            request.session.cycle_key()
            request.session[SESSION] = {**held, "began": clock.real_now().isoformat()}
            messages.success(request, "密码已改。其他地方的登录都已退出。")
            return redirect("/")
    context = {"refusal": refusal, "first": request.account.must_change_password}
    return render(request, "access/password.html", context, status=200 if refusal is None else refusal.status)


@page()
@require_POST
def sign_out(request: ActingRequest) -> HttpResponse:
    """Sign out."""
    record(AuditEvent.SIGNED_OUT, by=request.actor, at=clock.now(), target=request.post_in_force)
    request.session.flush()
    return redirect("access:sign_in")


@page()
@require_POST
def switch_post(request: ActingRequest) -> HttpResponse:
    """Act in another of one's posts."""
    now = clock.now()
    chosen = next((post for post in request.posts if str(post.pk) == request.POST.get("post")), None)
    if chosen is not None:
        request.session[SESSION] = {**request.session[SESSION], "post": chosen.pk}
        record(AuditEvent.POST_SWITCHED, by=request.actor, at=now, target=chosen, detail={"post": chosen.pk})
        messages.success(request, f"现在是：{chosen.jurisdiction.name} {chosen.get_role_display()}。")
    return redirect("/")


def _go_on(request: HttpRequest, account: Account, *, way: str, where: str, now: datetime) -> HttpResponse:
    """After the password or the directory: the second factor, where a post of the account asks for it."""
    request.session.cycle_key()
    request.session[_PENDING] = {
        "account": account.pk,
        "at": clock.real(now).isoformat(),
        "next": _safe_next(request, where),
        "way": way,
    }
    if settings.DEMO or not (account.second_factor_confirmed_at or signin.needs_second_factor(account, now=now)):
        return _open(request, account, factor=settings.DEMO, now=now)
    return redirect("access:code" if account.second_factor_confirmed_at else "access:set_second_factor")


def _open(request: HttpRequest, account: Account, *, factor: bool, now: datetime) -> HttpResponse:
    """Signed in: a session of its own, and on to where somebody wanted to go."""
    pending = request.session[_PENDING]
    posts = open_to(posts_in_force(account, today=clock.day_of(now)), factor=factor)
    if not posts:
        raise NoPost
    post = posts[0]
    signin.opened(post=post, way=pending["way"], address=_address(request), now=now)
    request.session.flush()
    _hold(request, account, post, factor=factor, way=pending["way"], now=now)
    given = account.must_change_password and pending["way"] == "password"
    return redirect("access:password" if given else pending["next"])


def _hold(request: HttpRequest, account: Account, post: Post, *, factor: bool, way: str, now: datetime) -> None:
    request.session[SESSION] = {
        "account": account.pk,
        "post": post.pk,
        "began": clock.real(now).isoformat(),
        "seen": clock.real(now).isoformat(),
        "factor": factor,
        "way": way,
    }


def _pending(request: HttpRequest) -> Account | None:
    held = request.session.get(_PENDING)
    if held is None:
        return None
    if (clock.real_now() - datetime.fromisoformat(held["at"])).total_seconds() > _PENDING_SECONDS:
        return None
    return Account.objects.filter(pk=held["account"], is_active=True).first()


def _safe_next(request: HttpRequest, where: str) -> str:
    fine = url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return where if fine and where.startswith("/") else "/"


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("access:from_directory"))


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
