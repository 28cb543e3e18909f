"""How large and how varied the corpus is: ``python -m gongkai.eval.corpus_report`` rewrites the figures in its README."""

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import mean, quantiles
from typing import Any, cast

import jieba

from ..annotations.corpus import CORPUS_FOLDER, part_of, read_corpus
from ..annotations.labelled import LabelledText, is_passage
from ..annotations.passages import cut_passages, narrative_of
from ..annotations.scheme import scheme
from ..annotations.similarity import nearest_neighbours
from ..extraction.narrative.quantities import find_quantities
from ..extraction.normalise import normalise

README = CORPUS_FOLDER / "README.md"
_FIGURES = re.compile(r"(?<=<!-- figures -->\n).*(?=<!-- /figures -->)", re.DOTALL)
_SEGMENT = 1000
_CONTEXT = 6
_HAN = re.compile("[一-鿿]+")


def main() -> None:
    """Rewrite the part of the corpus's README between the marks, and print it."""
    figures = "\n".join(_report(read_corpus())) + "\n"
    README.write_text(_FIGURES.sub(lambda _: figures, README.read_text("utf-8")), "utf-8")
    print(figures)


def _report(texts: Sequence[LabelledText]) -> Iterator[str]:
    yield from _size(texts)
    yield ""
    yield from _variety(texts)
    yield ""
    yield from _labels(texts)


def _size(texts: Sequence[LabelledText]) -> Iterator[str]:
    yield "| | train | dev | all |"
    yield "|---|---|---|---|"
    parts = ([t for t in texts if part_of(t) == "train"], [t for t in texts if part_of(t) == "dev"], texts)
    problems = [[t for t in part if is_passage(t) and t.sections[0].label == "problems"] for part in parts]
    reports = [[t for t in part if not is_passage(t)] for part in parts]
    rows = {
        "passages": [len(p) - len(q) - len(r) for p, q, r in zip(parts, problems, reports, strict=True)],
        "sections on problems": [len(p) for p in problems],
        "whole reports": [len(p) for p in reports],
        "agencies": [len({t.report.agency for t in part}) for part in parts],
        "characters of narrative": [sum(len(narrative_of(t)) for t in part) for part in parts],
        "facts": [sum(len(t.facts) for t in part) for part in parts],
        "uncertain facts": [sum(not f.certain for t in part for f in t.facts) for part in parts],
        "told zeros and printed zeros": [sum(f.value == 0 for t in part for f in t.facts) for part in parts],
        "numbers that are no facts": [sum(_numbers_left(t) for t in part) for part in parts],
        "words that name a channel": [sum(len(t.channels) for t in part) for part in parts],
        "problems": [sum(len(t.problems) for t in part) for part in parts],
        "improvements": [sum(len(t.improvements) for t in part) for part in parts],
        "texts with noise": [sum(bool(t.noise) for t in part) for part in parts],
    }
    for name, counts in rows.items():
        yield f"| {name} | {' | '.join(f'{count:,}' for count in counts)} |"


def _numbers_left(text: LabelledText) -> int:
    """Runs of digits, and quantities in words, outside of all facts, in the narrative."""
    left = 0
    for passage in cut_passages(text):
        printed = passage.text or ""
        marked = {at for fact in passage.facts for at in range(fact.start, fact.end)}
        normal = normalise(printed)
        found = {normal.source_span(q.start, q.end) for q in find_quantities(normal.text)}
        digits = {match.span() for match in re.finditer(r"\d+", printed)}
        free = [span for span in found | digits if not marked & set(range(*span))]
        left += sum(not any(a <= b[0] and b[1] <= e and (a, e) != b for a, e in free) for b in free)
    return left


def _variety(texts: Sequence[LabelledText]) -> Iterator[str]:
    narrative = [narrative_of(text) for text in texts]
    likeness = sorted(alike for _, _, alike in nearest_neighbours(narrative))
    median, upper = quantiles(likeness, n=20)[9], quantiles(likeness, n=20)[18]
    yield (
        f"Likeness of a text to the one most like it (cosine of character trigrams weighted by rarity): median "
        f"{median:.2f}, 95th percentile {upper:.2f}, highest {likeness[-1]:.2f}. "
        f"Type-token ratio of words (jieba), mean over segments of {_SEGMENT:,} words: {_type_token_ratio(narrative):.3f}."
    )


def _type_token_ratio(texts: Sequence[str]) -> float:
    cast(Any, jieba).setLogLevel(logging.WARNING)
    words = [w for text in texts for w in cast(Any, jieba).cut(text) if _HAN.fullmatch(w)]
    segments = [words[at : at + _SEGMENT] for at in range(0, len(words) - _SEGMENT + 1, _SEGMENT)]
    return mean(len(set(segment)) / len(segment) for segment in segments)


def _labels(texts: Sequence[LabelledText]) -> Iterator[str]:
    yield f"A context is the {_CONTEXT} characters before a fact and the 3 behind it, digits alike."
    yield ""
    yield "| metric | facts | in dev | distinct contexts | | channel | facts | in dev | distinct words naming it |"
    yield "|---|---|---|---|---|---|---|---|---|"
    metrics, channels = list(_metric_rows(texts)), list(_channel_rows(texts))
    empty = "| | | | "
    for place in range(max(len(metrics), len(channels))):
        left = metrics[place] if place < len(metrics) else empty
        right = channels[place] if place < len(channels) else empty
        yield f"{left}| {right}|"
    for name in ("role", "period", "scope", "hedge"):
        counts = Counter(getattr(fact, name) for text in texts for fact in text.facts)
        yield ""
        yield f"{name}: " + ", ".join(f"{label} {count:,}" for label, count in counts.most_common())


def _metric_rows(texts: Sequence[LabelledText]) -> Iterator[str]:
    contexts: defaultdict[str, set[str]] = defaultdict(set)
    counts: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for fact in text.facts:
            printed = text.text or ""
            around = (
                printed[max(0, fact.start - _CONTEXT) : fact.start] + "_" + printed[fact.end : fact.end + 3]
            )
            contexts[fact.metric].add(re.sub(r"\d", "0", around))
            counts[fact.metric, part_of(text)] += 1
    for metric in scheme().metrics:
        dev = counts[metric, "dev"]
        yield f"| {metric} | {counts[metric, 'train'] + dev} | {dev} | {len(contexts[metric])} "


def _channel_rows(texts: Sequence[LabelledText]) -> Iterator[str]:
    words: defaultdict[str, set[str]] = defaultdict(set)
    counts: Counter[tuple[str | None, str]] = Counter()
    for text in texts:
        counts.update((fact.channel, part_of(text)) for fact in text.facts)
        for mention in text.channels:
            words[mention.channel].add((text.text or "")[mention.start : mention.end])
    for channel in (*scheme().channels, None):
        dev = counts[channel, "dev"]
        distinct = str(len(words[channel])) if channel else ""
        yield f"| {channel or 'none'} | {counts[channel, 'train'] + dev} | {dev} | {distinct} "


if __name__ == "__main__":
    main()
