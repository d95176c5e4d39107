"""The API, put together. A room's operations are in its `api.py` as `router`."""

from __future__ import annotations

from ninja import NinjaAPI, Router

from baoxue.access.accountapi import router as accounts
from baoxue.access.api import router as access
from baoxue.api.auth import WAYS
from baoxue.api.problems import answer_with_problems
from baoxue.children.api import router as children
from baoxue.comparison.api import router as comparisons
from baoxue.jurisdictions.api import router as jurisdictions
from baoxue.notifications.api import router as notices
from baoxue.operation.api import router as jobs
from baoxue.registers.api import router as imports
from baoxue.registers.api import snapshots_router as snapshots

# Its description is served and drawn by `api.pages`: the library's own page loads scripts from elsewhere.
api = NinjaAPI(
    title="保学 API",
    version="1",
    description="只看得到岗位范围内的；看不到的答 404。错误是 RFC 9457 的 problem+json。",
    auth=WAYS,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
answer_with_problems(api)

# (prefix, router): several rooms have their resources at the root.
ROUTERS: tuple[tuple[str, Router], ...] = (
    ("", access),
    ("", accounts),
    ("", jurisdictions),
    ("", children),
    ("/imports", imports),
    ("/snapshots", snapshots),
    ("", comparisons),
    ("/jobs", jobs),
    ("/notices", notices),
)
for prefix, router in ROUTERS:
    api.add_router(prefix, router)
