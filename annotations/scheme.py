"""The label scheme of `scheme.yaml`: metrics, channels, themes, section labels and the cells of the tables."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from .knowledge import read_knowledge


@dataclass(frozen=True, slots=True)
class Metric:
    """What a fact counts: its code, Chinese name, usual measure word and definition."""

    code: str
    zh: str
    unit: str | None
    doc: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """The scheme as read.

    ``channels`` maps a channel's code to its names in the scheme; ``tables`` maps a table's name to its cell ids in
    the order of the official form; ``row_names`` and ``column_names`` give their printed names, rows as
    ``applications.refused.internal``, columns as ``natural``. ``names`` are the Chinese names of the codes of sections,
    themes and the closed fields, by field.
    """

    version: int
    metrics: dict[str, Metric]
    channels: dict[str, tuple[str, ...]]
    themes: tuple[str, ...]
    sections: tuple[str, ...]
    tables: dict[str, tuple[str, ...]]
    row_names: dict[str, str]
    column_names: dict[str, str]
    names: dict[str, dict[str, str]]


@cache
def scheme() -> Scheme:
    """Return the scheme shipped with the package, read once."""
    raw: dict[str, Any] = read_knowledge(__file__, "scheme.yaml")
    return Scheme(
        names=raw["names"],
        version=raw["version"],
        metrics={code: Metric(code, m["zh"], m["unit"], m["doc"]) for code, m in raw["metrics"].items()},
        channels={code: tuple(names) for code, names in raw["channels"].items()},
        themes=tuple(raw["statements"]["themes"]),
        sections=tuple(raw["sections"]),
        tables={name: _cell_ids(name, table) for name, table in raw["tables"].items()},
        row_names={
            f"{name}.{row}": spec if isinstance(spec, str) else spec["zh"]
            for name, table in raw["tables"].items()
            for row, spec in table.get("rows", table).items()
        },
        column_names=raw["table_columns"]
        | {
            code: zh
            for table in raw["tables"].values()
            if "rows" in table
            for code, zh in table["columns"].items()
        },
    )


def _cell_ids(name: str, table: dict[str, Any]) -> tuple[str, ...]:
    """The ids of a table's cells: rows by shared columns, or rows that name their own columns."""
    if "rows" in table:
        return tuple(f"{name}.{row}.{column}" for row in table["rows"] for column in table["columns"])
    return tuple(f"{name}.{row}.{column}" for row, spec in table.items() for column in spec["columns"])
