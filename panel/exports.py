"""The panel and its code book as CSV and Excel, the records as Parquet."""

import csv
import io
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from duckdb import DuckDBPyConnection

from ..extraction.writers import open_output
from .build import codebook_of
from .codebook import Column
from .decisions import decisions_csv
from .knowledge import panel_knowledge
from .tidy_tables import RECORD_ORDER, records_query
from .wording import in_chinese

DATABASE = "panel.duckdb"
"""The name of the database in a folder of all formats."""
DECISIONS = "decisions.csv"
"""The file in such a folder that lists the pairs to decide, and is read again."""
EXCEL_ROWS = 1_048_575
"""The most rows under a header that an Excel sheet holds."""
_BATCH = 500
_SLICE = 512
"""Reports put together at a time for Parquet: more take more memory, and no less time."""
_CODEBOOK_HEADS = ("表", "列名", "编码", "类别", "中文名称", "单位", "定义", "出处")
_PANEL, _CODEBOOK = "面板", "代码本"


class ExportError(Exception):
    """A format cannot hold the panel; the message says which would."""


def write_output(connection: DuckDBPyConnection, output: Path) -> None:
    """Write what ``output`` names by its suffix; a name without one is a folder for all formats.

    Raises `ExportError`, and `OSError` when a file cannot be written.
    """
    if output.suffix == ".duckdb":
        return
    if output.suffix in _WRITERS and not output.is_dir():
        _WRITERS[output.suffix](connection, output)
        return
    for suffix, write in _WRITERS.items():
        write(connection, output / f"{'records' if suffix == '.parquet' else 'panel'}{suffix}")
    write_codebook(connection, output / "codebook.csv")
    write_decisions(connection, output / DECISIONS)


def write_parquet(connection: DuckDBPyConnection, path: Path) -> None:
    """Write all records, nested and typed, one row a report.

    They are put together a slice at a time, since all lists of all records together would not fit into memory.

    Raises `OSError` when it cannot be written.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sliced AS SELECT *, (row_number() OVER "
        f"(ORDER BY {RECORD_ORDER}) - 1) // {_SLICE} AS slice FROM reports AS r"
    )
    (slices,) = connection.execute("SELECT coalesce(max(slice), 0) + 1 FROM sliced").fetchone() or (1,)
    with _folder_beside(path) as folder:
        files = [folder / f"{number}.parquet" for number in range(slices)]
        for number, file in enumerate(files):
            connection.execute(
                f"CREATE OR REPLACE TEMP VIEW slice AS SELECT * FROM sliced WHERE slice = {number}"
            )
            _copy(connection, records_query("slice"), file)
        names = ", ".join(f"'{_quoted(file)}'" for file in files)
        _copy(connection, f"SELECT * FROM read_parquet([{names}])", folder / "whole.parquet")
        (folder / "whole.parquet").replace(path)
    connection.execute("DROP VIEW slice; DROP TABLE sliced")


def _copy(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_SLICE}"
    connection.execute(f"COPY ({query}) TO '{_quoted(path)}' ({options})")


def write_csv(connection: DuckDBPyConnection, path: Path) -> None:
    """Write the panel with Chinese headers, UTF-8 with the mark that Excel needs to see it is.

    Raises `OSError` when it cannot be written.
    """
    columns = codebook_of(connection)
    with _folder_beside(path) as folder:
        rows = folder / "rows.csv"
        query = _panel_query(connection, columns)
        connection.execute(f"COPY ({query}) TO '{_quoted(rows)}' (FORMAT csv, HEADER)")
        with open_output(str(path)) as out, rows.open("rb") as content:
            out.write("\ufeff".encode())
            shutil.copyfileobj(content, out)


def write_codebook(connection: DuckDBPyConnection, path: Path) -> None:
    """Write the code book as CSV: a row for each column of the panel and of the workbook's other sheets.

    Raises `OSError` when it cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_CODEBOOK_HEADS)
    writer.writerows(_codebook_rows(codebook_of(connection)))
    with open_output(str(path)) as out:
        out.write("\ufeff".encode() + text.getvalue().encode())


def write_decisions(connection: DuckDBPyConnection, path: Path) -> None:
    """Write the file of decisions: the doubtful pairs to decide, and what was decided.

    Raises `OSError` when it cannot be written.
    """
    found = connection.execute("SELECT * FROM pairs_to_decide")
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    told = (row | {name: in_chinese(row[name] or "") for name in ("reason", "outcome")} for row in rows)
    with open_output(str(path)) as out:
        out.write(decisions_csv(told))


