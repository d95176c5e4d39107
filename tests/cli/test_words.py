"""Every sentence exists in both languages and is used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import baoxue.cli
from baoxue.cli.words import SENTENCES, Language, language_of

_SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(baoxue.cli.__file__).parent.rglob("*.py")
    if path.name != "words.py"
)


def _places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_have_the_same_places(key: str) -> None:
    chinese, english = SENTENCES[key]
    # A refusal is Chinese only; its code stands beside it in the other language.
    assert _places(chinese) == _places(english) - ({"code"} if key == "refused" else set())


@pytest.mark.parametrize("key", SENTENCES)
def test_the_second_language_is_not_chinese(key: str) -> None:
    assert re.search("[\u4e00-\u9fff]", SENTENCES[key][1]) is None


def test_no_sentence_is_unused() -> None:
    assembled = ("help.", "file.")
    assert [key for key in SENTENCES if f'"{key}"' not in _SOURCE and not key.startswith(assembled)] == []


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        ([], Language.ZH),
        (["--lang", "en"], Language.EN),
        (["compare", "--lang=en"], Language.EN),
        (["--lang", "en", "compare", "--lang", "zh"], Language.ZH),
        (["--lang", "fr"], Language.ZH),
        (["--lang"], Language.ZH),
    ],
)
def test_the_language_is_the_last_one_asked_for(arguments: list[str], language: Language) -> None:
    assert language_of(arguments) is language
