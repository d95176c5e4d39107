"""Accounts and posts: the pages of the account administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access import actions, queries
from baoxue.access.forms import AccountForm, NewAccountForm, PostForm
from baoxue.access.models import Account, Post, Token
from baoxue.access.request import ActingRequest
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability, Department, Role

_PAGE = 30
_NO_PLACE = "没有这个机构，或者它不在本岗位范围内。请核对代码。"
_ROLES = [(role.value, role.label) for role in Role]
_STATES = [("closed", "已停用")]


@require_safe
@page(Capability.MANAGE_ACCOUNTS)
def accounts(request: ActingRequest) -> HttpResponse:
    """Everybody within reach, by name."""
    words, role, state = (request.GET.get(name, "").strip() for name in ("q", "role", "state"))
    listed = queries.accounts_of(request.actor, words=words, role=role, closed=state == "closed", today=clock.today())
    context = {
        "page": Paginator(listed, _PAGE).get_page(request.GET.get("page")),
        "words": words,
        "role": role,
        "roles": _ROLES,
        "state": state,
        "states": _STATES,
    }
    return render(request, "access/accounts.html", context)


@require_http_methods(["GET", "POST"])
@page(Capability.MANAGE_ACCOUNTS)
def new_account(request: ActingRequest) -> HttpResponse:
    """A new account; its first password shows once."""
    own = request.post_in_force.jurisdiction.code
    form = NewAccountForm(request.POST or None, initial={"place": own})
    if form.is_valid():
        place = _place(form, request)
        if place is not None:
            given = {name: form.cleaned_data[name] for name in ("username", "name", "phone")}
            try:
                account, password = actions.create_account(**given, place=place, by=request.actor, now=clock.now())
            except InputRefused as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
            else:
                return _show_password(request, account, password, first=True)
    context = {"form": form, "places": queries.places_of(request.actor)}
    return render(request, "access/new_account.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Capability.MANAGE_ACCOUNTS)
def account(request: ActingRequest, account_id: int) -> HttpResponse:
    """One account: the person, the posts, the tokens; a form to correct the person."""
    shown = _account(request, account_id)
    known = {"name": shown.name, "phone": shown.phone, "oidc_subject": shown.oidc_subject or ""}
    form = AccountForm(request.POST or None, initial=known)
    if form.is_valid():
        try:
            actions.change_account(account=shown, **form.cleaned_data, by=request.actor, now=clock.now())
        except InputRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, "已改。")
            return redirect("access:account", account_id=shown.pk)
    return _show(request, shown, form=form)


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def give_post(request: ActingRequest, account_id: int) -> HttpResponse:
    """Give a post."""
    shown = _account(request, account_id)
    form = PostForm(request.POST, today=clock.today())
    place = _place(form, request) if form.is_valid() else None
    if place is None:
        return _show(request, shown, post_form=form)
    chosen = form.cleaned_data
    try:
        actions.give_post(
            account=shown,
            role=Role(chosen["role"]),
            place=place,
            department=Department(chosen["department"]) if chosen["department"] else None,
            valid_from=chosen["valid_from"],
            valid_to=chosen["valid_to"],
            by=request.actor,
            now=clock.now(),
        )
    except InputRefused as refusal:
        form.add_error(refusal.field or None, refusal.sentence)
        return _show(request, shown, post_form=form)
    messages.success(request, f"已给 {shown.name} 岗位：{place.name} {Role(chosen['role']).label}。")
    return redirect("access:account", account_id=shown.pk)


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def end_post(request: ActingRequest, post_id: int) -> HttpResponse:
    """End a post at once: yesterday was its last day."""
    post = get_object_or_404(Post.objects.visible_to(request.actor).select_related("jurisdiction"), pk=post_id)
    actions.end_post(post=post, last_day=clock.today() - timedelta(days=1), by=request.actor, now=clock.now())
    messages.success(request, f"岗位已终止：{post.jurisdiction.name} {post.get_role_display()}。")
    return redirect("access:account", account_id=post.account_id)


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def reset_password(request: ActingRequest, account_id: int) -> HttpResponse:
    """A new first password, shown once."""
    shown = _account(request, account_id)
    password = actions.reset_password(account=shown, by=request.actor, now=clock.now())
    return _show_password(request, shown, password, first=False)


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def take_off_second_factor(request: ActingRequest, account_id: int) -> HttpResponse:
    """For a lost telephone."""
    return _act(request, account_id, actions.take_off_second_factor, "动态口令已解除，下次登录时重新设置。")


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def close_account(request: ActingRequest, account_id: int) -> HttpResponse:
    """Nobody signs in with it any more."""
    return _act(request, account_id, actions.close_account, "账户已停用，正在用的登录和访问令牌都已失效。")


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def open_account(request: ActingRequest, account_id: int) -> HttpResponse:
    """Let somebody sign in again."""
    return _act(request, account_id, actions.open_account, "账户已恢复。")


@require_POST
@page(Capability.MANAGE_ACCOUNTS)
def revoke_token_of(request: ActingRequest, account_id: int, token_id: int) -> HttpResponse:
    """End somebody's token."""
    shown = _account(request, account_id)
    token = get_object_or_404(Token.objects.filter(post__account=shown).select_related("post__account"), pk=token_id)
    actions.revoke_token(token=token, by=request.actor, now=clock.now())
    messages.success(request, f"访问令牌“{token.name}”已吊销。")
    return redirect("access:account", account_id=shown.pk)


def _account(request: ActingRequest, account_id: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(request.actor), pk=account_id)


def _act(request: ActingRequest, account_id: int, act: Callable[..., None], done: str) -> HttpResponse:
    shown = _account(request, account_id)
    act(account=shown, by=request.actor, now=clock.now())
    messages.success(request, done)
    return redirect("access:account", account_id=shown.pk)


def _place(form: forms.Form, request: ActingRequest) -> Jurisdiction | None:
    place = queries.place_by_code(form.cleaned_data["place"], request.actor)
    if place is None:
        form.add_error("place", _NO_PLACE)
    return place


def _show(
    request: ActingRequest, shown: Account, *, form: forms.Form | None = None, post_form: forms.Form | None = None
) -> HttpResponse:
    today = clock.today()
    known = {"name": shown.name, "phone": shown.phone, "oidc_subject": shown.oidc_subject or ""}
    context = {
        "shown": shown,
        "mine": shown.pk == request.actor.account_id,
        "in_care": request.actor.can(Capability.MANAGE_ACCOUNTS, at=shown.looked_after_at),
        "posts_here": queries.posts_of(shown, request.actor),
        "tokens": queries.tokens_of(shown),
        "today": today,
        "now": clock.real_now(),
        "form": form or AccountForm(initial=known),
        "post_form": post_form or PostForm(today=today, initial={"place": request.post_in_force.jurisdiction.code}),
        "places": queries.places_of(request.actor),
    }
    wrong = any(given is not None and given.errors for given in (form, post_form))
    return render(request, "access/account.html", context, status=422 if wrong else 200)


def _show_password(request: ActingRequest, shown: Account, password: str, *, first: bool) -> HttpResponse:
    answer = render(request, "access/new_password.html", {"shown": shown, "password": password, "first": first})
    answer["Cache-Control"] = "no-store"
    return answer
