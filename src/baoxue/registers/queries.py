"""What is there: snapshots in force, imports on their way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import storage
from baoxue.platform.actor import Actor
from baoxue.platform.scope import ALL_REGISTERS
from baoxue.platform.visible import ByRegister
from baoxue.policy.capabilities import Capability
from baoxue.policy.registers import Register
from baoxue.registers.models import TOGETHER, Import, ImportState, Snapshot, list_name

# Rolls and student records are counted every month, the other registers once a term (教基厅函〔2024〕15号, 四个一).
_STALE_AFTER = {Register.STUDENT: 45, Register.ROLL: 45}
_STALE_OTHERWISE = 180


def latest_snapshots(county: Jurisdiction, *, as_of: date, by: Actor) -> dict[Register, Snapshot]:
    """The newest snapshot of each register of a whole county that speaks of `as_of` or an earlier day.

    Where several departments brought lists of a register: these put together, as `registers.actions.to_compare` does, or
    the newest of them if nobody has yet.
    """
    return {
        register: (together(lists) if len(lists) > 1 else None)
        or max(lists, key=lambda snapshot: (snapshot.as_of, snapshot.created_at))
        for register, lists in latest_lists(county, as_of=as_of, by=by).items()
    }


def latest_lists(county: Jurisdiction, *, as_of: date, by: Actor) -> dict[Register, list[Snapshot]]:
    """The newest list of each department, by register; of most registers there is but one list, the county's."""
    newest = (
        Snapshot.objects.visible_to(by)
        .filter(county=county, place_path=county.path, as_of__lte=as_of)
        .exclude(department=TOGETHER)
        .order_by("register", "department", "-as_of", "-created_at")
        .distinct("register", "department")
    )
    lists: dict[Register, list[Snapshot]] = {}
    for snapshot in newest:
        lists.setdefault(Register(snapshot.register), []).append(snapshot)
    return lists


def together(lists: Sequence[Snapshot]) -> Snapshot | None:
    """Exactly these lists put together, if somebody has done so."""
    parts = [str(snapshot.pk) for snapshot in lists]
    county, register = lists[0].county_id, lists[0].register
    found: Snapshot | None = Snapshot.objects.filter(
        county=county, register=register, department=TOGETHER, counts__parts=parts
    ).first()
    return found


def last_snapshot(place_path: str, register: Register, *, as_of: date, department: str = "") -> Snapshot | None:
    """The snapshot a new file of this place, list and day is compared with."""
    found: Snapshot | None = (
        Snapshot.objects.filter(place_path=place_path, register=register.value, department=department, as_of__lte=as_of)
        .order_by("-as_of", "-created_at")
        .first()
    )
    return found


def snapshots_of_schools(county: Jurisdiction, register: Register, *, as_of: date, by: Actor) -> list[Snapshot]:
    """What schools brought since the county's last snapshot of a register: the newest of each school."""
    brought = (
        Snapshot.objects.visible_to(by)
        .filter(county=county, register=register.value, as_of__lte=as_of)
        .exclude(place_path=county.path)
        .order_by("place_path", "-as_of", "-created_at")
        .distinct("place_path")
    )
    base = last_snapshot(county.path, register, as_of=as_of)
    if base is not None:
        brought = brought.filter(created_at__gt=base.created_at, as_of__gte=base.as_of)
    return list(brought)


@contextmanager
def opened_snapshot(snapshot: Snapshot) -> Iterator[Path]:
    """A snapshot as a plain canonical Parquet file (`reading.canonical`) in a private folder, removed afterwards."""
    with storage.opened(snapshot.file, suffix=".parquet") as path:
        yield path


def snapshots_of(by: Actor, *, register: Register | None) -> ByRegister:
    """Snapshots an actor sees, of one register or all, the newest day first."""
    seen: ByRegister = Snapshot.objects.visible_to(by).select_related("county").order_by("-as_of", "-created_at", "pk")
    return seen if register is None else seen.filter(register=register.value)


def imports_of(by: Actor) -> ByRegister:
    """Imports an actor sees, the newest first, for lists."""
    seen: ByRegister = Import.objects.visible_to(by).select_related("county", "job").order_by("-created_at", "pk")
    return seen.defer("report", "differences")


def to_confirm(by: Actor) -> ByRegister:
    """Imports that wait for this actor to look at their preview and confirm them."""
    waiting: ByRegister = imports_of(by).filter(state=ImportState.PREVIEW)
    return waiting if by.can(Capability.IMPORT_REGISTER) else waiting.none()


def to_look_again(by: Actor) -> ByRegister:
    """Unusual imports that wait for this actor's second look: somebody else confirmed them."""
    if not by.can(Capability.CONFIRM_UNUSUAL_IMPORT):
        return imports_of(by).none()
    waiting: ByRegister = imports_of(by).filter(state=ImportState.SECOND_LOOK)
    return waiting.exclude(confirmed_by_id=by.account_id) if by.account_id is not None else waiting


