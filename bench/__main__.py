"""`python -m bench [PART …]` measures; `python -m bench report` writes the page; without a part, all and the page."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import county, exact, findings, imports, ledgers, links
from bench.case import Case, Part, Settings
from bench.machine import code_digest, machine

# The quick ones first; the longest last.
PARTS = {
    part.name: part
    for part in (
        county.START,
        county.COUNTY_PART,
        exact.EXACT,
        county.ELSEWHERE,
        imports.IMPORTS,
        ledgers.PART,
        findings.PART,
        links.PART,
        exact.NATION,
    )
}
_REPORT = "report"


def main(arguments: list[str] | None = None) -> None:
    """Run the command line."""
    options = _parser().parse_args(arguments)
    settings = Settings(quick=options.quick, seeds=_seeds(options.seeds), splink=not options.no_splink)
    folder = options.out / ("quick" if settings.quick else "full")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = options.parts or [*PARTS, _REPORT]
    for name in [name for name in PARTS if name in wanted]:
        _measure(PARTS[name], settings, folder, again=options.again, scratch=options.scratch)
    if _REPORT in wanted:
        from bench.report import write_report

        page = folder / "benchmarks.md" if settings.quick else Path("docs/develop/benchmarks.md")
        write_report(folder, page)
        print(f"written: {page}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=", ".join([*PARTS, _REPORT]))
    parser.add_argument("--quick", action="store_true", help="tiny sizes: does everything run?")
    parser.add_argument("--again", action="store_true", help="also what was measured with this very code")
    parser.add_argument("--seeds", default="5001-5010", metavar="A-B", help="seeds of synthetic registers")
    parser.add_argument("--no-splink", action="store_true", help="leave Splink out")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), metavar="DIR", help="where results go")
    parser.add_argument(
        "--scratch", type=Path, metavar="DIR", help="where registers are made (50 GB for the part nation)"
    )
    return parser


def _part(name: str) -> str:
    if name not in (*PARTS, _REPORT):
        raise argparse.ArgumentTypeError(f"no part is called {name}")
    return name


def _seeds(text: str) -> tuple[int, ...]:
    first, _, last = text.partition("-")
    return tuple(range(int(first), int(last or first) + 1))


def _measure(part: Part, settings: Settings, folder: Path, *, again: bool, scratch: Path | None) -> None:
    """Measure the cases of a part one by one; each is kept at once, so that a stopped run goes on where it was."""
    path, code = folder / f"{part.name}.json", code_digest()
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if again or kept.get("code") != code:
        kept = {}
    cases = part.cases(settings)
    kept = {"part": part.name, "code": code, "machine": machine(), "cases": kept.get("cases", {})}
    kept["cases"] = {case.key: kept["cases"][case.key] for case in cases if _is_kept(kept["cases"], case)}
    for case in cases:
        if case.key in kept["cases"]:
            continue
        began = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="baoxue-bench-", dir=scratch) as place:
            result = part.measure(Path(place), **case.arguments)
        kept["cases"][case.key] = {
            "arguments": case.arguments,
            "measured": datetime.now(UTC).isoformat(timespec="seconds"),
            "result": result,
        }
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{part.name} {case.key}: {time.perf_counter() - began:.0f} s", flush=True)


def _is_kept(kept: dict[str, Any], case: Case) -> bool:
    return case.key in kept and kept[case.key]["arguments"] == case.arguments


if __name__ == "__main__":
    main()
