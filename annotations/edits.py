"""Changing the words of a labelled text without losing its marks."""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from .labelled import (
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledSection,
    LabelledText,
)

_Mark = TypeVar("_Mark", LabelledChannel, LabelledFact, LabelledImprovement, LabelledProblem, LabelledSection)


class Edit(NamedTuple):
    """New words for the characters ``[start, end)``; an insertion where both are equal."""

    start: int
    end: int
    words: str


def apply_edits(text: LabelledText, edits: Iterable[Edit]) -> LabelledText:
    """Return ``text`` with ``edits`` made, which may not overlap.

    A mark keeps covering what it covered: words put in at its edge stay outside, an edit that begins or ends at its
    edge changes it from within. A mark whose words are all gone is dropped; so are links to it.

    Raises `ValueError` when two edits overlap or an edit reaches over the edge of a mark.
    """
    assert text.text is not None
    ordered = sorted(edits)
    for one, two in itertools.pairwise(ordered):
        if two.start < one.end:
            raise ValueError(f"edits overlap at {two.start}")
    if not ordered:
        return text
    places = _Places(ordered)
    channels, kept_channels = _moved(text.channels, places)
    problems, kept_problems = _moved(text.problems, places)
    facts, _ = _moved(text.facts, places)
    improvements, _ = _moved(text.improvements, places)
    sections, _ = _moved(text.sections, places)
    return text.model_copy(
        update={
            "text": _edited(text.text, ordered),
            "sections": sections,
            "channels": channels,
            "facts": tuple(
                f.model_copy(update={"mention": None if f.mention is None else kept_channels.get(f.mention)})
                for f in facts
            ),
            "problems": problems,
            "improvements": tuple(
                i.model_copy(
                    update={"addresses": tuple(kept_problems[a] for a in i.addresses if a in kept_problems)}
                )
                for i in improvements
            ),
        }
    )


class _Places:
    """Where each offset of the old text lies in the new one."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._starts = [edit.start for edit in edits]
        self._shifts = [0]
        for edit in edits:
            self._shifts.append(self._shifts[-1] + len(edit.words) - (edit.end - edit.start))

    def start(self, at: int) -> int:
        """The new place of a mark's first character: behind what is put in right before it."""
        return self._place(at, insertions=True)

    def end(self, at: int) -> int:
        """The new place of a mark's end: before what is put in right behind it."""
        return self._place(at, insertions=False)

    def _place(self, at: int, *, insertions: bool) -> int:
        before = bisect_right(self._starts, at)
        while before and self._edits[before - 1].start == at:
            edit = self._edits[before - 1]
            if insertions and edit.start == edit.end:
                break
            before -= 1
        last = self._edits[before - 1] if before else None
        if last is not None and last.start < at < last.end:
            raise ValueError(f"an edit at {last.start} reaches over the edge of a mark at {at}")
        return at + self._shifts[before]


def _moved(marks: Sequence[_Mark], places: _Places) -> tuple[tuple[_Mark, ...], dict[int, int]]:
    """The marks on the new text, and the new index of each that is left."""
    moved: list[_Mark] = []
    kept: dict[int, int] = {}
    for index, mark in enumerate(marks):
        start, end = places.start(mark.start), places.end(mark.end)
        if end > start:
            kept[index] = len(moved)
            moved.append(mark.model_copy(update={"start": start, "end": end}))
    return tuple(moved), kept


def _edited(text: str, edits: Sequence[Edit]) -> str:
    pieces: list[str] = []
    at = 0
    for edit in edits:
        pieces += [text[at : edit.start], edit.words]
        at = edit.end
    return "".join([*pieces, text[at:]])
