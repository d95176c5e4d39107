"""What belongs to oneself: the account, and the access tokens of one's programs."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baoxue.access import actions, queries
from baoxue.access.forms import TokenForm
from baoxue.access.request import ActingRequest
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability


@require_safe
@page()
def own_account(request: ActingRequest) -> HttpResponse:
    """Who one is, which posts one holds, and how one signs in."""
    held = queries.posts_in_force(request.account, today=clock.today())
    return render(request, "access/own_account.html", {"held": held})


@require_http_methods(["GET", "POST"])
@page(Capability.USE_TOKENS)
def tokens(request: ActingRequest) -> HttpResponse:
    """One's tokens, and a form for another; its secret shows once."""
    form = TokenForm(request.POST or None, capabilities=request.actor.capabilities)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            token, secret = actions.create_token(
                post=request.post_in_force,
                name=chosen["name"],
                capabilities=[Capability(code) for code in chosen["capabilities"]],
                days=chosen["days"],
                by=request.actor,
                now=clock.now(),
            )
        except InputRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            answer = render(request, "access/new_token.html", {"token": token, "secret": secret})
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "tokens": queries.tokens_of(request.account), "now": clock.real_now()}
    return render(request, "access/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@page()
def revoke_token(request: ActingRequest, token_id: int) -> HttpResponse:
    """End one of one's own tokens; also from a post that may make none."""
    token = get_object_or_404(queries.tokens_of(request.account).select_related("post__account"), pk=token_id)
    actions.revoke_token(token=token, by=request.actor, now=clock.now())
    messages.success(request, f"访问令牌“{token.name}”已吊销。")
    return redirect("access:own_account" if not request.actor.can(Capability.USE_TOKENS) else "access:tokens")
