"""Files and folders named on the command line, looked at before long work begins."""

from __future__ import annotations

import os
from pathlib import Path

from baoxue.refusal import Refusal


class FolderNotUsable(Refusal):
    """Results cannot be written where they were asked for."""

    code = "folder-not-usable"


def check_folder(out: Path) -> None:
    """Refuse a folder that cannot be written to or made; nothing is made yet."""
    if out.exists() and not out.is_dir():
        raise FolderNotUsable(f"“{out}”是一个文件，不能当作结果文件夹；请换一个文件夹名。")
    nearest = next((place for place in (out, *out.absolute().parents) if place.exists()), out)
    if not nearest.is_dir():
        raise FolderNotUsable(f"“{nearest}”是一个文件，不能在它下面新建文件夹；请换一个文件夹名。")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise FolderNotUsable(f"没有写入“{nearest}”的权限；请换一个文件夹，或请管理员开通权限。")
