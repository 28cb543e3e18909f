"""The record users see: one report, every value with its evidence. Versioned; its JSON Schema lies beside it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ..annotations.kinds import Edition, Hedge, Number, Origin, Period, Role, Scope, Status
from ..annotations.labelled import Model, Region

SCHEMA_VERSION = "1.2"

Confidence = Annotated[float, Field(ge=0, le=1)]
"""Between 0 and 1."""


class PlaceRecord(Model):
    """A line of print on a page: a rectangle in points (1/72 inch) from the upper left corner; pages count from 1."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class ReportInfo(Model):
    """Who reports on which year, and which file told it."""

    title: str | None = None
    agency: str | None = None
    region: Region = Region()
    year: int | None = Field(default=None, description="the year reported on, not the year of publication")
    period_start: date | None = None
    period_end: date | None = None
    published: date | None = Field(default=None, description="the day that the report's web page tells")
    pages: int | None = Field(default=None, description="null where the format has no pages")
    source: str = Field(description="the file as it was named to gongkai")
    sha256: str | None = Field(
        default=None, description="of the file's bytes; null when the file could not be opened"
    )
    reader: str | None = None
    edition: Edition = Field(
        default="none",
        description="of the statistics tables: third edition (2021), second (2019), a report before them, or no tables",
    )


class SectionRecord(Model):
    """A section, from the first character of its heading; subsections lie inside their parent."""

    label: str
    heading: str
    start: int
    end: int


class Statistic(Model):
    """A cell of the statistics tables. ``value`` is null unless status is read or repaired; money is in yuan."""

    value: Number | None
    printed: str
    status: Literal["read", "blank", "repaired", "unreadable", "absent"]
    start: int | None = None
    end: int | None = None
    repair: str | None = Field(default=None, description="the identity that forced a repaired value")
    places: list[PlaceRecord] = []


class CheckRecord(Model):
    """An identity the figures must keep, both sides, and the cells and facts (by index) it joins."""

    id: str
    statement: str
    left: Number | None
    right: Number | None
    outcome: Literal["pass", "fail", "not_assessable"]
    severity: Literal["error", "warning"]
    cells: list[str]
    facts: list[int]


class ChannelRecord(Model):
    """Words of the narrative that name a channel."""

    channel: str
    text: str
    start: int
    end: int


class FactRecord(Model):
    """One number, or one zero told in words, that the narrative states about disclosure work."""

    metric: str
    channel: str | None
    mention: int | None = Field(
        description="index into ``channels`` of the words that name the channel; null where none do, or several together"
    )
    value: Number
    unit: str | None
    hedge: Hedge
    role: Role
    period: Period
    scope: Scope
    subject: str | None
    text: str = Field(description="the span as printed")
    start: int
    end: int
    sentence: str
    section: str
    confidence: Confidence
    origin: Origin
    places: list[PlaceRecord] = []


class ProblemRecord(Model):
    """A shortcoming the report admits."""

    text: str
    start: int
    end: int
    sentence: str
    themes: list[str]
    confidence: Confidence
    origin: Origin
    places: list[PlaceRecord] = []


class ImprovementRecord(Model):
    """A measure against shortcomings; ``addresses`` are indices into ``problems``."""

    text: str
    start: int
    end: int
    sentence: str
    themes: list[str]
    status: Status
    addresses: list[int]
    confidence: Confidence
    origin: Origin
    places: list[PlaceRecord] = []


class FlatMetric(Model):
    """The one number for a metric and channel, the fact it comes from, and the facts that would do as well.

    ``rivals`` are facts of the same rank with another value: where there are any, look at the sentences.
    """

    metric: str
    channel: str | None
    value: Number
    unit: str | None
    hedge: Hedge
    period: str
    scope: str
    confidence: Confidence
    fact: int
    rivals: list[int]


class Conflict(Model):
    """Two statements of the report that disagree; nothing is resolved silently."""

    kind: Literal["narrative_and_table", "total_and_parts", "share_and_figures", "narrative_twice"]
    message: str
    left: Number | None
    right: Number | None
    facts: list[int]
    cells: list[str]


class ErrorRecord(Model):
    """What went wrong, in which component, and on which page where pages exist."""

    component: str
    message: str
    page: int | None = None


class Record(Model):
    """One report.

    ``places`` tell where a value is printed in a format with pages (PDF, scans); they are empty in others.
    ``status``: ``ok``; ``partial`` when a component failed and the rest stands; ``not_a_report`` when the file was
    read but is no annual report on information disclosure; ``failed`` when it could not be read. The last three
    have ``errors``.
    """

    schema_version: Literal["1.2"] = SCHEMA_VERSION
    status: Literal["ok", "partial", "not_a_report", "failed"]
    errors: list[ErrorRecord] = []
    report: ReportInfo
    sections: list[SectionRecord] = []
    statistics: dict[str, Statistic] = {}
    checks: list[CheckRecord] = []
    channels: list[ChannelRecord] = []
    facts: list[FactRecord] = []
    problems: list[ProblemRecord] = []
    improvements: list[ImprovementRecord] = []
    metrics: dict[str, FlatMetric] = {}
    conflicts: list[Conflict] = []