def own_in_second_look(by: Actor) -> ByRegister:
    """Imports this actor confirmed that wait for somebody else's second look."""
    waiting: ByRegister = imports_of(by).filter(state=ImportState.SECOND_LOOK, confirmed_by_id=by.account_id)
    return waiting if by.account_id is not None else waiting.none()


def registers_of(by: Actor) -> list[Register]:
    """The registers an actor sees, in their usual order."""
    seen = {code.partition(":")[0] for code in by.scope.registers}
    return [r for r in Register if ALL_REGISTERS in seen or r.value in seen]


def own_department(by: Actor, register: Register) -> str:
    """The department whose list of a register this actor brings: empty = the county's own, or the only one."""
    codes = (code.partition(":") for code in by.scope.registers)
    return next((department for code, _, department in codes if code == register.value), "")


def may_bring(by: Actor, imported: Import) -> bool:
    """Whether an actor may bring the list an import is of, and so have its rows in hand."""
    register = Register(imported.register)
    own = register in registers_of(by) and own_department(by, register) == imported.department
    return own and by.can(Capability.IMPORT_REGISTER, at=imported.place_path)


@dataclass(frozen=True, slots=True)
class Standing:
    """A list of one place as it stands. `snapshot`: None = there is none yet. `days`: since its day.

    `own`: whoever looks may bring this list; the other lists of its register are departments'.
    """

    register: Register
    snapshot: Snapshot | None
    days: int | None
    schools: int = 0
    department: str = ""
    own: bool = True

    @property
    def list_name(self) -> str:
        """What people call it."""
        return list_name(self.register.value, self.department)

    @property
    def stale(self) -> bool:
        """Whether it is older than its rhythm."""
        return self.days is not None and self.days > _STALE_AFTER.get(self.register, _STALE_OTHERWISE)


def standings(place: Jurisdiction, by: Actor, *, today: date) -> list[Standing]:
    """The registers of a county or a school as they stand today. `schools`: how many brought newer rows."""
    newest = list(
        Snapshot.objects.visible_to(by)
        .filter(place_path=place.path)
        .exclude(department=TOGETHER)
        .order_by("register", "department", "-as_of", "-created_at")
        .distinct("register", "department")
    )
    brought = _schools_that_brought(place, by, newest)
    standing = []
    for register in registers_of(by):
        own = own_department(by, register)
        lists: list[Snapshot | None] = [snapshot for snapshot in newest if snapshot.register == register.value]
        for found in lists or [None]:
            department = own if found is None else found.department
            days = None if found is None else (today - found.as_of).days
            standing.append(
                Standing(register, found, days, brought.get(register.value, 0), department, own=department == own)
            )
    return standing


def _schools_that_brought(place: Jurisdiction, by: Actor, newest: Iterable[Snapshot]) -> dict[str, int]:
    """Register → number of schools under a place with rows newer than the place's own snapshot."""
    own = {snapshot.register: snapshot for snapshot in newest}
    schools: dict[str, set[str]] = {}
    rows = Snapshot.objects.visible_to(by).filter(place_path__startswith=place.path).exclude(place_path=place.path)
    for register, path, as_of, created_at in rows.values_list("register", "place_path", "as_of", "created_at"):
        base = own.get(register)
        if base is None or (as_of >= base.as_of and created_at > base.created_at):
            schools.setdefault(register, set()).add(path)
    return {register: len(paths) for register, paths in schools.items()}


def rejects_of(imported: Import, *, first: int = 0, most: int | None = None) -> list[dict[str, Any]]:
    """Rejected rows of an import, values masked: `account.REJECT_SCHEMA`."""
    if not imported.rejects:
        return []
    with storage.opened(imported.rejects, suffix=".parquet") as path:
        rows = pq.read_table(path)
    listed: list[dict[str, Any]] = rows.slice(first, most).to_pylist()
    return listed


def originals_of(imported: Import) -> list[dict[str, Any]]:
    """Rejected rows of an import as they stood in its file: `reading.aswritten.AS_WRITTEN`. Plain personal data."""
    with storage.opened(imported.originals, suffix=".parquet") as path:
        rows = pq.read_table(path)
    listed: list[dict[str, Any]] = rows.to_pylist()
    return listed


def uploads_in_use() -> set[str]:
    """Names of the sealed uploads that imports name."""
    return set(Import.objects.exclude(upload="").values_list("upload", flat=True))


def canonical_in_use() -> set[str]:
    """Names of the sealed canonical files that imports or snapshots name."""
    of_imports = set(Import.objects.exclude(canonical="").values_list("canonical", flat=True))
    return of_imports | set(Snapshot.objects.values_list("file", flat=True))


def rejects_in_use() -> set[str]:
    """Names of the sealed files of rejected rows, masked and as they stood."""
    masked = set(Import.objects.exclude(rejects="").values_list("rejects", flat=True))
    return masked | set(Import.objects.exclude(originals="").values_list("originals", flat=True))
