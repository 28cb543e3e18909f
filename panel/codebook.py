"""The columns of the panel: code, Chinese name, definition, unit and where in a report the figure stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..annotations.scheme import scheme
from .knowledge import panel_knowledge

_NUMERAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+\.)")
_JOIN = "·"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the panel.

    ``code`` is the cell's id or the metric's key in a record, None for a column that tells who reports or how good
    the report is.
    """

    column: str
    code: str | None
    kind: Literal["report", "statistic", "metric"]
    name_zh: str
    unit: str | None
    definition: str
    source: str


def panel_columns(metric_keys: Iterable[str]) -> list[Column]:
    """Return the columns of the panel, in order; ``metric_keys`` are the keys of flat metrics that occur.

    Metrics without a channel are columns whether they occur or not, so that panels of different data sets fit.
    """
    return [*_report_columns(), *statistic_columns(), *metric_columns(metric_keys)]


def statistic_columns() -> Iterator[Column]:
    """Yield a column for each cell of the official tables."""
    known, texts = scheme(), panel_knowledge()["codebook"]
    for table, cells in known.tables.items():
        form = texts["tables"][table]
        for cell in cells:
            row, name = cell.rsplit(".", 1)
            heading = known.metrics.get(texts["headings"].get(row.split(".")[1], ""))
            printed = known.row_names[row]
            names = [
                form["zh"],
                heading.zh if heading and row.count(".") > 1 else None,
                _NUMERAL.sub("", printed),
                known.column_names[name],
            ]
            yield Column(
                column=cell.replace(".", "_"),
                code=cell,
                kind="statistic",
                name_zh=_JOIN.join(filter(None, names)),
                unit=texts["units"].get(name, texts["unit"]),
                definition=f"{printed}，{known.column_names[name]}",
                source=form["form"],
            )


def metric_columns(keys: Iterable[str]) -> Iterator[Column]:
    """Yield a column for each metric of the scheme, and for each metric and channel among ``keys``."""
    known, texts = scheme(), panel_knowledge()["codebook"]
    occurring = set(keys)
    for metric in known.metrics.values():
        for channel in (None, *known.channels):
            key = f"{metric.code}.{channel}" if channel else metric.code
            if channel and key not in occurring:
                continue
            yield Column(
                column=f"told_{key.replace('.', '_')}",
                code=key,
                kind="metric",
                name_zh=_JOIN.join(
                    (texts["told"], metric.zh, *((known.channels[channel][0],) if channel else ()))
                ),
                unit=texts["share"] if metric.unit == "%" else metric.unit,
                definition=metric.doc,
                source=texts["told_form"],
            )


def _report_columns() -> Iterator[Column]:
    for column, (name, definition, *unit) in panel_knowledge()["codebook"]["columns"].items():
        yield Column(column, None, "report", name, unit[0] if unit else None, definition, "")
