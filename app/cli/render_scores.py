"""Scores as tables for the eyes."""

from rich.console import Console
from rich.table import Table

from ...annotations.matching import Score
from ...eval.evaluation import SURE, Evaluation
from ...eval.significance import Comparison, Interval

_RATES = ("precision", "recall", "F1")


def print_evaluation(console: Console, result: Evaluation, texts: int) -> None:
    """Print all scores that the gold has marks for."""
    scores = result.scores
    console.print(_marks(result))
    console.print(_entities(result.entities))
    for by, rows in scores.breakdown.items():
        console.print(_breakdown(by, rows))
    console.print(_accuracies(result))
    if result.calibration_error is not None:
        console.print(_reliability(result))
    console.print(
        f"{texts} texts; {scores.doubtful} uncertain gold facts are don't-care, and the {scores.pardoned} predictions on "
        "them count neither as hits nor as false alarms.",
        soft_wrap=True,
    )


def print_comparison(console: Console, run: str, against: str, result: Comparison) -> None:
    """Print the paired comparison of two runs."""
    chance = "one text alone tells nothing" if result.p_value is None else f"p = {result.p_value:.3f}"
    console.print(
        f"facts (metric, channel, value): {run} {result.first:.3f}, {against} {result.second:.3f}; {chance} "
        "(approximate randomisation over texts, two-sided)",
        markup=False,
        soft_wrap=True,
    )


def _table(*heads: str) -> Table:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column(heads[0], no_wrap=True)
    for head in heads[1:]:
        table.add_column(head, justify="right", no_wrap=True)
    return table


def _marks(result: Evaluation) -> Table:
    table = _table("", *_RATES, "95 %", "gold")
    for name, s in result.scores.marks.items():
        if s.hits + s.misses:
            table.add_row(name, *_rates(s), _interval(result.intervals[name]), str(s.hits + s.misses))
    return table


def _entities(entities: dict[str, dict[str, float]]) -> Table:
    table = _table("entities by seqeval, strict IOB2", *_RATES, "gold")
    for label in ("micro avg", "macro avg", "weighted avg"):
        row = entities[label]
        rates = (f"{row[name]:.3f}" for name in ("precision", "recall", "f1-score"))
        table.add_row(label, *rates, f"{row['support']:.0f}")
    return table


def _breakdown(by: str, rows: dict[str, Score]) -> Table:
    table = _table(f"facts by {by}", *_RATES, "gold")
    for name, s in sorted(rows.items(), key=lambda row: (-row[1].hits - row[1].misses, row[0])):
        table.add_row(name, *_rates(s), str(s.hits + s.misses))
    return table


def _accuracies(result: Evaluation) -> Table:
    table = _table("", "accuracy", "right of")
    for name, a in result.scores.accuracies.items():
        if a.rate is not None:
            table.add_row(name, f"{a.rate:.3f}", f"{a.right}/{a.total}")
    return table


def _reliability(result: Evaluation) -> Table:
    table = _table("confidence of facts", "facts", "mean confidence", "right")
    for one in result.reliability:
        if one.confidence is not None:
            row = (str(one.count), f"{one.confidence:.3f}", f"{one.accuracy:.3f}")
            table.add_row(f"{one.low:.1f} to {one.high:.1f}", *row)
    count, right = result.sure
    table.add_row(f"above {SURE}", str(count), "", f"{right / count:.3f}" if count else "-")
    table.add_row("expected calibration error", "", "", f"{result.calibration_error:.3f}")
    return table


def _rates(s: Score) -> tuple[str, str, str]:
    return f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}"


def _interval(interval: Interval) -> str:
    if interval.low is None or interval.high is None:
        return "-"
    return f"{interval.low:.3f}-{interval.high:.3f}"
