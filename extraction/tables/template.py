"""The wording and shape of the official tables, as `template.yaml` has them."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...annotations.knowledge import read_knowledge
from ...annotations.scheme import scheme

APPLICANTS = ("natural", "business", "research", "welfare", "legal_service", "other_org", "total")
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
PROCEEDINGS = ("review", "direct", "after_review")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the fragments that tell its label, the whole label, its columns in each edition."""

    name: str
    keys: tuple[str, ...]
    label: str = ""
    columns: dict[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """The tables' wordings; see `template.yaml` for the meaning of each."""

    applications: tuple[Row, ...]
    other_words: tuple[str, ...]
    head_run: re.Pattern[str]
    other_row: re.Pattern[str]
    other_row_2019: re.Pattern[str]
    total_row: re.Pattern[str]
    column_heads: dict[str, tuple[str, ...]]
    disclosure: tuple[Row, ...]
    disclosure_start: tuple[str, ...]
    wording: dict[str, dict[str, tuple[str, ...]]]
    head_of: dict[str, str]
    money: frozenset[str]
    yuan_head: re.Pattern[str]
    proceedings_start: tuple[str, ...]
    outcome_words: dict[str, tuple[str, ...]]
    proceeding_words: dict[str, tuple[str, ...]]
    proceedings_end: re.Pattern[str]
    nothing: tuple[str, ...]
    units: str
    scales: dict[str, int]
    page_line: str


@cache
def template() -> Template:
    """Return the template shipped with the package, read once."""
    raw: dict[str, Any] = read_knowledge(__file__, "template.yaml")
    apps, disclosure, proceedings = raw["applications"], raw["disclosure"], raw["proceedings"]
    return Template(
        applications=tuple(Row(name, tuple(r["keys"]), r["label"]) for name, r in apps["rows"].items()),
        other_words=tuple(apps["other_words"]),
        head_run=re.compile(apps["head_run"].strip()),
        other_row=re.compile(apps["other_row"]),
        other_row_2019=re.compile(apps["other_row_2019"]),
        total_row=re.compile(apps["total_row"]),
        column_heads=_tuples(apps["heads"]),
        disclosure=tuple(
            Row(
                name,
                tuple(r["keys"]),
                columns={"2021": tuple(r["edition_2021"]), "2019": tuple(r["edition_2019"])},
            )
            for name, r in disclosure["rows"].items()
        ),
        disclosure_start=tuple(disclosure["start"]),
        wording={"2021": _tuples(disclosure["wording_2021"]), "2019": _tuples(disclosure["wording_2019"])},
        head_of=disclosure["head_of"],
        money=frozenset(disclosure["money"]),
        yuan_head=re.compile(disclosure["yuan_head"]),
        proceedings_start=tuple(proceedings["start"]),
        outcome_words=_tuples(proceedings["words"]),
        proceeding_words=_tuples(proceedings["proceedings"]),
        proceedings_end=re.compile(proceedings["end"]),
        nothing=tuple(raw["nothing"]),
        units=raw["units"],
        scales=raw["scales"],
        page_line=raw["page_line"],
    )


def cell_ids(edition: str) -> tuple[str, ...]:
    """Return the ids of an edition's cells in the order of the form."""
    tables = scheme().tables
    first = tables["disclosure_2019"] if edition == "2019" else tables["disclosure"]
    return first + tables["applications"] + tables["proceedings"]


def _tuples(raw: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in raw.items()}
