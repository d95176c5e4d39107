"""Robots of a group (企业微信, 钉钉, 飞书): a text goes to the address of a webhook as JSON.

The address comes from a person, and this machine stands inside the bureau's network: only a public host is written to, by
https, at the address its name was found to have when it was looked at; where it sends us on we do not go.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from typing import Any

import httpx
from django.conf import settings

from baoxue.notifications.errors import NotDelivered, Trouble
from baoxue.policy.notices import ChannelKind

_TIMEOUT_SECONDS = 8.0
# What the robots answer is a line.
_LONGEST_ANSWER = 16_384
# They stand for addresses of the older kind, which may be anybody's.
_IN_DISGUISE = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def url_of(address: str) -> httpx.URL:
    """The address of a webhook, if it is of a kind that may be written to. Raises NotDelivered."""
    try:
        url = httpx.URL(address.strip())
    except httpx.InvalidURL:
        raise NotDelivered(Trouble.ADDRESS) from None
    plain = url.scheme == "http" and settings.DEMO and url.host in ("127.0.0.1", "localhost", "::1")
    if not url.host or url.userinfo or not (url.scheme == "https" or plain):
        raise NotDelivered(Trouble.ADDRESS)
    return url


def send(kind: ChannelKind, address: str, text: str) -> None:
    """Write a text to a robot. Raises NotDelivered."""
    url = url_of(address)
    found = _looked_up(url)
    try:
        # Through no proxy: it would look the name up once more, and go wherever it finds it then.
        with httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client:
            request = client.build_request(
                "POST",
                url.copy_with(host=str(found)),
                headers={"Host": url.netloc.decode("ascii")},
                json=_body(kind, text),
                extensions={"sni_hostname": url.host},
            )
            answer = _answer(client, request)
    except httpx.HTTPError:
        raise NotDelivered(Trouble.UNREACHABLE) from None
    if not _taken(kind, answer):
        raise NotDelivered(Trouble.REFUSED)


def _answer(client: httpx.Client, request: httpx.Request) -> bytes:
    """What was answered, b"" where it is no success. Neither a long answer nor a slow one is waited for."""
    until = time.monotonic() + _TIMEOUT_SECONDS
    told = b""
    answer = client.send(request, stream=True)
    try:
        if answer.status_code != httpx.codes.OK:
            return b""
        for piece in answer.iter_raw(4096):
            told += piece
            if len(told) > _LONGEST_ANSWER or time.monotonic() > until:
                return b""
    finally:
        answer.close()
    return told


def _looked_up(url: httpx.URL) -> Address:
    """Where a host is. Raises NotDelivered unless every address it has may be written to."""
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered(Trouble.UNREACHABLE) from None
    addresses = [ipaddress.ip_address(str(where[0]).partition("%")[0]) for *_, where in found]
    if not addresses or not all(map(may_be_written_to, addresses)):
        raise NotDelivered(Trouble.ADDRESS)
    return addresses[0]


def may_be_written_to(address: Address) -> bool:
    """Whether an address is out in the open; in a demonstration this machine is as well."""
    if address.is_loopback:
        return bool(settings.DEMO)
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address in _IN_DISGUISE
    ):
        return False
    return address.is_global and not address.is_multicast


def _body(kind: ChannelKind, text: str) -> dict[str, Any]:
    if kind is ChannelKind.FEISHU:
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def _taken(kind: ChannelKind, answer: bytes) -> bool:
    """Whether the robot says it took the text: it answers 200 in any case."""
    try:
        told = json.loads(answer)
    except ValueError:
        return False
    name = "code" if kind is ChannelKind.FEISHU else "errcode"
    return isinstance(told, dict) and told.get(name) == 0
