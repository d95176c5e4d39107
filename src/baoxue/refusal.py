"""Refusals: what the project will not do, said in one sentence a clerk understands."""

from __future__ import annotations


class Refusal(Exception):
    """The work cannot be done as asked.

    `sentence` names the file, the place in it and the remedy, in Chinese; it holds no identity number. `code` is
    stable and meant for programs. Subclasses give their own `code`.
    """

    code = "refused"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
