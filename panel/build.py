"""A database of tidy tables from records: what was read, and what only several reports together tell."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection

from .agencies import Agency, Named, codes_of, match_agencies, rule_of
from .codebook import Column, metric_columns, panel_columns, statistic_columns
from .doubts import Doubt, doubtful_pairs
from .knowledge import statements_of
from .tidy_tables import Counts, append_records

Rows = Iterable[Mapping[str, Any]]

_AGENCIES = {
    "agency_id": "VARCHAR",
    "agency": "VARCHAR",
    "body": "VARCHAR",
    "province": "VARCHAR",
    "province_code": "VARCHAR",
    "city": "VARCHAR",
    "city_code": "VARCHAR",
    "county": "VARCHAR",
    "county_code": "VARCHAR",
    "first_year": "BIGINT",
    "last_year": "BIGINT",
    "reports": "BIGINT",
}
_NAMES = {
    "agency_id": "VARCHAR",
    "name": "VARCHAR",
    "rule": "VARCHAR",
    "first_year": "BIGINT",
    "last_year": "BIGINT",
    "reports": "BIGINT",
}
_DOUBTS = {
    "agency_id": "VARCHAR",
    "agency": "VARCHAR",
    "years": "BIGINT[]",
    "other_id": "VARCHAR",
    "other": "VARCHAR",
    "other_years": "BIGINT[]",
    "reason": "VARCHAR",
}
_CODEBOOK = dict.fromkeys(Column.__dataclass_fields__, "VARCHAR")


def add_records(connection: DuckDBPyConnection, lines: Iterable[str]) -> Counts:
    """Add records, each a checked line of JSON, in one transaction, and bring all that depends on them up to date.

    Either everything is in the database afterwards or nothing.
    """
    connection.execute("BEGIN")
    try:
        counts = append_records(connection, lines)
        _bring_up_to_date(connection)
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


def _bring_up_to_date(connection: DuckDBPyConnection) -> None:
    for statement in statements_of("views.sql"):
        connection.execute(statement)
    _match(connection)
    for statement in statements_of("derived.sql"):
        connection.execute(statement)
    columns = codebook_of(connection)
    _write(connection, "codebook", _CODEBOOK, map(asdict, columns))
    _make_panel(connection, columns)


def _match(connection: DuckDBPyConnection) -> None:
    """Write which reports are of one agency, by which name, and which agencies may be one."""
    rows = connection.execute(
        "SELECT report_id, agency, province, city, county, year FROM reports WHERE status IN ('ok', 'partial')"
    ).fetchall()
    agencies = match_agencies(Named(row[0], row[1], row[2:5], row[5]) for row in rows)
    _write(connection, "agencies", _AGENCIES, map(_agency_row, agencies))
    _write(connection, "agency_names", _NAMES, (row for one in agencies for row in _name_rows(one)))
    _write(connection, "doubtful_pairs", _DOUBTS, map(_doubt_row, doubtful_pairs(agencies)))
    of_report = ({"report_id": m.report_id, "agency_id": one.id} for one in agencies for m in one.mentions)
    _write(connection, "agency_of_report", {"report_id": "VARCHAR", "agency_id": "VARCHAR"}, of_report)
    connection.execute(
        "UPDATE reports SET agency_id = NULL, province_code = NULL, city_code = NULL, county_code = NULL"
    )
    connection.execute(
        "UPDATE reports SET agency_id = a.agency_id, province_code = a.province_code, city_code = a.city_code, "
        "county_code = a.county_code FROM agency_of_report JOIN agencies a USING (agency_id) "
        "WHERE agency_of_report.report_id = reports.report_id"
    )
    connection.execute("DROP TABLE agency_of_report")


def _agency_row(agency: Agency) -> dict[str, Any]:
    return {
        "agency_id": agency.id,
        "agency": agency.name,
        "body": agency.root,
        **codes_of(agency),
        "first_year": min(agency.years, default=None),
        "last_year": max(agency.years, default=None),
        "reports": len(agency.mentions),
    }


def _name_rows(agency: Agency) -> list[dict[str, Any]]:
    names: dict[tuple[str, str], list[int | None]] = {}
    for mention in agency.mentions:
        names.setdefault((mention.body.printed, rule_of(agency, mention)), []).append(mention.year)
    return [
        {
            "agency_id": agency.id,
            "name": name,
            "rule": rule,
            "first_year": min((year for year in years if year is not None), default=None),
            "last_year": max((year for year in years if year is not None), default=None),
            "reports": len(years),
        }
        for (name, rule), years in names.items()
    ]


def _doubt_row(doubt: Doubt) -> dict[str, Any]:
    return {
        "agency_id": doubt.first.id,
        "agency": doubt.first.name,
        "years": sorted(doubt.first.years),
        "other_id": doubt.second.id,
        "other": doubt.second.name,
        "other_years": sorted(doubt.second.years),
        "reason": doubt.reason,
    }


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
        f"coalesce(s.sources, 1) AS sources, q.* EXCLUDE (report_id), v.* EXCLUDE (report_id) "
        f"FROM reports r JOIN agencies a USING (agency_id) JOIN report_counts q ON q.report_id = r.report_id "
        f"JOIN panel_values v ON v.report_id = r.report_id "
        f"LEFT JOIN several s ON s.agency_id = r.agency_id AND s.year = r.year) SELECT {told} FROM joined"
    )
    for statement in statements_of("stored_views.sql"):
        connection.execute(statement)


def _pivot(table: str, key: str, columns: Mapping[str | None, str]) -> str:
    names = ", ".join(f"'{code}' AS \"{column}\"" for code, column in columns.items())
    return f"SELECT * FROM (SELECT report_id, {key}, value FROM {table}) PIVOT (any_value(value) FOR {key} IN ({names}) GROUP BY report_id)"


def _write(connection: DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Rows) -> None:
    """Replace a table by ``rows``; row by row DuckDB would take a millisecond each."""
    connection.execute(
        f"CREATE OR REPLACE TABLE {table} AS SELECT unnest(row) FROM "
        "(SELECT unnest(from_json_strict($rows, $structure)) AS row)",
        {"rows": json.dumps(list(rows), ensure_ascii=False), "structure": json.dumps([dict(columns)])},
    )
