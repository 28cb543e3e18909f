"""The table of baselines, and the place of a table in a document."""

from collections.abc import Sequence
from pathlib import Path

from ..score import MAIN, Scores, total
from ..significance import compare, f1_interval
from .measure import Measured

_BASELINES = "baselines"
_LEVELS = (MAIN, "facts (metric, value)", "fact spans, exact")


class NoPlaceError(Exception):
    """The document has no place for the table; the message names the file and the lines that are missing."""


def results_table(rows: Sequence[Measured], test_sets: Sequence[str], reference: str | None = None) -> str:
    """Return a Markdown table: a row a reader, a column a test set with F1 and its 95 % interval over texts.

    ``reference`` names the row that all others are compared with, text by text.
    """
    compared = next((row for row in rows if row.name == reference), None)
    head = ["", *test_sets, "MB", "characters a second", "seconds of training"]
    lines = [head, ["---"] * len(head)]
    for row in rows:
        scores = [
            _f1(row.by_text[name]) + _difference(row, compared, name) if name in row.by_text else "–"
            for name in test_sets
        ]
        size = "–" if row.megabytes is None else f"{row.megabytes:.1f}"
        seconds = "–" if row.seconds is None else f"{row.seconds:.0f}"
        lines.append([row.name, *scores, size, f"{row.characters_a_second:,.0f}", seconds])
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    told = f"F1 of {' / '.join(_LEVELS)}; in brackets the 95 % interval of the first over texts."
    if compared:
        told += f" p: how often chance alone would part the first from that of {compared.name} so far (approximate randomisation over texts, two-sided)."
    return f"{told}\n\n{table}"


def check_markers(path: Path, name: str = _BASELINES) -> None:
    """Raise `NoPlaceError` unless a file has the two lines that a table goes between, once each and in order."""
    opening, closing = _markers(name)
    lines = path.read_text("utf-8").split("\n")
    places = [[n for n, line in enumerate(lines) if line == marker] for marker in (opening, closing)]
    if [len(found) for found in places] != [1, 1] or places[0] > places[1]:
        raise NoPlaceError(
            f"{path}: the table goes between a line '{opening}' and below it a line '{closing}'; add both, once each"
        )


def write_between_markers(path: Path, words: str, name: str = _BASELINES) -> None:
    """Replace what stands between the lines ``<!-- name -->`` and ``<!-- /name -->`` of a file.

    Raises `NoPlaceError`, before anything is written, unless both lines are there (`check_markers`).
    """
    check_markers(path, name)
    opening, closing = _markers(name)
    lines = path.read_text("utf-8").split("\n")
    kept = (lines[: lines.index(opening) + 1], lines[lines.index(closing) :])
    path.write_text("\n".join([*kept[0], words, *kept[1]]), "utf-8")


def _markers(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->", f"<!-- /{name} -->"


def _difference(row: Measured, compared: Measured | None, test_set: str) -> str:
    """How likely chance is to make the difference to the row compared with; nothing for that row itself."""
    if compared is None or row is compared or test_set not in compared.by_text:
        return ""
    ours, theirs = ([scores.marks[MAIN] for scores in each.by_text[test_set]] for each in (row, compared))
    p_value = compare(ours, theirs).p_value
    return "" if p_value is None else f"; p {p_value:.3f}"


def _f1(by_text: Sequence[Scores]) -> str:
    marks = total(by_text).marks
    first, *others = (f"{marks[level].f1:.3f}" for level in _LEVELS)
    interval = f1_interval([scores.marks[MAIN] for scores in by_text])
    low, high = interval.low, interval.high
    between = "" if low is None or high is None else f" ({low:.2f}–{high:.2f})"
    return " / ".join((f"{first}{between}", *others))
