"""The page: plots, lists that need a look, and the panel's first columns in one file that asks for nothing else."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from duckdb import DuckDBPyConnection

from ..extraction.writers import open_output
from .figures import Figure
from .knowledge import panel_knowledge
from .plots import as_svg
from .wording import in_chinese

_LATEST_YEAR = 2100
"""Whole numbers up to this one may be years and are written without a thousands separator."""
_ROWS = 200
"""Rows of a list that the page shows; the rest is in the database."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    figure: Figure
    image: str
    """The SVG as a data address; empty where there is nothing to draw."""


@dataclass(frozen=True, slots=True)
class _Listed:
    title: str
    note: str
    table: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    total: int


def write_page(connection: DuckDBPyConnection, figures: Sequence[Figure], path: Path) -> None:
    """Write the page of a database and its figures.

    Raises `OSError` when it cannot be written.
    """
    texts = panel_knowledge()["page"]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cell"] = _cell
    page = environment.get_template("page.html").render(
        texts=texts,
        numbers=_numbers(connection),
        figures=[_drawn(figure) for figure in figures],
        lists=[_listed(connection, one) for one in texts["lists"]],
    )
    with open_output(str(path)) as out:
        out.write(page.encode())


def _drawn(figure: Figure) -> _Drawn:
    image = base64.b64encode(as_svg(figure)).decode() if figure.rows else ""
    return _Drawn(figure, f"data:image/svg+xml;base64,{image}" if image else "")


def _numbers(connection: DuckDBPyConnection) -> list[tuple[str, Any]]:
    told: dict[str, str] = panel_knowledge()["page"]["numbers"]
    found = connection.execute(f"SELECT {', '.join(told.values())}").fetchone() or ()
    return list(zip(told, found, strict=True))


def _listed(connection: DuckDBPyConnection, texts: dict[str, Any]) -> _Listed:
    found = connection.execute(f"SELECT *, count(*) OVER () AS total FROM ({texts['query']}) LIMIT {_ROWS}")
    *heads, _ = (column[0] for column in found.description or ())
    rows = found.fetchall()
    return _Listed(
        title=texts["title"],
        note=texts["note"],
        table=texts["table"],
        heads=tuple(heads),
        rows=[row[:-1] for row in rows],
        total=rows[0][-1] if rows else 0,
    )


def _cell(value: object) -> str:
    """A value as people read it: whole numbers without decimals, nothing for null, our own words in Chinese."""
    match value:
        case None:
            return ""
        case str():
            return in_chinese(value)
        case float():
            return f"{value:,.0f}" if value.is_integer() else f"{value:,.3f}".rstrip("0")
        case int():
            return f"{value:,}" if value > _LATEST_YEAR else str(value)
        case list():
            return "、".join(map(str, value))  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return str(value)
