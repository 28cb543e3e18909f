"""The gold set: what careful readers found in real reports, without the reports' text.

A gold file names its report by file name and SHA-256 and holds offsets into its text, values and labels only; the
reports themselves are not ours to publish.
"""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field

from ..extraction.record import Model, Number, Region

GOLD_FOLDER = Path(__file__).parent / "gold"


class GoldError(Exception):
    """The gold set and the reports do not fit together; the message names both."""


class GoldReport(Model):
    """Who reports on which year."""

    title: str
    agency: str
    region: Region
    year: int
    period_start: str | None
    period_end: str | None
    edition: Literal["2021", "2019", "legacy", "none"]


class GoldSection(Model):
    """A section; ``start`` at its heading, ``end`` after its last non-blank character."""

    label: str
    start: int
    end: int


class GoldCell(Model):
    """A cell's value; None and an empty ``printed`` where it is blank."""

    value: Number | None
    printed: str


class Reading(Model):
    """Another defensible reading of an uncertain mark; ``not_fact`` where it may be no fact at all."""

    metric: str | None = None
    channel: str | None = None
    not_fact: bool = False


class GoldFact(Model):
    """A fact with the fields of the scheme. ``certain`` is false where two careful readers could differ."""

    start: int
    end: int
    metric: str
    channel: str | None
    value: Number
    unit: str | None
    hedge: str
    role: str
    period: str
    scope: str
    subject: str | None
    certain: bool = True
    alternatives: list[Reading] = Field(default_factory=list[Reading])


class GoldStatement(Model):
    """A problem or an improvement; ``status`` and ``addresses`` are an improvement's."""

    start: int
    end: int
    themes: list[str]
    status: Literal["planned", "done"] | None = None
    addresses: list[int] = Field(default_factory=list[int])


class Gold(Model):
    """All that the readers found in one report."""

    source: str
    sha256: str
    report: GoldReport
    sections: list[GoldSection]
    cells: dict[str, GoldCell]
    facts: list[GoldFact]
    problems: list[GoldStatement]
    improvements: list[GoldStatement]


def load_gold(folder: Path = GOLD_FOLDER) -> list[Gold]:
    """Return the gold files of ``folder``, by name."""
    return [Gold.model_validate_json(path.read_bytes()) for path in sorted(folder.glob("*.json"))]


def report_path(gold: Gold, reports: Path) -> Path:
    """Return the file of ``gold`` in the folder ``reports``.

    Raises `GoldError` when it is missing or its bytes are not those the gold was made from.
    """
    path = reports / gold.source
    if not path.is_file():
        raise GoldError(f"{path}: this report of the gold set is missing")
    if hashlib.sha256(path.read_bytes()).hexdigest() != gold.sha256:
        raise GoldError(f"{path}: not the file that the gold set was made from; its offsets would not fit")
    return path
