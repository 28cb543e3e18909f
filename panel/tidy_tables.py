"""Records as tidy tables, one for each kind of finding, and back again. Nothing of a record is left out."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import get_args

from duckdb import DuckDBPyConnection

from ..extraction.record import Record, ReportInfo
from ..extraction.record_types import columns_of, is_model, record_columns, report_columns

RECORD_ORDER = "r.agency, r.year, r.report_id"
_BATCH = 256
"""Records held in memory at a time."""


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the record that is a list or a mapping: its table, and the column for a mapping's key.

    A row's place in the list is its column ``n``, counted from 0, so that indices of the record join to it.
    """

    field: str
    table: str
    key: str | None = None


PARTS = (
    Part("errors", "errors"),
    Part("sections", "sections"),
    Part("statistics", "cells", key="cell"),
    Part("checks", "checks"),
    Part("channels", "channels"),
    Part("facts", "facts"),
    Part("problems", "problems"),
    Part("improvements", "improvements"),
    Part("metrics", "metrics", key="key"),
    Part("conflicts", "conflicts"),
)

_OWN_COLUMNS = ("report_id", "digest", "schema_version", "status")
_DERIVED_COLUMNS = {
    "agency_id": "VARCHAR",
    "province_code": "VARCHAR",
    "city_code": "VARCHAR",
    "county_code": "VARCHAR",
    "chosen": "BOOLEAN",
}
"""Columns of ``reports`` that depend on the other reports, filled after every change."""


@dataclass(slots=True)
class Counts:
    """How many reports an append added, replaced by a newer reading of the same file, and knew already."""

    new: int = 0
    replaced: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """How many reports the records were of."""
        return self.new + self.replaced + self.unchanged


def create_tables(connection: DuckDBPyConnection) -> None:
    """Create the tables, empty."""
    _read_incoming(connection, [])
    columns = dict.fromkeys(_OWN_COLUMNS, "VARCHAR") | report_columns() | _DERIVED_COLUMNS
    connection.execute(f"CREATE TABLE reports ({', '.join(_typed(columns))})")
    for part in PARTS:
        connection.execute(f"CREATE TABLE {part.table} AS {_rows(part)} LIMIT 0")


def append_records(connection: DuckDBPyConnection, lines: Iterable[str]) -> Counts:
    """Add records, each a line of JSON that was checked, and return what became of them.

    A report is known by its file's SHA-256 (a file that could not be opened, by its name). The same record again
    changes nothing; a different reading of the same file replaces the one before.
    """
    counts = Counts()
    rest = iter(lines)
    while batch := list(islice(rest, _BATCH)):
        _append_batch(connection, batch, counts)
    return counts


def records_query(reports: str = "reports") -> str:
    """Return the query that gives records as they came, one row each, in the order of agency, year and id.

    ``reports`` is the table ``reports`` or one with some of its rows.
    """
    kept = {part.field: part for part in PARTS}
    columns: list[str] = []
    joins: list[str] = []
    for name, kind in record_columns().items():
        if name == "report":
            columns.append(f"{_report_struct()} AS report")
        elif name in kept:
            nothing = "MAP {}" if kept[name].key else "[]"
            columns.append(f"coalesce({name}.whole, {nothing})::{kind} AS {name}")
            joins.append(
                f"LEFT JOIN ({_whole(kept[name], reports)}) AS {name} ON {name}.report_id = r.report_id"
            )
        else:
            columns.append(f"r.{name}")
    return f"SELECT {', '.join(columns)} FROM {reports} AS r {' '.join(joins)} ORDER BY {RECORD_ORDER}"


def _append_batch(connection: DuckDBPyConnection, lines: list[str], counts: Counts) -> None:
    _read_incoming(connection, lines)
    fates = dict(
        connection.execute(
            "SELECT CASE WHEN r.report_id IS NULL THEN 'new' WHEN r.digest = i.digest THEN 'unchanged' "
            "ELSE 'replaced' END AS fate, count(*) FROM incoming i LEFT JOIN reports r USING (report_id) GROUP BY fate"
        ).fetchall()
    )
    counts.new += fates.get("new", 0)
    counts.replaced += fates.get("replaced", 0)
    counts.unchanged += fates.get("unchanged", 0) + len(lines) - sum(fates.values())
    if fates.get("unchanged"):
        connection.execute(
            "DELETE FROM incoming USING reports r WHERE incoming.report_id = r.report_id AND incoming.digest = r.digest"
        )
    if fates.get("replaced"):
        for table in ("reports", *(part.table for part in PARTS)):
            connection.execute(f"DELETE FROM {table} USING incoming i WHERE {table}.report_id = i.report_id")
    connection.execute(
        f"INSERT INTO reports BY NAME SELECT {', '.join(_OWN_COLUMNS)}, "
        "unnest(report, recursive := true) FROM incoming"
    )
    for part in PARTS:
        connection.execute(f"INSERT INTO {part.table} BY NAME {_rows(part)}")


def _read_incoming(connection: DuckDBPyConnection, lines: list[str]) -> None:
    """Put records into the temporary table ``incoming``; of several on one report the last."""
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE incoming AS
        WITH told AS (SELECT unnest($lines::VARCHAR[]) AS line, unnest(range(len($lines::VARCHAR[]))) AS place),
        read AS (SELECT place, from_json_strict(line, $structure) AS record FROM told)
        SELECT coalesce(record.report.sha256, md5(record.report.source)) AS report_id,
               md5(to_json(struct_update(record, report := struct_update(record.report, source := '')))::VARCHAR) AS digest,
               unnest(record)
        FROM read
        QUALIFY row_number() OVER (PARTITION BY report_id ORDER BY place DESC) = 1
        ORDER BY place
        """,
        {"lines": lines, "structure": json.dumps(record_columns())},
    )


def _rows(part: Part) -> str:
    """The query for the rows of a part's table in the incoming records."""
    if part.key is None:
        columns = f"unnest(range(len({part.field}))) AS n, unnest({part.field}, max_depth := 2)"
    else:
        columns = (
            f"unnest(range(cardinality({part.field})::BIGINT)) AS n, unnest(map_keys({part.field})) AS {part.key}, "
            f"unnest(map_values({part.field}), max_depth := 2)"
        )
    return f"SELECT report_id, {columns} FROM incoming"


def _typed(columns: dict[str, str]) -> Iterator[str]:
    return (f'"{name}" {kind}' for name, kind in columns.items())


def _report_struct() -> str:
    fields: list[str] = []
    for name, field in ReportInfo.model_fields.items():
        inner = columns_of(field.annotation) if is_model(field.annotation) else None
        fields.append(f"'{name}': {_struct('r', inner) if inner else f'r.{name}'}")
    return f"{{{', '.join(fields)}}}::{record_columns()['report']}"


def _whole(part: Part, reports: str) -> str:
    """The query that puts a part's rows together again, a list or a mapping for each report."""
    element = get_args(Record.model_fields[part.field].annotation)[-1]
    item = _struct(part.table, columns_of(element))
    whole = f"list({item} ORDER BY n)"
    if part.key:
        whole = f"map_from_entries(list({{'key': {part.key}, 'value': {item}}} ORDER BY n))"
    return f"SELECT report_id, {whole} AS whole FROM {part.table} SEMI JOIN {reports} USING (report_id) GROUP BY report_id"


def _struct(table: str, columns: Iterable[str]) -> str:
    fields = ", ".join(f"'{name}': {table}.\"{name}\"" for name in columns)
    return f"{{{fields}}}"
