"""Model fields for protected data."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models

from baoxue.platform.crypto import DIGEST_SIZE, TOKEN_LENGTH, NotOpened, keyring
from baoxue.policy.labelled import Labelled

if TYPE_CHECKING:
    _Text = models.BinaryField[str, str]
    _Bytes = models.BinaryField[bytes, bytes]
    _Code = models.CharField[str, str]
else:
    _Text = _Bytes = models.BinaryField
    _Code = models.CharField


class ProtectedTextField(_Text):
    """Text that lies encrypted in the database, sealed for its table and column.

    Reads as str ("" is stored as empty bytes: that nothing is known is no secret). It cannot be searched or ordered by;
    a DigestField beside it finds equal values.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        return []  # the default is text by right, here

    @property
    def place(self) -> str:
        """What its values are sealed for."""
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: bytes | memoryview | None, _expression: object, _connection: object) -> str | None:
        """Open what the database holds."""
        if value is None:
            return None
        sealed = bytes(value)
        return keyring().open(sealed, place=self.place).decode() if sealed else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Seal what goes to the database."""
        if isinstance(value, str):
            value = keyring().seal(value.encode(), place=self.place) if value else b""
        return super().get_db_prep_value(value, connection, prepared)

    def to_python(self, value: Any) -> Any:
        """A str is a str already; BinaryField would take it for base64."""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        """Protected values are not written into dumps."""
        raise TypeError("protected fields are not serialised; use the backup")


class CodedField(_Code):
    """A code of a closed list that tells of health or of a case: in the database stands its keyed token.

    Reads as the code. Equal codes have equal tokens, so that rows are found and counted by it; without the keys nobody
    reads which is which. `codes`: the enumeration.
    """

    def __init__(self, *args: Any, codes: type[Labelled], **kwargs: Any) -> None:
        self.codes = codes
        kwargs["max_length"] = TOKEN_LENGTH
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """As Django writes it into migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "codes": self.codes}

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str | None:
        """The code of a token."""
        return None if value is None else code_of(self.codes, value)

    def get_prep_value(self, value: Any) -> Any:
        """The token of a code; what is a token already stays one."""
        return tokens(self.codes).get(value, value)


@cache
def tokens(codes: type[Labelled]) -> dict[str, str]:
    """The tokens of a closed list by code."""
    return {member.value: keyring().token(member.value, kind=codes.__name__) for member in codes}


@cache
def _codes(codes: type[Labelled]) -> dict[str, str]:
    return {token: code for code, token in tokens(codes).items()}


def code_of(codes: type[Labelled], token: str) -> str:
    """The code of a token of a closed list. Raises NotOpened."""
    try:
        return _codes(codes)[token]
    except KeyError:
        raise NotOpened("受保护的数据打不开：密钥不对，或数据被改动过。") from None


class DigestField(_Bytes):
    """Keyed hash of a protected value, 32 bytes; empty where there is no value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", DIGEST_SIZE)
        kwargs.setdefault("default", b"")
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: bytes | memoryview | None, _expression: object, _connection: object) -> bytes | None:
        """Plain bytes, which compare and hash."""
        return None if value is None else bytes(value)
