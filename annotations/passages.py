"""Whole reports cut into passages: one for each stretch of narrative, with its marks."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from .labelled import LabelledFact, LabelledImprovement, LabelledSection, LabelledText
from .section_spans import NOISE, TABLES, own_spans

M = TypeVar("M", bound="LabelledSection | LabelledFact")


def cut_passages(text: LabelledText) -> Iterator[LabelledText]:
    """Yield the narrative sections of ``text`` as texts of their own, their subsections apart, tables and noise left out.

    A text without sections is one passage, labelled ``legacy``. A passage's id is that of the text with its offset in it, its offsets are its own. A mark that reaches over the end
    of its section is left out.
    """
    if text.text is None:
        return
    for label, start, end in narrative_spans(text):
        printed = text.text[start:end]
        bare = printed.strip()
        if bare:
            first = start + printed.index(bare[0])
            yield _passage(text, label, first, first + len(bare))


def narrative_of(text: LabelledText) -> str:
    """Return the words of ``text`` without tables and noise, which are alike in all reports."""
    return "\n".join(passage.text or "" for passage in cut_passages(text))


def narrative_spans(text: LabelledText) -> Iterator[tuple[str, int, int]]:
    """Yield label, start and end of each stretch of narrative, in order; a text without sections is ``legacy``."""
    if not text.sections:
        yield "legacy", 0, len(text.text or "")
    for section, start, end in own_spans(text.sections, lambda section: section.start):
        if section.label != NOISE and section.label not in TABLES:
            yield section.label, start, end


def _passage(text: LabelledText, label: str, start: int, end: int) -> LabelledText:
    assert text.text is not None
    kept = {
        name: _inside(getattr(text, name), start, end)
        for name in ("channels", "facts", "problems", "improvements")
    }
    moved = {name: [_moved(mark, start) for _, mark in marks] for name, marks in kept.items()}
    places = {name: {old: new for new, (old, _) in enumerate(marks)} for name, marks in kept.items()}
    return text.model_copy(
        update={
            "id": f"{text.id}:{start}",
            "text": text.text[start:end],
            "source": None,
            "sha256": None,
            "sections": (LabelledSection(label=label, start=0, end=end - start),),
            "cells": {},
            "channels": tuple(moved["channels"]),
            "facts": tuple(_relinked(fact, places["channels"]) for fact in moved["facts"]),
            "problems": tuple(moved["problems"]),
            "improvements": tuple(_readdressed(item, places["problems"]) for item in moved["improvements"]),
        }
    )


def _inside(marks: Sequence[M], start: int, end: int) -> list[tuple[int, M]]:
    return [(i, mark) for i, mark in enumerate(marks) if start <= mark.start and mark.end <= end]


def _moved(mark: M, start: int) -> M:
    return mark.model_copy(update={"start": mark.start - start, "end": mark.end - start})


def _relinked(fact: LabelledFact, places: dict[int, int]) -> LabelledFact:
    return fact.model_copy(update={"mention": None if fact.mention is None else places.get(fact.mention)})


def _readdressed(item: LabelledImprovement, places: dict[int, int]) -> LabelledImprovement:
    return item.model_copy(update={"addresses": tuple(places[a] for a in item.addresses if a in places)})
