"""Scoring records against the gold set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..extraction.record import FactRecord, ImprovementRecord, ProblemRecord, Record
from .gold import Gold, GoldFact, GoldStatement
from .metrics import Marked, Score, label_score, match, overlap, score

OVERLAP = 0.5
"""Statements match when they share at least this part of the longer one."""

FIELDS = ("metric", "channel", "value", "unit", "hedge", "role", "period", "scope", "subject")
"""What a fact is compared by, field by field, where its span was found."""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """So many right of so many; adds up over documents."""

    right: int = 0
    total: int = 0

    def __add__(self, other: "Accuracy") -> "Accuracy":
        return Accuracy(self.right + other.right, self.total + other.total)


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one document, or of many added up. Keys are the names that reports print."""

    marks: dict[str, Score] = field(default_factory=dict[str, Score])
    accuracies: dict[str, Accuracy] = field(default_factory=dict[str, Accuracy])
    doubtful: int = 0

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(
            {k: self.marks.get(k, Score()) + v for k, v in other.marks.items()},
            {k: self.accuracies.get(k, Accuracy()) + v for k, v in other.accuracies.items()},
            self.doubtful + other.doubtful,
        )


def score_record(gold: Gold, record: Record) -> Scores:
    """Score one record. Facts marked uncertain are don't-care (`metrics.score`); ``doubtful`` counts them."""
    marks = {
        "facts (metric, channel, value)": score(gold.facts, record.facts, _same_fact),
        "the same, uncertain ones counted": score(_as_certain(gold.facts), record.facts, _same_fact),
        "facts (metric, value)": score(gold.facts, record.facts, _same_metric),
        "fact spans, exact": score(gold.facts, record.facts, _same_span),
        "fact spans, overlapping": score(gold.facts, record.facts, _any),
        "problems": score(gold.problems, record.problems, _mostly),
        "problems, exact": score(gold.problems, record.problems, _same_span),
        "problem themes": _themes(gold.problems, record.problems),
        "improvements": score(gold.improvements, record.improvements, _mostly),
        "improvements, exact": score(gold.improvements, record.improvements, _same_span),
        "improvement themes": _themes(gold.improvements, record.improvements),
        "sections": score(gold.sections, record.sections, lambda g, p: g.label == p.label and _mostly(g, p)),
        "sections, exact": score(
            gold.sections, record.sections, lambda g, p: g.label == p.label and _same_span(g, p)
        ),
    }
    accuracies = {f"fact field {name}": _field(gold.facts, record.facts, name) for name in FIELDS}
    accuracies["improvement status"] = _status(gold.improvements, record.improvements)
    accuracies["cells"] = _cells(gold, record)
    for name in ("title", "agency", "year", "edition", "region"):
        right = getattr(gold.report, name) == getattr(record.report, name)
        accuracies[f"report {name}"] = Accuracy(int(right), 1)
    return Scores(marks, accuracies, sum(not fact.certain for fact in gold.facts))


def _as_certain(facts: Sequence[GoldFact]) -> list[GoldFact]:
    return [fact.model_copy(update={"certain": True}) for fact in facts]


def _same_fact(g: GoldFact, p: FactRecord) -> bool:
    return _same_metric(g, p) and g.channel == p.channel


def _same_metric(g: GoldFact, p: FactRecord) -> bool:
    return g.metric == p.metric and g.value == p.value


def _same_span(g: Marked, p: Marked) -> bool:
    return (g.start, g.end) == (p.start, p.end)


def _any(_g: Marked, _p: Marked) -> bool:
    return True


def _mostly(g: Marked, p: Marked) -> bool:
    return overlap(g, p) >= OVERLAP * max(g.end - g.start, p.end - p.start)


def _themes(
    gold: Sequence[GoldStatement], predicted: Sequence[ProblemRecord] | Sequence[ImprovementRecord]
) -> Score:
    """Themes of the statements found; missing statements are the statements' score."""
    pairs = match(gold, predicted, _mostly).pairs
    return label_score([gold[i].themes for i, _ in pairs], [predicted[j].themes for _, j in pairs])


def _status(gold: Sequence[GoldStatement], predicted: Sequence[ImprovementRecord]) -> Accuracy:
    pairs = match(gold, predicted, _mostly).pairs
    return Accuracy(sum(gold[i].status == predicted[j].status for i, j in pairs), len(pairs))


def _field(gold: Sequence[GoldFact], predicted: Sequence[FactRecord], name: str) -> Accuracy:
    """Accuracy of one field over the certain facts whose span was found."""
    certain = [fact for fact in gold if fact.certain]
    pairs = _best_pairs(certain, predicted)
    right = sum(getattr(certain[i], name) == getattr(predicted[j], name) for i, j in pairs)
    return Accuracy(right, len(pairs))


def _best_pairs(gold: Sequence[GoldFact], predicted: Sequence[FactRecord]) -> list[tuple[int, int]]:
    """Facts that share a span are paired by metric and channel first, the rest by overlap."""
    pairs: list[tuple[int, int]] = []
    left_gold: list[int] = list(range(len(gold)))
    left_predicted: list[int] = list(range(len(predicted)))
    tests: tuple[Callable[[GoldFact, FactRecord], bool], ...] = (_same_fact, _same_metric, _any)
    for fits in tests:
        found = match([gold[i] for i in left_gold], [predicted[j] for j in left_predicted], fits)
        pairs += [(left_gold[i], left_predicted[j]) for i, j in found.pairs]
        left_gold = [left_gold[i] for i in found.missed]
        left_predicted = [left_predicted[j] for j in found.false_alarms]
    return pairs


def _cells(gold: Gold, record: Record) -> Accuracy:
    """A cell is right when its value is, null included, and blank is told from printed."""
    right = 0
    for cell_id, want in gold.cells.items():
        have = record.statistics.get(cell_id)
        if have and have.value == want.value:
            right += want.value is not None or have.status == "blank"
    return Accuracy(right, len(gold.cells))