def write_excel(connection: DuckDBPyConnection, path: Path) -> None:
    """Write the panel, its code book and the lists that need a look, a sheet each.

    Raises `ExportError` where a sheet cannot hold them, `OSError` when the file cannot be written.
    """
    columns = codebook_of(connection)
    (rows,) = connection.execute("SELECT count(*) FROM panel").fetchone() or (0,)
    if rows > EXCEL_ROWS:
        raise ExportError(
            f"{path}: {rows} rows, an Excel sheet holds {EXCEL_ROWS}; write .csv or .duckdb instead"
        )
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    buffer = io.BytesIO()  # a disk that fills must not meet the workbook half written
    with xlsxwriter.Workbook(buffer, options) as book:
        _sheet(
            book,
            _PANEL,
            [c.name_zh for c in columns],
            _rows(connection, _panel_query(connection, columns)),
            3,
        )
        _sheet(book, _CODEBOOK, _CODEBOOK_HEADS, iter(_codebook_rows(columns)), 1)
        for sheet in panel_knowledge()["sheets"]:
            names = ", ".join(f'"{name}"' if "." not in name else name for name in sheet["columns"])
            found = connection.execute(f"SELECT {names} {sheet['query']} ORDER BY ALL LIMIT {EXCEL_ROWS}")
            heads = [name_zh for name_zh, _ in sheet["columns"].values()]
            _sheet(book, sheet["name"], heads, map(_in_chinese, _fetched(found)), 1)
    with open_output(str(path)) as out:
        out.write(buffer.getbuffer())


def _panel_query(connection: DuckDBPyConnection, columns: Sequence[Column]) -> str:
    """The panel under Chinese names; a column that holds whole numbers only is written without decimals."""
    figures = [column.column for column in columns if column.kind != "report"]
    tests = ", ".join(f'bool_and("{name}" = trunc("{name}"))' for name in figures)
    whole = dict(
        zip(figures, connection.execute(f"SELECT {tests} FROM panel").fetchone() or (), strict=False)
    )
    named = ", ".join(
        f'"{c.column}"{"::BIGINT" if whole.get(c.column) else ""} AS "{c.name_zh}"' for c in columns
    )
    return f"SELECT {named} FROM panel ORDER BY agency_id, year"


def _codebook_rows(columns: Sequence[Column]) -> list[tuple[str | None, ...]]:
    kinds: dict[str, str] = panel_knowledge()["codebook"]["kinds"]
    panel = [
        (_PANEL, c.column, c.code, kinds[c.kind], c.name_zh, c.unit, c.definition, c.source) for c in columns
    ]
    sheets = [
        (sheet["name"], name.rpartition(".")[2], None, None, name_zh, None, definition or None, None)
        for sheet in panel_knowledge()["sheets"]
        for name, (name_zh, definition) in sheet["columns"].items()
    ]
    return [*panel, *sheets]


def _in_chinese(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row of a sheet with our own words in Chinese, yes and no among them."""
    return tuple(map(_cell, row))


def _cell(value: Any) -> Any:  # noqa: ANN401
    match value:
        case bool():
            return "是" if value else "否"
        case str():
            return in_chinese(value)
        case [*items]:
            return "、".join(in_chinese(str(item)) for item in items)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        case _:
            return value


def _rows(connection: DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    return _fetched(connection.execute(query))


def _fetched(result: DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(_BATCH):
        yield from batch


def _sheet(
    book: xlsxwriter.Workbook, name: str, heads: Sequence[str], rows: Iterator[tuple[Any, ...]], frozen: int
) -> None:
    """A sheet with its heads in bold and in view; blank cells stay unwritten, which is half of them."""
    sheet = book.add_worksheet(name)  # pyright: ignore[reportUnknownMemberType]
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})  # pyright: ignore[reportUnknownMemberType]
    sheet.freeze_panes(1, frozen)
    is_wide = len(heads) > 20
    sheet.set_column(0, len(heads) - 1, 14 if is_wide else 22)
    sheet.set_row(0, 60 if is_wide else 30)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                sheet.write_number(last, place, value)
            elif value is not None:
                sheet.write_string(last, place, str(value))
    sheet.autofilter(0, 0, last, len(heads) - 1)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@contextmanager
def _folder_beside(path: Path) -> Generator[Path]:
    """A folder on the same disk as ``path``, gone when the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        yield Path(folder)


_WRITERS: dict[str, Callable[[DuckDBPyConnection, Path], None]] = {
    ".parquet": write_parquet,
    ".csv": write_csv,
    ".xlsx": write_excel,
}
