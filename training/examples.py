"""Labelled texts as examples: windows with what each head should say of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from ..annotations.labelled import LabelledFact, LabelledText, is_passage
from ..annotations.scheme import scheme
from ..extraction.document import Document
from ..extraction.narrative.channel_words import channel_words_in
from ..extraction.narrative.cue_typing import type_by_cues
from ..extraction.narrative.hints import quantity_hints, sign_of, tag_hints
from ..extraction.narrative.items import read_items
from ..extraction.narrative.learned_statements import ordinal_items
from ..extraction.narrative.passage import Passage
from ..extraction.narrative.prefix import prefix_of
from ..extraction.narrative.quantities import find_quantities
from ..extraction.narrative.sentences import sentences
from ..extraction.narrative.stretches import narrative_stretches
from ..extraction.narrative.themes import themes_of
from ..extraction.narrative.windowing import Stretch, quantity_stretches, running_stretches
from ..extraction.normalise import NormalText
from ..extraction.readers.text import text_blocks
from ..extraction.sections import labelled_section
from ..models.labels import AND, FIELDS, IMPROVEMENT, NONE, PROBLEM, Labels
from ..models.windows import Candidate, Window

LabelledSpan = tuple[int, int, int]

_OFTEN = 15
"""So many quantities must count the same several things for these to become a label of their own."""
_DOUBTFUL = 0.4
"""What an uncertain fact weighs in training."""
_TITLE_KNOWN = 0.5
"""How often the reader is told whose passage it is; of a report it always knows."""
_STATEMENTS = "problems"


@dataclass(frozen=True, slots=True)
class Item:
    """A problem or an improvement: its span, the numbers of its themes, and whether it is done (None for problems).

    ``ruled`` are the themes that the rules give it.
    """

    start: int
    end: int
    themes: tuple[int, ...]
    done: bool | None
    ruled: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A window with what the heads should say.

    ``facts`` has a row for each candidate: the numbers of its metric, channel and other fields, -1 where there is
    nothing to learn; ``weights`` what each counts. ``mentions`` and ``statements`` are None where they are not labelled.
    ``named`` are the channel words that the rules found. ``ruled_statements`` are those that the rules are sure of.
    ``mention_hints`` and ``statement_hints`` are the rules' labels by character, empty where they were not asked.
    """

    window: Window
    candidates: tuple[Candidate, ...] = ()
    facts: tuple[tuple[int, ...], ...] = ()
    weights: tuple[float, ...] = ()
    mentions: tuple[LabelledSpan, ...] | None = None
    named: tuple[LabelledSpan, ...] = ()
    mention_hints: tuple[int, ...] = ()
    statements: tuple[LabelledSpan, ...] | None = None
    statement_hints: tuple[int, ...] = ()
    ruled_statements: tuple[LabelledSpan, ...] = ()
    items: tuple[Item, ...] = ()
    lines: tuple[LabelledSpan, ...] = ()


def labels_of(texts: Iterable[LabelledText]) -> Labels:
    """Return the labels of the scheme, with the pairs of metrics that one quantity often counts in ``texts``."""
    counted: Counter[str] = Counter()
    for text in texts:
        metrics: dict[tuple[int, int], set[str]] = {}
        for fact in text.facts:
            metrics.setdefault((fact.start, fact.end), set()).add(fact.metric)
        counted.update(AND.join(sorted(several)) for several in metrics.values() if len(several) > 1)
    known = scheme()
    return Labels(
        mentions=tuple(known.channels),
        metrics=(NONE, *known.metrics, *(label for label, times in counted.items() if times >= _OFTEN)),
        channels=(NONE, *known.channels),
        themes=known.themes,
        sections=known.sections,
    )


def narrative_examples(text: LabelledText, labels: Labels, random: Random) -> Iterator[Example]:
    """Yield the windows of a text's narrative that hold quantities, and those of its sections on problems."""
    assert text.text is not None
    document = Document(text.text, text_blocks(text.text), text.id, "", "text")
    sections = [labelled_section(document.text, s.label, s.start, s.end) for s in text.sections]
    known = not is_passage(text) or random.random() < _TITLE_KNOWN
    title = f"{text.report.agency or ''}{text.report.year or ''}" if known else ""
    government = text.report.kind is not None and "government" in text.report.kind and known
    for stretch in narrative_stretches(document, sections):
        passage = Passage(
            stretch.text,
            sentences(stretch.text),
            stretch.label,
            text.report.year if known else None,
            government,
            title,
        )
        yield from _quantities(text, passage, stretch.normal, labels)
        if stretch.label == _STATEMENTS:
            yield from _statements(text, passage, stretch.normal, labels)


