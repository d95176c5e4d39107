"""What every template, stylesheet and script keeps to: the content-security policy, and a browser of 2022."""

from __future__ import annotations

import re
from pathlib import Path

import django_htmx
import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ROOT / "src" / "baoxue"
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))
COMPONENTS = sorted(ROOMS.glob("*/templates/*/components/*.html"))
STYLESHEETS = sorted(ROOMS.glob("*/static/**/*.css"))
SCRIPTS = sorted(ROOMS.glob("*/static/**/*.js"))
VENDOR = Path(django_htmx.__file__).parent / "static"
SHEET = ROOMS / "web" / "static" / "web" / "baoxue.css"

# What `default-src 'self'` without unsafe-inline and unsafe-eval refuses.
_REFUSED = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style\b|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:|hx-on|hx-vals=["']js:"""
)
_REFUSED_IN_SCRIPTS = re.compile(
    r"\beval\(|new Function|setAttribute\(.style.|\.innerHTML|\.outerHTML|insertAdjacentHTML"
)

# Not in Chromium 108 (government desktops): functions, properties and rules of stylesheets, then of scripts.
_TOO_NEW_STYLE = re.compile(
    r"color-mix\(|oklch\(|oklab\(|light-dark\(|rgb\(from|hsl\(from|\bsubgrid\b|:popover-open|text-wrap\s*:|text-autospace"
    r"|@starting-style|@scope|animation-timeline|anchor-name|interpolate-size|field-sizing|\blinear\(|:user-(in)?valid"
)
_TOO_NEW_SCRIPT = re.compile(
    r"\.toSorted\(|\.toReversed\(|\.toSpliced\(|\.groupBy\(|Array\.fromAsync|Promise\.withResolvers|\.showPopover\("
    r"|URL\.canParse|\.isSubsetOf\("
)


def _name(path: Path) -> str:
    return path.relative_to(ROOMS).as_posix()


def without_comments(text: str) -> str:
    """A stylesheet or a script without what is only said in it."""
    return re.sub(r"/\*.*?\*/|^\s*//.*?$", "", text, flags=re.DOTALL | re.MULTILINE)


def nested_rules(css: str) -> list[str]:
    """Heads of rules that stand within another rule, which is not an at-rule."""
    heads: list[str] = []
    found = []
    for head in re.findall(r"([^{};]*)\{|(\})", without_comments(css)):
        if head[1]:
            heads.pop()
            continue
        if heads and not heads[-1].startswith("@"):
            found.append(head[0].strip())
        heads.append(head[0].strip())
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_template_holds_what_the_policy_refuses(path: Path) -> None:
    found = _REFUSED.search(path.read_text(encoding="utf-8"))
    assert found is None, found


@pytest.mark.parametrize(
    "text",
    [
        '<p style="x">',
        "<a onclick='x'>",
        "<style>",
        "<script>x</script>",
        '<a href="javascript:x">',
        "<p hx-on:click=x>",
    ],
)
def test_what_the_policy_refuses_would_be_found(text: str) -> None:
    assert _REFUSED.search(text)


@pytest.mark.parametrize("text", ['<script defer src="x"></script>', '<script type="application/json" id="x">'])
def test_scripts_in_files_and_data_are_no_inline_scripts(text: str) -> None:
    assert _REFUSED.search(text) is None


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_icon_a_template_uses_is_drawn(path: Path) -> None:
    drawn = set(re.findall(r'id="i-([\w-]+)"', (ROOMS / "web/templates/web/components/icons.html").read_text("utf-8")))
    text = path.read_text(encoding="utf-8")
    used = set(re.findall(r'{% icon "([\w-]+)"', text)) | set(re.findall(r'href="#i-([\w-]+)"', text))
    assert used <= drawn


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_class_a_template_uses_is_drawn_by_a_stylesheet(path: Path) -> None:
    drawn = {name for sheet in STYLESHEETS for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet.read_text("utf-8"))}
    whole = re.sub(r"{%.*?%}|[\w-]*{{.*?}}[\w-]*", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    used = {name for names in re.findall(r'\sclass="([^"]*)"', whole) for name in names.split()}
    assert used <= drawn


@pytest.mark.parametrize("path", COMPONENTS, ids=_name)
def test_a_component_says_at_its_top_what_it_is_given(path: Path) -> None:
    top = re.match(r"{% comment %}(.*?){% endcomment %}", path.read_text(encoding="utf-8"), re.DOTALL)
    assert top is not None
    assert "Inputs:" in top.group(1)


@pytest.mark.parametrize("path", [*STYLESHEETS, *sorted(VENDOR.rglob("*.css"))], ids=lambda path: path.name)
def test_a_stylesheet_asks_for_nothing_chromium_108_lacks(path: Path) -> None:
    css = without_comments(path.read_text(encoding="utf-8"))
    assert _TOO_NEW_STYLE.search(css) is None
    assert nested_rules(css) == []


@pytest.mark.parametrize("path", [*SCRIPTS, VENDOR / "django_htmx" / "htmx-2.min.js"], ids=lambda path: path.name)
def test_a_script_asks_for_nothing_chromium_108_lacks(path: Path) -> None:
    assert _TOO_NEW_SCRIPT.search(without_comments(path.read_text(encoding="utf-8"))) is None


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_neither_code_nor_markup_from_text(path: Path) -> None:
    assert _REFUSED_IN_SCRIPTS.search(without_comments(path.read_text(encoding="utf-8"))) is None


@pytest.mark.parametrize(
    "css", ["a{color:color-mix(in srgb,red,blue)}", "h1{text-wrap:balance}", "@starting-style{a{}}"]
)
def test_what_chromium_108_lacks_would_be_found(css: str) -> None:
    assert _TOO_NEW_STYLE.search(css)


def test_a_nested_rule_would_be_found_and_a_rule_within_media_is_none() -> None:
    assert nested_rules("a { color: red; b { color: blue; } }") == ["b"]
    assert nested_rules("@media print { a { color: red; } } b { color: blue; }") == []


# Text on its ground at least 4.5, marks and borders of fields at least 3 (WCAG 2.2 AA; DESIGN, tokens).
CONTRASTS = [
    *((ink, ground, 4.5) for ink in ("ink", "ink-2", "ink-3") for ground in ("sheet", "canvas", "hover")),
    *((ink, "select", 4.5) for ink in ("ink", "ink-2", "brand-deep")),
    ("brand", "sheet", 4.5), ("brand", "canvas", 4.5), ("sheet", "brand", 4.5), ("brand-deep", "brand-wash", 4.5),
    ("red", "sheet", 4.5), ("red", "red-wash", 4.5), ("sheet", "red", 4.5),
    ("amber", "sheet", 4.5), ("amber", "amber-wash", 4.5),
    ("green", "sheet", 4.5), ("green", "green-wash", 4.5),
    ("plum", "sheet", 4.5), ("plum", "plum-wash", 4.5), ("ink-2", "grey-wash", 4.5),
    ("field", "sheet", 3.0), ("c1", "sheet", 3.0), ("c2", "sheet", 3.0), ("c3", "sheet", 3.0), ("c4", "sheet", 3.0),
    ("cref", "sheet", 3.0),
]  # fmt: skip
TOKENS = dict(re.findall(r"--bx-([\w-]+): (#[0-9a-f]{3,6})", SHEET.read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    """Relative luminance of #rgb or #rrggbb (WCAG 2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("ink", "ground", "least"), CONTRASTS)
def test_colours_that_meet_can_be_told_apart(ink: str, ground: str, least: float) -> None:
    light, dark = sorted((luminance(TOKENS[ink]), luminance(TOKENS[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least
