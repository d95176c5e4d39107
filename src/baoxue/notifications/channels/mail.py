"""Mail by the bureau's own server, which the environment names (`BAOXUE_SMTP_…`)."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from baoxue.notifications.errors import NotDelivered, Trouble

_SUBJECT = "保学：有事等着办"


def addresses_in(text: str) -> list[str]:
    """The mail addresses in a text with commas between. Raises ValidationError."""
    found = [part.strip() for part in text.replace("，", ",").replace("；", ",").replace(";", ",").split(",")]
    found = [part for part in found if part]
    for part in found:
        validate_email(part)
    return found


def send(address: str, text: str) -> None:
    """Send a text to the addresses. Raises NotDelivered."""
    if not settings.EMAIL_HOST:
        raise NotDelivered(Trouble.NO_SERVER)
    message = EmailMessage(_SUBJECT, text, to=addresses_in(address))
    try:
        message.send()
    except SMTPException:
        raise NotDelivered(Trouble.REFUSED) from None
    except OSError:
        raise NotDelivered(Trouble.UNREACHABLE) from None
