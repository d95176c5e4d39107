"""The plain files an import needs for a while, and names of files as people may see them."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from baoxue.platform import storage
from baoxue.policy.idnumber import mask

_LONGEST = 80
# An identity number, or a number that contains one.
_NUMBER = re.compile(r"[0-9]{14,18}[Xx]?")


def shown_name(file_name: str) -> str:
    """A file's name without folders and control characters, long numbers masked, not longer than 80 characters."""
    plain = PurePosixPath(file_name.replace("\\", "/")).name
    plain = "".join(character for character in plain if character.isprintable()).strip()
    plain = without_numbers(plain)
    suffix = PurePosixPath(plain).suffix[:10]
    stem = plain[: -len(suffix)] if suffix else plain
    return f"{stem[: _LONGEST - len(suffix)]}{suffix}" or "名册"


def without_numbers(text: str) -> str:
    """A header, a sheet's name or a file's, with what may be an identity number masked."""
    return _NUMBER.sub(lambda found: mask(found.group()), text)


def write_plain(name: str, path: Path) -> None:
    """Write a sealed file's plain bytes to `path`, which lies in a private folder. Raises NotOpened, FileNotFoundError."""
    with path.open("wb") as file:
        for block in storage.blocks(name):
            file.write(block)


def keep_file(path: Path, *, kind: str) -> tuple[str, str, int]:
    """Seal and keep a plain file; see `storage.keep`."""
    with path.open("rb") as file:
        return storage.keep(file, kind=kind)
