"""Problems and improvements as the learned reader finds them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, cast

import numpy as np

from ...annotations.matching import overlap
from ...models.heads import log_softmax
from ...models.reader import Reader
from ...models.tags import best_spans, tags_of
from ...models.windows import Array, Span, Window
from .hints import tag_hints
from .items import BARE_ORDINAL_CONFIDENCE, Item, Kind, cues
from .prefix import prefix_of
from .statements import STATEMENTS, ReadItems, Told
from .themes import themes_of
from .windowing import Stretch, running_stretches

_EDGES = " \n。;,、:!?"
LONGEST_LIST = 20_000
"""No section on problems is so many characters long; of a longer text the rules' items stand."""
_SHORTEST = 3
_SHORTEST_CLAUSE = 6
_LIST_MARK = re.compile("、")
_CLAUSE = re.compile("[,;。:、]")
_MOST_THEMES = 3


@dataclass(frozen=True, slots=True)
class AskedItems:
    """A section on problems as the learned reader is asked about it, with the items that the rules found."""

    read: ReadItems
    stretches: Sequence[Stretch]
    windows: Sequence[Window]
    hinted: bool


def ask_items(read: ReadItems, title: str, *, hinted: bool) -> AskedItems:
    """Return a section on problems cut into windows. ``title`` is the report's."""
    text = read.normal.text
    stretches = running_stretches(text)
    prefix = prefix_of(STATEMENTS, title)
    windows = [Window(text[s.start : s.end], prefix) for s in stretches]
    return AskedItems(read, stretches, windows, hinted)


def told_items(asked: AskedItems, states: Iterator[Array], reader: Reader) -> list[Told]:
    """Return the statements of a section, in order, given the states of its windows, taken from ``states``."""
    text = asked.read.normal.text
    if not text:
        return []
    kinds = {kind: number for number, kind in enumerate(reader.labels.statements)}
    hints = tag_hints([(i.start, i.end, kinds[i.kind]) for i in asked.read.items], len(text))
    own = [
        (state, slice(stretch.own - stretch.start, stretch.own_end - stretch.start), stretch)
        for state, stretch in zip(islice(states, len(asked.stretches)), asked.stretches, strict=True)
    ]
    scores = np.concatenate(
        [
            reader.statement_scores(state, hints[s.start : s.end] if asked.hinted else None)[part]
            for state, part, s in own
        ]
    )
    ordinals = ordinal_items(asked.read.items)
    if asked.hinted and ordinals:
        ruled = tags_of([(i.start, i.end, kinds[i.kind]) for i in ordinals], len(text))
        scores[np.arange(len(text)), ruled] += reader.decoding.trust["statements"]
        scores = log_softmax(scores)
    spans = list(_with_causes(text, _trimmed(text, best_spans(scores))))
    spans = [part for span in spans for part in _divided(text, span, ordinals, kinds["problem"])]
    if not spans:
        return []
    whole = np.concatenate([state[part] for state, part, _ in own])
    known = reader.labels.themes
    ruled = [[known.index(theme) for theme in themes_of(text[s.start : s.end])] for s in spans]
    _, done = reader.items(whole, [(s.start, s.end) for s in spans], ruled if asked.hinted else None)
    themes = _themes(reader, [text[s.start : s.end] for s in spans])
    items = [
        Item(cast(Kind, reader.labels.statements[s.label]), s.start, s.end, round(s.probability, 4))
        for s in spans
    ]
    _pair(items, asked.read.items)
    return [
        Told(item, told, _status(float(chance), reader), "model")
        for item, told, chance in zip(items, themes, done, strict=True)
    ]


def ordinal_items(items: Sequence[Item]) -> list[Item]:
    """Return the items that the rules are sure of: those that an ordinal marks."""
    return [item for item in items if item.confidence >= BARE_ORDINAL_CONFIDENCE]


def _trimmed(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The spans without the marks at their edges."""
    for span in spans:
        start, end = span.start, span.end
        while start < end and text[start] in _EDGES:
            start += 1
        while end > start and text[end - 1] in _EDGES:
            end -= 1
        if end - start >= _SHORTEST:
            yield span._replace(start=start, end=end)


def _with_causes(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, each with the cause that a comma parts from it (由于人手紧,更新不及时).

    A cause of what is no statement itself is none (由于人手紧,我局仍存在以下不足).
    """
    cause: Span | None = None
    for span in spans:
        whole = span
        if cause and span.label == cause.label and text[cause.end : span.start] == ",":
            whole = span._replace(start=cause.start)
        is_cause = cues().cause.match(text, whole.start, whole.end) and text.startswith(",", whole.end)
        cause = whole if is_cause else None
        if not is_cause:
            yield whole


def _divided(text: str, span: Span, ordinals: Sequence[Item], problem: int) -> Iterator[Span]:
    """The clauses of a problem that each tell of a lack, as of a list without ordinals (更新不够及时、互动渠道不畅)."""
    start = span.start
    if span.label == problem and not any(overlap(item, span) for item in ordinals):
        for mark in _LIST_MARK.finditer(text, span.start, span.end):
            before = _CLAUSE.split(text[start : mark.start()])[-1]
            behind = _CLAUSE.split(text[mark.end() : span.end])[0]
            if all(len(clause) >= _SHORTEST_CLAUSE and _tells_a_lack(clause) for clause in (before, behind)):
                yield span._replace(start=start, end=mark.start())
                start = mark.end()
    yield span._replace(start=start)


def _tells_a_lack(clause: str) -> bool:
    return any(cue.end() == len(clause) for cue in cues().problem.finditer(clause))


def _pair(items: Sequence[Item], ruled: Sequence[Item]) -> None:
    """Let measures answer the problem of their own item, as the rules saw it."""
    for measure in items:
        told = next((r for r in ruled if r.answers is not None and overlap(r, measure)), None)
        if told is not None and told.answers is not None and measure.kind == told.kind:
            answered = told.answers
            measure.answers = next(
                (i for i in items if i.kind == answered.kind and overlap(i, answered)), None
            )


def _themes(reader: Reader, statements: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The likely themes of each statement, the likeliest first; always one."""
    if reader.themes is None:
        raise ValueError("this reader knows no themes")
    for chances in reader.themes.chances(statements):
        ranked = [int(n) for n in np.argsort(-chances)[:_MOST_THEMES]]
        likely = [n for n in ranked if chances[n] >= reader.decoding.thresholds["theme"]] or ranked[:1]
        yield tuple(reader.labels.themes[n] for n in likely)


def _status(done: float, reader: Reader) -> Literal["planned", "done"]:
    return "done" if done >= reader.decoding.thresholds["done"] else "planned"
