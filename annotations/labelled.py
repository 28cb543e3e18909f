"""Labelled text: what a reader, human or not, marked in one report or passage.

The one form in which annotations are kept and exchanged: the corpus, the gold set, records turned into predictions,
and what comes back from an annotation tool. Spans are half-open Python character offsets into ``text``.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .kinds import Edition, Hedge, Number, Origin, Period, Role, Scope, Status


class Model(BaseModel):
    """Unknown fields are errors, so that a misspelt one is never lost; values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(Model):
    """Where the agency is, as far as the report itself tells; a municipality (上海市) is a province without a city."""

    province: str | None = None
    city: str | None = None
    county: str | None = None


class LabelledReport(Model):
    """Who reports on which year, as far as it is known."""

    title: str | None = None
    agency: str | None = None
    kind: str | None = Field(default=None, description="of agency: city_police, county_police, township ...")
    region: Region = Region()
    year: int | None = None
    period_start: str | None = None
    period_end: str | None = None
    edition: Edition = "none"


class LabelledSection(Model):
    """A section; ``start`` at its heading, ``end`` after its last non-blank character."""

    label: str
    start: int
    end: int


class LabelledCell(Model):
    """A cell's value; None and an empty ``printed`` where it is blank."""

    value: Number | None
    printed: str


class LabelledChannel(Model):
    """The words that name a channel."""

    channel: str
    start: int
    end: int


class Reading(Model):
    """Another defensible reading of an uncertain mark; ``not_fact`` where it may be no fact at all."""

    metric: str | None = None
    channel: str | None = None
    not_fact: bool = False


class LabelledFact(Model):
    """A fact with the fields of the scheme.

    ``mention`` is the index of the words naming its channel in `LabelledText.channels`. ``certain`` is false where
    two careful readers could differ. ``confidence`` and ``origin`` are a prediction's.
    """

    start: int
    end: int
    metric: str
    channel: str | None
    value: Number
    unit: str | None
    hedge: Hedge = "exact"
    role: Role = "total"
    period: Period = "year"
    scope: Scope = "own"
    subject: str | None = None
    mention: int | None = None
    certain: bool = True
    alternatives: tuple[Reading, ...] = ()
    confidence: float | None = None
    origin: Origin | None = None


class LabelledProblem(Model):
    """A shortcoming the report admits."""

    start: int
    end: int
    themes: tuple[str, ...]
    confidence: float | None = None
    origin: Origin | None = None


class LabelledImprovement(Model):
    """A measure against shortcomings; ``addresses`` are indices into `LabelledText.problems`."""

    start: int
    end: int
    themes: tuple[str, ...]
    status: Status = "planned"
    addresses: tuple[int, ...] = ()
    confidence: float | None = None
    origin: Origin | None = None


class LabelledText(Model):
    """One report or passage with its marks.

    ``text`` is None where it is not ours to publish (the gold set); ``source`` and ``sha256`` then name the file. A
    passage is a text with one section that covers it. ``noise`` names the kinds of damage its writer put in.
    """

    id: str
    source: str | None = None
    sha256: str | None = None
    text: str | None = None
    report: LabelledReport = LabelledReport()
    noise: tuple[str, ...] = ()
    sections: tuple[LabelledSection, ...] = ()
    cells: dict[str, LabelledCell] = {}
    channels: tuple[LabelledChannel, ...] = ()
    facts: tuple[LabelledFact, ...] = ()
    problems: tuple[LabelledProblem, ...] = ()
    improvements: tuple[LabelledImprovement, ...] = ()


def is_passage(text: LabelledText) -> bool:
    """Whether ``text`` is a passage of one section rather than a whole report."""
    return (
        text.text is not None
        and len(text.sections) == 1
        and (text.sections[0].start, text.sections[0].end) == (0, len(text.text))
    )


class LabelledFileError(Exception):
    """A line of a file of labelled texts is none: its ``line``, counted from 1, the ``field`` and what is ``wrong``."""

    def __init__(self, path: Path, line: int, field: str, wrong: str) -> None:
        super().__init__(f"{path}, line {line}: {field}: {wrong}")
        self.line, self.field, self.wrong = line, field, wrong


def read_labelled(path: Path) -> Iterator[LabelledText]:
    """Yield the labelled texts of a JSONL file.

    Raises `LabelledFileError` at the first line that is no labelled text, `OSError` when the file cannot be opened.
    """
    for outcome in try_labelled(path):
        if isinstance(outcome, LabelledFileError):
            raise outcome
        yield outcome


def try_labelled(path: Path) -> Iterator[LabelledText | LabelledFileError]:
    """Yield the labelled text of each line of a JSONL file, or what is wrong with the line.

    Raises `OSError` when the file cannot be opened.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield LabelledText.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                yield LabelledFileError(
                    path, number, ".".join(map(str, first["loc"])) or "JSON", first["msg"]
                )


def labelled_lines(texts: Iterable[LabelledText]) -> Iterator[bytes]:
    """Yield one line of JSON a text, UTF-8, Chinese as it is; fields with their default value are left out."""
    for text in texts:
        yield orjson.dumps(text.model_dump(mode="json", exclude_defaults=True)) + b"\n"
