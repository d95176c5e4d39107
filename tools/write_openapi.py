"""Writes `docs/develop/openapi.json` from the code. No database is asked."""

from __future__ import annotations

import json
import os
from pathlib import Path

import django

TARGET = Path(__file__).parents[1] / "docs/develop/openapi.json"


def contract() -> str:
    """The contract as it is kept."""
    import baoxue.web.urls  # noqa: F401  # the workbench joins the API there
    from baoxue.api.root import api

    return json.dumps(dict(api.get_openapi_schema()), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxue.platform.settings")
    os.environ.setdefault("BAOXUE_SECRET_KEY", "writes a contract, signs nothing")
    django.setup()
    TARGET.write_text(contract(), encoding="utf-8")
