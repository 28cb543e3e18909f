"""A database of tidy tables from records: what was read, and what only several reports together tell."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict

import duckdb
from duckdb import DuckDBPyConnection

from .agency_tables import create_decisions, write_agencies
from .codebook import Column, metric_columns, panel_columns, statistic_columns
from .decisions import Decision
from .knowledge import statements_of
from .rows import write_rows
from .tidy_tables import Counts, append_records

_CODEBOOK = dict.fromkeys(Column.__dataclass_fields__, "VARCHAR")


def add_records(
    connection: DuckDBPyConnection, lines: Iterable[str], decisions: Iterable[Decision] = ()
) -> Counts:
    """Add records, each a checked line of JSON, and decisions on agencies, and bring what depends on them up to date.

    Either everything is in the database afterwards or nothing. Raises `DecisionsError` where decisions contradict
    each other.
    """
    connection.execute("BEGIN")
    try:
        counts = append_records(connection, lines)
        _bring_up_to_date(connection, decisions)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(duckdb.TransactionException):  # DuckDB has already rolled back where its disk was full
            connection.execute("ROLLBACK")
        raise
    return counts


def codebook_of(connection: DuckDBPyConnection) -> list[Column]:
    """Return the columns of the database's panel."""
    keys = connection.execute("SELECT DISTINCT key FROM metrics").fetchall()
    return panel_columns(key for (key,) in keys)


def _bring_up_to_date(connection: DuckDBPyConnection, decisions: Iterable[Decision]) -> None:
    for statement in statements_of("views.sql"):
        connection.execute(statement)
    create_decisions(connection)
    write_agencies(connection, decisions)
    for statement in statements_of("derived.sql"):
        connection.execute(statement)
    columns = codebook_of(connection)
    write_rows(connection, "codebook", _CODEBOOK, map(asdict, columns))
    _make_panel(connection, columns)


def _make_panel(connection: DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Store every figure of a report as a column, since a pivot over millions of cells takes seconds."""
    statistics = {column.code: column.column for column in statistic_columns()}
    metrics = {column.code: column.column for column in metric_columns(c.code for c in columns if c.code)}
    connection.execute(
        f"CREATE OR REPLACE TABLE panel_values AS "
        f"WITH wide_cells AS ({_pivot('cells', 'cell', statistics)}), wide_metrics AS ({_pivot('metrics', 'key', metrics)}) "
        f"SELECT * FROM (SELECT report_id FROM reports WHERE chosen) LEFT JOIN wide_cells USING (report_id) "
        f"LEFT JOIN wide_metrics USING (report_id) ORDER BY report_id"
    )
    told = ", ".join(f'"{column.column}"' for column in columns)
    connection.execute(
        f"CREATE OR REPLACE VIEW panel AS "
        f"WITH several AS (SELECT agency_id, year, count(*) + 1 AS sources FROM duplicates GROUP BY agency_id, year), "
        f"joined AS (SELECT r.report_id, r.agency_id, r.year, r.title, r.source, r.edition, r.status, a.agency, "
        f"a.province, a.province_code, a.city, a.city_code, a.county, a.county_code, "
        f"l.place_status, l.place_then, l.city_code_then, l.county_code_then, "
        f"coalesce(s.sources, 1) AS sources, q.* EXCLUDE (report_id), v.* EXCLUDE (report_id) "
        f"FROM reports r JOIN agencies a USING (agency_id) JOIN report_places l USING (report_id) JOIN report_counts q ON q.report_id = r.report_id "
        f"JOIN panel_values v ON v.report_id = r.report_id "
        f"LEFT JOIN several s ON s.agency_id = r.agency_id AND s.year = r.year) SELECT {told} FROM joined"
    )
    for statement in statements_of("stored_views.sql"):
        connection.execute(statement)


def _pivot(table: str, key: str, columns: Mapping[str | None, str]) -> str:
    names = ", ".join(f"'{code}' AS \"{column}\"" for code, column in columns.items())
    return f"SELECT * FROM (SELECT report_id, {key}, value FROM {table}) PIVOT (any_value(value) FOR {key} IN ({names}) GROUP BY report_id)"