def _quantities(
    text: LabelledText, passage: Passage, normal: NormalText, labels: Labels
) -> Iterator[Example]:
    quantities = find_quantities(passage.text)
    if not quantities:
        return
    hints = quantity_hints(type_by_cues(passage, quantities), len(quantities), labels)
    facts = _facts_by_span(text.facts)
    mentions = _spans(normal, ((m.start, m.end, labels.mentions.index(m.channel)) for m in text.channels))
    named = [(a, b, labels.mentions.index(code)) for code, a, b in channel_words_in(passage)]
    told = tag_hints(named, len(passage.text))
    for stretch in quantity_stretches(passage.text, passage.sentences, quantities):
        at = stretch.start
        chosen = [(quantities[i], hints[i]) for i in stretch.quantities]
        rows = [_fact_row(facts.get(normal.source_span(q.start, q.end), ()), labels) for q, _ in chosen]
        yield Example(
            window=Window(passage.text[at : stretch.end], prefix_of(passage.label, passage.title)),
            candidates=tuple(Candidate(q.start - at, q.end - at, hint) for q, hint in chosen),
            facts=tuple(row for row, _ in rows),
            weights=tuple(weight for _, weight in rows),
            mentions=_inside(mentions, stretch),
            named=_inside(named, stretch),
            mention_hints=tuple(told[at : stretch.end]),
        )


def _facts_by_span(facts: Sequence[LabelledFact]) -> dict[tuple[int, int], list[LabelledFact]]:
    by_span: dict[tuple[int, int], list[LabelledFact]] = {}
    for fact in facts:
        by_span.setdefault((fact.start, fact.end), []).append(fact)
    return by_span


def _fact_row(facts: Sequence[LabelledFact], labels: Labels) -> tuple[tuple[int, ...], float]:
    """The numbers of what a quantity counts, and what it weighs."""
    if not facts:
        return (0, *[-1] * (1 + len(FIELDS))), 1.0
    first = facts[0]
    several = AND.join(sorted({fact.metric for fact in facts}))
    metric = several if several in labels.metrics else first.metric
    told = {"role": first.role, "period": first.period, "scope": first.scope, "sign": sign_of(first.value)}
    fields = [labels.of(field).index(told[field]) for field in FIELDS]
    row = (labels.metrics.index(metric), labels.channels.index(first.channel or NONE), *fields)
    return row, 1.0 if all(fact.certain for fact in facts) else _DOUBTFUL


def _statements(
    text: LabelledText, passage: Passage, normal: NormalText, labels: Labels
) -> Iterator[Example]:
    kinds = {kind: number for number, kind in enumerate(labels.statements)}
    told = [(p.start, p.end, kinds[PROBLEM], p.themes, None) for p in text.problems]
    told += [(i.start, i.end, kinds[IMPROVEMENT], i.themes, i.status == "done") for i in text.improvements]
    found = [
        (*span, kind, themes, done)
        for start, end, kind, themes, done in told
        if (span := _span(normal, start, end))
    ]
    spans = sorted((start, end, kind) for start, end, kind, _, _ in found)
    if any(a[1] > b[0] for a, b in pairwise(spans)):
        return  # a label for each character is what the tagger learns
    items = read_items(passage.text, PROBLEM)
    hints = tag_hints([(i.start, i.end, kinds[i.kind]) for i in items], len(passage.text))
    ruled = [(i.start, i.end, kinds[i.kind]) for i in ordinal_items(items)]
    for stretch in running_stretches(passage.text):
        at = stretch.start
        yield Example(
            window=Window(passage.text[at : stretch.end], prefix_of(passage.label, passage.title)),
            statements=_shown(spans, stretch),
            ruled_statements=_shown(ruled, stretch),
            statement_hints=tuple(hints[at : stretch.end]),
            items=tuple(
                Item(
                    start - at,
                    end - at,
                    tuple(labels.themes.index(theme) for theme in themes),
                    done,
                    tuple(labels.themes.index(theme) for theme in themes_of(passage.text[start:end])),
                )
                for start, end, _, themes, done in found
                if at <= start and end <= stretch.end
            ),
        )


def _span(normal: NormalText, start: int, end: int) -> tuple[int, int] | None:
    """Where the source's ``[start, end)`` lies in a normalised stretch, None where it is outside."""
    first, last = normal.index_at(start), normal.index_at(end)
    inside = first < last and start <= normal.source_start(first) and normal.source_end(last - 1) <= end
    return (first, last) if inside else None


def _spans(normal: NormalText, marks: Iterable[LabelledSpan]) -> list[LabelledSpan]:
    """The marks that lie in a stretch, in its own offsets; of those that overlap the first stays."""
    kept: list[LabelledSpan] = []
    for start, end, label in sorted(marks):
        span = _span(normal, start, end)
        if span and (not kept or kept[-1][1] <= span[0]):
            kept.append((*span, label))
    return kept


def _shown(spans: Sequence[LabelledSpan], stretch: Stretch) -> tuple[LabelledSpan, ...]:
    """The parts of spans that a stretch shows."""
    at = stretch.start
    return tuple(
        (max(start, at) - at, min(end, stretch.end) - at, label)
        for start, end, label in spans
        if start < stretch.end and end > at
    )


def _inside(marks: Sequence[LabelledSpan], stretch: Stretch) -> tuple[LabelledSpan, ...]:
    at = stretch.start
    return tuple((a - at, b - at, label) for a, b, label in marks if at <= a and b <= stretch.end)
