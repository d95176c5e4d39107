"""What may not stand in the repository, and what must hold between its files."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import baoxue

ROOT = Path(__file__).parents[2]
_LEFT_OUT = {"build", "dist", "htmlcov", "demo-data", "demo-out", "bench-out", "node_modules"}
_TEXTS = {".py", ".md", ".txt", ".toml", ".yaml", ".yml", ".json", ".csv", ".html", ".css", ".sh", ".cfg", ""}

# Written in pieces, so that this file does not hold what it looks for.
_FORBIDDEN = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\.n" + r"pmjs",
            r"deb\.de" + r"bian\.org",
            r"--(extra-)?in" + r"dex-url\b",
            r"(?<![\w.])/(ro" + r"ot|wo" + r"rk|ho" + r"me/\w+)/",
        ]
    )
)
REQUIREMENTS = sorted(path.name for path in ROOT.glob("requirements*.txt"))


def _is_ours(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    hidden = [part for part in parts if part.startswith(".") and part not in {".ci", ".gitignore"}]
    return path.is_file() and not hidden and not _LEFT_OUT & set(parts) and path.suffix in _TEXTS


TEXT_FILES = sorted(path for path in ROOT.rglob("*") if _is_ours(path))


def test_the_files_of_the_repository_are_found() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in TEXT_FILES}
    assert {"Makefile", ".ci/run", "README.md", "requirements.txt", "src/baoxue/refusal.py"} <= found


@pytest.mark.parametrize("path", TEXT_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_names_an_index_a_registry_or_a_place_on_a_machine(path: Path) -> None:
    found = _FORBIDDEN.search(path.read_text(encoding="utf-8"))
    assert found is None, f"{path.name}: {found and found.group()}"


@pytest.mark.parametrize("text", ["https://files.python" + "hosted.org/x", "see /wo" + "rk/main", "/ho" + "me/li/x"])
def test_such_names_would_be_found(text: str) -> None:
    assert _FORBIDDEN.search(text)


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    requirements = re.split(r"\n(?=\w)", (ROOT / name).read_text(encoding="utf-8"))[1:]
    assert len(requirements) > 3
    assert [line for line in requirements if not re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:", line)] == []


def test_the_testing_environment_runs_the_versions_that_people_run() -> None:
    run, dev = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert run <= dev


def _imported_by_the_package() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src").rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    # Looked for where it lies, without being imported.
    names += [
        str(node.args[0].value)
        for node in nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "find_spec"
        and isinstance(node.args[0], ast.Constant)
    ]
    names += _named_in_the_settings()
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"baoxue"}


def _named_in_the_settings() -> list[str]:
    """Apps and middlewares: Django imports them by their names."""
    tree = ast.parse((ROOT / "src/baoxue/platform/settings.py").read_text(encoding="utf-8"))
    lists = {"INSTALLED_APPS", "MIDDLEWARE"}
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(name, ast.Name) and name.id in lists for name in node.targets)
    ]
    return [str(node.value) for value in values for node in ast.walk(value) if isinstance(node, ast.Constant)]


def test_the_package_declares_the_libraries_it_imports_and_no_others() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.match(r"[\w-]+", line).group() for line in project["dependencies"]}  # type: ignore[union-attr]
    owners = packages_distributions()
    imported = {owners[name][0].lower().replace("_", "-") for name in _imported_by_the_package()}
    assert imported == declared


def test_the_package_and_the_change_log_agree_on_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert project["version"] == baoxue.__version__ == newest.group(1)


@pytest.mark.parametrize("path", sorted((ROOT / "docs/adr").glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_is_short_and_dated(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60
    assert re.fullmatch(r"# \d+\. .+", lines[0])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d · (proposed|accepted|replaced by \d+)", lines[2])
    assert [line for line in lines if line.startswith("## ")] == [
        "## Context",
        "## Decision",
        "## What it costs us",
    ]


def test_each_decision_has_a_number_of_its_own() -> None:
    paths = sorted((ROOT / "docs/adr").glob("*.md"))
    titles = [path.read_text(encoding="utf-8").split(".", 1)[0] for path in paths]
    assert titles == [f"# {int(path.name[:4])}" for path in paths]
    assert len(set(titles)) == len(paths)


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
