"""One evaluation: all scores of a run on a gold set, with intervals, as data to print and to save."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..annotations.labelled import LabelledText
from ..annotations.matching import Score
from .calibration import Bin, expected_calibration_error, reliability
from .entities import entity_report
from .score import MAIN, Scores, score_texts, total
from .significance import Comparison, Interval, compare, f1_interval

SURE = 0.9
"""Facts with a higher confidence than this should nearly always be right."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The scores of a run.

    ``by_text`` holds them text by text in the order of the gold, ``scores`` added up, ``intervals`` the 95 % interval
    of the F1 of each of ``scores.marks``. ``sure`` counts the facts with a confidence above `SURE` and the right ones.
    """

    by_text: tuple[Scores, ...]
    scores: Scores
    intervals: dict[str, Interval]
    entities: dict[str, dict[str, float]]
    calibration_error: float | None
    reliability: tuple[Bin, ...]
    sure: tuple[int, int]


def evaluate(pairs: Sequence[tuple[LabelledText, LabelledText]]) -> Evaluation:
    """Evaluate (gold, predicted) pairs."""
    by_text = score_texts(pairs)
    scores = total(by_text)
    sure = [right for confidence, right in scores.confidences if confidence > SURE]
    return Evaluation(
        by_text=tuple(by_text),
        scores=scores,
        intervals={name: f1_interval(_column(by_text, name)) for name in scores.marks},
        entities=entity_report(pairs),
        calibration_error=expected_calibration_error(scores.confidences),
        reliability=tuple(reliability(scores.confidences)),
        sure=(len(sure), sum(sure)),
    )


def compare_runs(one: Evaluation, two: Evaluation) -> Comparison:
    """Compare two runs over the same gold texts on the main score."""
    return compare(_column(one.by_text, MAIN), _column(two.by_text, MAIN))


def _column(by_text: Sequence[Scores], name: str) -> list[Score]:
    return [scores.marks.get(name, Score()) for scores in by_text]


def as_data(evaluation: Evaluation, gold: Sequence[LabelledText]) -> dict[str, Any]:
    """Return an evaluation as plain data for JSON: every score with its counts, rates and interval."""
    scores = evaluation.scores
    return {
        "texts": len(gold),
        "uncertain_gold_facts": scores.doubtful,
        "predictions_on_uncertain_gold_facts": scores.pardoned,
        "scores": {name: _score(s) | asdict(evaluation.intervals[name]) for name, s in scores.marks.items()},
        "accuracies": {
            n: {"rate": a.rate, "right": a.right, "total": a.total} for n, a in scores.accuracies.items()
        },
        "breakdown": {by: {n: _score(s) for n, s in sorted(t.items())} for by, t in scores.breakdown.items()},
        "entities_seqeval_strict_iob2": {
            label: {name: float(value) for name, value in row.items()}
            for label, row in evaluation.entities.items()
        },
        "calibration": {
            "expected_calibration_error": evaluation.calibration_error,
            "reliability": [asdict(one) for one in evaluation.reliability],
            f"confidence_above_{SURE}": {"facts": evaluation.sure[0], "right": evaluation.sure[1]},
        },
        "by_text": {
            text.id: {name: _score(s) for name, s in one.marks.items()}
            for text, one in zip(gold, evaluation.by_text, strict=True)
        },
    }


def _score(s: Score) -> dict[str, float]:
    return {
        "precision": s.precision,
        "recall": s.recall,
        "f1": s.f1,
        "support": s.hits + s.misses,
        "hits": s.hits,
        "false_alarms": s.false_alarms,
        "misses": s.misses,
    }
