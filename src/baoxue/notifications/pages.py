"""设置 · 通知渠道: by which ways word of notices goes out of the system."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from baoxue.access.queries import place_by_code, places_of
from baoxue.access.request import ActingRequest
from baoxue.notifications import actions
from baoxue.notifications.errors import NotDelivered, Trouble
from baoxue.notifications.forms import ChannelChangeForm, ChannelForm
from baoxue.notifications.models import Channel
from baoxue.notifications.queries import channels_of
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import page
from baoxue.policy.capabilities import Capability
from baoxue.policy.notices import ChannelKind


@require_http_methods(["GET", "POST"])
@page(Capability.OPERATE)
def channels(request: ActingRequest) -> HttpResponse:
    """The channels within reach, and a form for another."""
    form = ChannelForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        place = place_by_code(given["place"], request.actor)
        if place is None:
            form.add_error("place", "没有这个机构，或者不归这里管。")
        else:
            try:
                channel = actions.add_channel(
                    place=place, kind=ChannelKind(given["kind"]), name=given["name"], address=given["address"],
                    by=request.actor, now=clock.now(),
                )  # fmt: skip
            except InputRefused as refusal:
                form.add_error(refusal.field or None, refusal.sentence)
            else:
                messages.success(request, f"“{channel.name}”已设好，可以试发一条。")
                return redirect("notifications:channel", channel.pk)
    found = [(channel, _trouble(channel)) for channel in channels_of(request.actor)]
    context = {"form": form, "channels": found, "places": places_of(request.actor)}
    return render(request, "notifications/channels.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page(Capability.OPERATE)
def channel(request: ActingRequest, channel_id: int) -> HttpResponse:
    """One channel: how it does, and a form to change it."""
    shown = _channel(request, channel_id)
    form = ChannelChangeForm(request.POST or None, initial={"name": shown.name, "is_active": shown.is_active})
    if form.is_valid():
        try:
            changed = actions.change_channel(channel=shown, **form.cleaned_data, by=request.actor, now=clock.now())
        except InputRefused as refusal:
            form.add_error(refusal.field or None, refusal.sentence)
        else:
            messages.success(request, f"“{changed.name}”已改。" if changed.is_active else f"“{changed.name}”已停用。")
            return redirect("notifications:channels")
    context = {"form": form, "channel": shown, "trouble": _trouble(shown)}
    return render(request, "notifications/channel.html", context, status=422 if form.errors else 200)


@require_POST
@page(Capability.OPERATE)
@transaction.non_atomic_requests
def trial(request: ActingRequest, channel_id: int) -> HttpResponse:
    """Send a trial message, and say what came of it."""
    shown = _channel(request, channel_id)
    try:
        actions.send_trial(channel=shown, by=request.actor, now=clock.now())
    except NotDelivered as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"试发的消息已从“{shown.name}”发出，请到那边看看收到没有。")
    return redirect("notifications:channel", shown.pk)


def _channel(request: ActingRequest, channel_id: int) -> Channel:
    found = channels_of(request.actor).filter(pk=channel_id).first()
    if found is None:
        raise Http404
    return found


def _trouble(channel: Channel) -> str:
    return Trouble(channel.last_error).label if channel.last_error else ""
