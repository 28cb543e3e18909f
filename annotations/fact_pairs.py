"""Facts against gold facts: which pairs are the same, and what each field is worth."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .labelled import LabelledFact, LabelledSection, LabelledText
from .matching import Marked, Matching, Score, match, overlap

Fits = Callable[[LabelledFact, LabelledFact], bool]


class FactPairs(NamedTuple):
    """The facts of one text matched at one level.

    ``hits`` pairs gold facts with predictions, ``misses`` are gold facts nobody found, ``alarms`` predictions that are
    no gold fact. Uncertain gold facts (``certain`` false) are don't-care: missing one is no miss, and a prediction on
    one is neither hit nor alarm; those are ``pardoned``.
    """

    hits: list[tuple[LabelledFact, LabelledFact]]
    misses: list[LabelledFact]
    alarms: list[LabelledFact]
    pardoned: list[LabelledFact]


def same_fact(g: LabelledFact, p: LabelledFact) -> bool:
    """Whether metric, channel and value agree: what a researcher would use as the number."""
    return same_metric(g, p) and g.channel == p.channel


def same_metric(g: LabelledFact, p: LabelledFact) -> bool:
    """Whether metric and value agree."""
    return g.metric == p.metric and g.value == p.value


def same_in_all(g: LabelledFact, p: LabelledFact) -> bool:
    """Whether all fields agree but ``subject``, which is free wording."""
    fields = ("metric", "channel", "value", "unit", "hedge", "role", "period", "scope")
    return all(getattr(g, name) == getattr(p, name) for name in fields)


def same_span(g: Marked, p: Marked) -> bool:
    """Whether both begin and end at the same characters."""
    return (g.start, g.end) == (p.start, p.end)


def any_overlap(_g: Marked, _p: Marked) -> bool:
    """Whether they share characters at all, which `annotations.matching.match` sees to."""
    return True


def pair_facts(gold: Sequence[LabelledFact], predicted: Sequence[LabelledFact], fits: Fits) -> FactPairs:
    """Match the facts of one text."""
    certain = [fact for fact in gold if fact.certain]
    doubtful = [fact for fact in gold if not fact.certain]
    found = match(certain, predicted, fits)
    over = [predicted[j] for j in found.false_alarms]
    pardoned = [p for p in over if any(overlap(g, p) for g in doubtful)]
    return FactPairs(
        [(certain[i], predicted[j]) for i, j in found.pairs],
        [certain[i] for i in found.missed],
        [p for p in over if p not in pardoned],
        pardoned,
    )


def score_by(pairs: FactPairs, label: Callable[[LabelledFact], str]) -> dict[str, Score]:
    """Return a score for each label: hits and misses under the gold fact's, alarms under the prediction's."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for g, _ in pairs.hits:
        scores[label(g)] += Score(hits=1)
    for g in pairs.misses:
        scores[label(g)] += Score(misses=1)
    for p in pairs.alarms:
        scores[label(p)] += Score(false_alarms=1)
    return dict(scores)


def best_pairs(gold: Sequence[LabelledFact], predicted: Sequence[LabelledFact]) -> Matching:
    """Pair facts that share characters: those alike first (metric, channel, value; metric, value), then the rest."""
    pairs: list[tuple[int, int]] = []
    left_gold: list[int] = list(range(len(gold)))
    left_predicted: list[int] = list(range(len(predicted)))
    for fits in (same_fact, same_metric, any_overlap):
        found = match([gold[i] for i in left_gold], [predicted[j] for j in left_predicted], fits)
        pairs += [(left_gold[i], left_predicted[j]) for i, j in found.pairs]
        left_gold = [left_gold[i] for i in found.missed]
        left_predicted = [left_predicted[j] for j in found.false_alarms]
    return Matching(tuple(pairs), tuple(left_gold), tuple(left_predicted))


def innermost_label(sections: Sequence[LabelledSection]) -> Callable[[Marked], str]:
    """Return a function that tells the label of the innermost section a mark begins in, ``none`` outside of all."""
    ordered = sorted(sections, key=lambda s: (s.start, -s.end))
    starts = [section.start for section in ordered]

    def label(mark: Marked) -> str:
        for section in reversed(ordered[: bisect_right(starts, mark.start)]):
            if mark.start < section.end:
                return section.label
        return "none"

    return label


def linked_words(text: LabelledText, fact: LabelledFact) -> Marked | None:
    """Return the words that name the channel of ``fact``."""
    return None if fact.mention is None else text.channels[fact.mention]
