"""The page on the panel says what is there, and its queries run."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from gongkai.panel.build import add_records
from gongkai.panel.database import open_database

from .panel_records import examples, lines, report

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "panel.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.S)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """The examples, and an agency of three years whose place is a city since."""
    county = [report("平泉县公安局", year, region=("河北省", "承德市", "平泉县")) for year in (2014, 2015)]
    city = report("平泉市公安局", 2018, region=("河北省", "承德市", "平泉市"))
    with open_database(None) as connection:
        add_records(connection, lines(*examples(), *county, city))
        yield connection


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split("\n")[0][:40])
def test_every_query_of_the_page_runs(database: duckdb.DuckDBPyConnection, query: str):
    found = database.execute(query).fetchall()
    assert found or "pairs_to_decide" in query or "不予公开" in query


def test_the_page_names_every_table_and_view_with_its_columns(database: duckdb.DuckDBPyConnection):
    stored = {"panel_values", "trend_values", "report_counts", "gongkai", "pairs_to_decide"}
    named = set(re.findall(r"`(\w+)`", PAGE))
    rows = database.execute(
        "SELECT table_name, list(column_name) FROM duckdb_columns() WHERE NOT internal "
        "AND database_name <> 'temp' GROUP BY ALL"
    ).fetchall()
    assert {table for table, _ in rows} <= named
    for table, columns in rows:
        told = {"code", "column"} if table == "panel" else set()
        wide = {c for c in columns if c.startswith(("told_", "applications_", "disclosure_", "proceedings_"))}
        assert table in stored or set(columns) - wide - told <= named, table
    for line in re.findall(r"^\| `(\w+)` \|[^|]+\|([^|]+)\|$", PAGE, re.M):
        columns = dict(rows).get(line[0])
        assert columns is None or set(re.findall(r"`(\w+)`", line[1])) >= set(columns), line[0]
