"""Word of notices outside: at least once, without a name, by each channel on its own, and into no internal network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.robot import Robot, robot
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.audit.models import Entry
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.notifications import sending
from baoxue.notifications.actions import add_channel, change_channel, notify
from baoxue.notifications.channels import webhook
from baoxue.notifications.errors import ChannelRefused, NotDelivered
from baoxue.notifications.models import Channel, Delivery, Notice
from baoxue.notifications.recipients import Recipient
from baoxue.platform import beats
from baoxue.platform.actor import Actor
from baoxue.platform.errors import NotPermitted
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.notices import ChannelKind, NoticeKind

pytestmark = pytest.mark.django_db

CHILD = "杨昌旺"
NUMBER = "990122201405060000"


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def keeper(places: Places) -> Actor:
    return actor_of(post_of(Role.SYSTEM_ADMINISTRATOR, places.county))


@pytest.fixture
def group(settings: Any) -> Iterator[Robot]:
    """A robot on this machine, which only a demonstration writes to."""
    settings.DEMO = True
    with robot() as made:
        yield made


@pytest.fixture(autouse=True)
def everywhere() -> Iterator[None]:
    with acting_as(EVERYWHERE):
        yield


def _channel(place: Jurisdiction, by: Actor, address: str, kind: ChannelKind = ChannelKind.WECOM) -> Channel:
    return add_channel(place=place, kind=kind, name="值班群", address=address, by=by, now=NOW)


def _tell(place: Jurisdiction, key: str = "duty:7:today", *, now: datetime = NOW, **other: Any) -> None:
    said: dict[str, Any] = {"kind": NoticeKind.DUTY_TODAY, "sentence": f"{CHILD}的家访今天到期。", "url": "/cases/7"}
    to = Recipient.holders(Role.TOWNSHIP_OFFICER, place.path)
    notify(to=to, **{**said, **other}, key=key, place_path=place.path, now=now)


def _refuse(*_: Any) -> None:
    raise AssertionError("nothing is to be sent")


def test_a_notice_goes_out_once_by_the_channels_of_its_place(places: Places, keeper: Actor, group: Robot) -> None:
    _channel(places.township, keeper, group.address)
    _channel(places.other_township, keeper, group.address)
    _tell(places.township)
    _tell(places.township)
    assert [sending.send_waiting(now=NOW) for _ in range(2)] == [1, 0]
    assert group.taken == [
        (
            "/cgi-bin/webhook/send?key=only-for-tests",
            {"msgtype": "text", "text": {"content": "【保学】有 1 件个案的事今天到期。请登录系统查看。"}},
        )
    ]


@pytest.mark.parametrize("kind", [ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU])
def test_neither_name_nor_number_goes_out_to_a_group(
    places: Places, keeper: Actor, group: Robot, settings: Any, kind: ChannelKind
) -> None:
    settings.PUBLIC_URL = "https://baoxue.example"
    _channel(places.township, keeper, group.address, kind)
    _tell(places.township, sentence=f"{CHILD}（{NUMBER}）的家访今天到期。")
    sending.send_waiting(now=NOW)
    (text,) = group.texts()
    assert "https://baoxue.example/cases/7" in text
    assert not any(private in text for private in (CHILD, NUMBER, "家访"))


def test_neither_name_nor_number_goes_out_by_mail(places: Places, keeper: Actor, settings: Any) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example", "baoxue@bureau.example"
    _channel(places.township, keeper, "a@bureau.example，b@bureau.example", ChannelKind.MAIL)
    _tell(places.township, sentence=f"{CHILD}（{NUMBER}）的家访今天到期。")
    assert sending.send_waiting(now=NOW) == 1
    (message,) = mail.outbox
    assert message.to == ["a@bureau.example", "b@bureau.example"]
    whole = message.message().as_string() + message.body
    assert not any(private in whole for private in (CHILD, NUMBER, "家访"))


def test_several_notices_go_out_as_one_message(places: Places, keeper: Actor, group: Robot) -> None:
    _channel(places.township, keeper, group.address)
    for number in range(3):
        _tell(places.township, f"duty:{number}")
    _tell(places.township, "duty:9", kind=NoticeKind.DUTY_OVERDUE)
    assert sending.send_waiting(now=NOW) == 1
    assert "有 3 件个案的事今天到期，1 件个案的事已逾期。" in group.texts()[0]


def test_what_did_not_go_out_is_tried_again_later_and_later(places: Places, keeper: Actor, group: Robot) -> None:
    channel = _channel(places.township, keeper, group.address)
    _tell(places.township)
    group.answer = (200, {"errcode": 45009, "errmsg": "api freq out of limit"})
    at, waits = NOW, []
    for _ in range(4):
        assert sending.send_waiting(now=at) == 0
        channel.refresh_from_db()
        waits.append(channel.next_try_at - at)
        assert sending.send_waiting(now=channel.next_try_at - timedelta(seconds=1)) == 0
        at = channel.next_try_at
    assert [wait / timedelta(minutes=1) for wait in waits] == [1, 2, 4, 8]
    assert len(group.taken) == 4
    group.answer = (200, {"errcode": 0})
    assert sending.send_waiting(now=at) == 1
    assert Delivery.objects.get().attempts == 5


def test_waiting_never_gets_longer_than_six_hours() -> None:
    assert sending.wait_after(1_000_000) == timedelta(hours=6)


def test_a_dead_channel_holds_up_no_other(places: Places, keeper: Actor, group: Robot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        dead = f"http://127.0.0.1:{server.getsockname()[1]}/"
    first = _channel(places.township, keeper, dead)
    second = _channel(places.township, keeper, group.address)
    for number in range(5):
        _tell(places.township, f"duty:{number}")
    assert sending.send_waiting(now=NOW) == 1
    assert len(group.taken) == 1
    states = {
        key: set(Delivery.objects.filter(channel=key).values_list("state", flat=True)) for key in (first.pk, second.pk)
    }
    assert states == {first.pk: {"waiting"}, second.pk: {"sent"}}


def test_a_worker_killed_after_sending_lets_it_be_sent_again(
    places: Places, keeper: Actor, group: Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _channel(places.township, keeper, group.address)
    _tell(places.township)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sending, "_done", killed)
        with pytest.raises(KeyboardInterrupt):
            sending.send_waiting(now=NOW)
    assert sending.send_waiting(now=NOW + timedelta(minutes=1)) == 0
    assert sending.send_waiting(now=NOW + timedelta(minutes=2)) == 1
    assert len(group.taken) == 2


def test_what_could_not_be_told_for_two_days_is_given_up(places: Places, keeper: Actor, group: Robot) -> None:
    _channel(places.township, keeper, group.address)
    _tell(places.township)
    group.answer = (500, {})
    sending.send_waiting(now=NOW + timedelta(days=2, minutes=1))
    assert Delivery.objects.get().state == "failed"
    assert Notice.objects.count() == 1


def test_a_channel_switched_off_carries_nothing_and_forgets_what_waited(
    places: Places, keeper: Actor, group: Robot
) -> None:
    channel = _channel(places.township, keeper, group.address)
    _tell(places.township)
    change_channel(channel=channel, name="值班群", address="", is_active=False, by=keeper, now=NOW)
    _tell(places.township, "duty:8")
    change_channel(channel=channel, name="值班群", address="", is_active=True, by=keeper, now=NOW)
    assert sending.send_waiting(now=NOW) == 0


def test_without_a_mail_server_the_channel_says_so(places: Places, keeper: Actor) -> None:
    channel = _channel(places.township, keeper, "a@bureau.example", ChannelKind.MAIL)
    _tell(places.township)
    assert sending.send_waiting(now=NOW) == 0
    channel.refresh_from_db()
    assert channel.last_error == "no_server"


def test_a_mail_server_that_does_not_answer_is_tried_again(places: Places, keeper: Actor, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    channel = _channel(places.township, keeper, "a@bureau.example", ChannelKind.MAIL)
    _tell(places.township)
    assert sending.send_waiting(now=NOW) == 0
    channel.refresh_from_db()
    assert (channel.last_error, channel.failures) == ("unreachable", 1)


def test_a_worker_that_looks_around_sends_what_waits(places: Places, keeper: Actor, group: Robot) -> None:
    _channel(places.township, keeper, group.address)
    _tell(places.township)
    beats.look_around(now=NOW)
    assert len(group.taken) == 1


def test_nobody_follows_where_a_robot_sends_them_on(places: Places, keeper: Actor, group: Robot) -> None:
    _channel(places.township, keeper, group.address)
    _tell(places.township)
    group.answer, group.headers = (302, {"errcode": 0}), {"Location": group.address}
    assert sending.send_waiting(now=NOW) == 0
    assert len(group.taken) == 1


def test_the_address_of_a_robot_stands_in_no_message_of_ours(
    places: Places, keeper: Actor, group: Robot, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = _channel(places.township, keeper, group.address)
    group.answer = (500, {})
    with pytest.raises(NotDelivered) as refused:
        sending.try_channel(channel)
    _tell(places.township)
    sending.send_waiting(now=NOW)
    told = "".join(record.getMessage() for record in caplog.records if record.levelname != "INFO")
    assert "only-for-tests" not in told + capsys.readouterr().out + str(refused.value)


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_only_what_is_out_in_the_open_is_written_to(address: str, may: bool) -> None:
    assert webhook.may_be_written_to(ipaddress.ip_address(address)) is may


@pytest.mark.parametrize("found", [["10.0.0.7"], ["8.8.8.8", "10.0.0.7"]])
def test_a_name_that_leads_into_an_internal_network_is_not_written_to(
    monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    monkeypatch.setattr(webhook, "_answer", _refuse)
    with pytest.raises(NotDelivered):
        webhook.send(ChannelKind.WECOM, "https://robot.example/send?key=1", "…")


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (ChannelKind.WECOM, "http://robot.example/send"),
        (ChannelKind.WECOM, "http://127.0.0.1/send"),
        (ChannelKind.WECOM, "ftp://robot.example/"),
        (ChannelKind.WECOM, "https://user:pass@robot.example/"),
        (ChannelKind.WECOM, "file:///etc/passwd"),
        (ChannelKind.WECOM, "robot.example"),
        (ChannelKind.MAIL, "not-an-address"),
        (ChannelKind.MAIL, "a@bureau.example\nBcc: b@elsewhere.example"),
        (ChannelKind.MAIL, ","),
    ],
)
def test_an_address_that_may_not_be_written_to_is_not_taken(
    places: Places, keeper: Actor, kind: ChannelKind, address: str
) -> None:
    with pytest.raises(ChannelRefused):
        _channel(places.township, keeper, address, kind)


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.BUREAU_DIRECTOR])
def test_who_does_not_run_the_system_sets_no_channel(places: Places, role: Role) -> None:
    with pytest.raises(NotPermitted):
        _channel(places.township, actor_of(post_of(role, places.county)), "https://robot.example/send?key=1")


def test_a_channel_is_set_within_reach_only(places: Places, keeper: Actor) -> None:
    with pytest.raises(NotPermitted):
        _channel(places.foreign_township, keeper, "https://robot.example/send?key=1")


@pytest.fixture
def desk(places: Places) -> Client:
    return client_of(post_of(Role.SYSTEM_ADMINISTRATOR, places.county, username="system"))


def _new(desk: Client, places: Places, address: str) -> Any:
    form = {"place": places.township.code, "kind": "wecom", "name": "双河镇值班群", "address": address}
    return desk.post("/settings/channels/", form)


def test_a_channel_is_set_and_its_address_never_shown_again(desk: Client, places: Places) -> None:
    answer = _new(desk, places, "https://robot.example/send?key=only-for-tests")
    page = desk.get(answer["Location"]).content.decode()
    assert "双河镇值班群" in page
    assert "only-for-tests" not in page + desk.get("/settings/channels/").content.decode()
    assert Entry.objects.get(event="channel_set").detail == {"act": "add", "kind": "wecom"}


def test_a_trial_message_is_sent_and_what_came_of_it_is_said(desk: Client, places: Places, group: Robot) -> None:
    where = _new(desk, places, group.address)["Location"]
    answer = desk.post(f"{where}trial", follow=True).content.decode()
    assert "已从“双河镇值班群”发出" in answer
    assert "试发" in group.texts()[0]
    group.answer = (500, {})
    assert "没有发出去：对方没有收。" in desk.post(f"{where}trial", follow=True).content.decode()


@pytest.mark.parametrize("address", ["http://robot.example/", "https://"])
def test_an_address_that_is_not_taken_says_what_is_wrong(desk: Client, places: Places, address: str) -> None:
    answer = _new(desk, places, address)
    assert answer.status_code == 422
    assert "地址要以 https:// 开头" in answer.content.decode()


def test_a_channel_is_changed_without_telling_its_address_again(desk: Client, places: Places, group: Robot) -> None:
    where = _new(desk, places, group.address)["Location"]
    desk.post(where, {"name": "新值班群", "address": "", "is_active": "on"})
    channel = Channel.objects.get()
    assert (channel.name, channel.address, channel.is_active) == ("新值班群", group.address, True)


def test_the_list_of_channels_takes_as_many_queries_however_many_there_are(
    desk: Client, places: Places, keeper: Actor, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        _channel(places.township, keeper, f"https://robot.example/send?key={number}")
    with django_assert_max_num_queries(16):
        desk.get("/settings/channels/")
