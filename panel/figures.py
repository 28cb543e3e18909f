"""The numbers behind the plots."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from duckdb import DuckDBPyConnection

from ..annotations.knowledge import read_knowledge
from ..annotations.scheme import scheme

Kind = Literal["bars_and_rates", "bars_and_shares", "median_bands", "median_dots", "outcomes", "heatmap"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot's texts and numbers: rows under Chinese heads. ``kind`` is how it is drawn."""

    name: str
    title: str
    note: str
    kind: Kind
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def column(self, head: str) -> list[Any]:
        """Return the values under a head."""
        place = self.heads.index(head)
        return [row[place] for row in self.rows]

    def by_head(self) -> list[dict[str, Any]]:
        """Return the rows, each with its values by their heads."""
        return [dict(zip(self.heads, row, strict=True)) for row in self.rows]

    def where(self, head: str, value: object) -> "Figure":
        """Return the figure with only the rows that have ``value`` under a head."""
        place = self.heads.index(head)
        kept = tuple(row for row in self.rows if row[place] == value)
        return Figure(self.name, self.title, self.note, self.kind, self.heads, kept)

    def as_csv(self) -> bytes:
        """Return the numbers as CSV, UTF-8 with the mark that Excel needs to see it is."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.heads)
        writer.writerows(self.rows)
        return "\ufeff".encode() + text.getvalue().encode()


def figures_of(connection: DuckDBPyConnection) -> list[Figure]:
    """Return the figures of `figures.yaml` with the numbers of a database; one without any row has nothing to draw."""
    told: dict[str, dict[str, Any]] = read_knowledge(__file__, "figures.yaml")
    return [_figure(connection, name, texts) for name, texts in told.items()]


def _figure(connection: DuckDBPyConnection, name: str, texts: dict[str, Any]) -> Figure:
    found = connection.execute(texts["query"])
    heads = tuple(column[0] for column in found.description or ())
    rows = _named(heads, found.fetchall())
    return Figure(name, texts["title"], texts["note"].strip(), texts["kind"], heads, rows)


def _named(heads: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> tuple[tuple[Any, ...], ...]:
    """The rows with themes under their Chinese names."""
    if "主题" not in heads:
        return tuple(rows)
    names = scheme().names["themes"]
    place = heads.index("主题")
    return tuple((*row[:place], names[row[place]], *row[place + 1 :]) for row in rows)
