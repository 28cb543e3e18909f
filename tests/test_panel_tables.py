"""Records in the database: all of them, once, and unchanged."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_origin

import duckdb
import pytest
from gongkai import Record
from gongkai.annotations.scheme import scheme
from gongkai.panel.build import add_records, codebook_of
from gongkai.panel.database import DatabaseError, open_database
from gongkai.panel.tidy_tables import PARTS, append_records, create_tables, records_query
from hypothesis import given, settings
from hypothesis import strategies as st

from .panel_records import any_record, examples, lines, report


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(None) as connection:
        yield connection


def stored(connection: duckdb.DuckDBPyConnection) -> dict[str | None, Record]:
    rows = connection.execute(f"SELECT to_json(r) FROM ({records_query()}) r").fetchall()
    records = [Record.model_validate_json(line) for (line,) in rows]
    return {record.report.sha256: record for record in records}


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return connection.execute(query).fetchall()


def test_every_list_and_mapping_of_a_record_has_a_table():
    nested = {n for n, f in Record.model_fields.items() if get_origin(f.annotation) in (list, dict)}
    assert nested == {part.field for part in PARTS}


def test_records_come_back_from_the_database_as_they_went_in(database: duckdb.DuckDBPyConnection):
    add_records(database, lines(*examples()))
    assert stored(database) == {record.report.sha256: record for record in examples()}


def _key(record: Record) -> str:
    """What tells files apart: the digest, also an empty one, and the name where there is none."""
    return record.report.source if record.report.sha256 is None else record.report.sha256


@settings(max_examples=10)
@given(st.lists(any_record(), min_size=4, max_size=8, unique_by=_key))
def test_whatever_records_hold_comes_back(records: list[Record]):
    with duckdb.connect() as connection:
        create_tables(connection)
        append_records(connection, lines(*records))
        found = connection.execute(f"SELECT to_json(r) FROM ({records_query()}) r").fetchall()
        back = [Record.model_validate_json(line) for (line,) in found]
        assert sorted(back, key=repr) == sorted(records, key=repr)


def test_the_same_records_again_change_nothing(database: duckdb.DuckDBPyConnection):
    first = add_records(database, lines(*examples()))
    assert (first.new, first.unchanged) == (len(examples()), 0)
    tables = [
        name
        for (name,) in rows(database, "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1")
    ]
    before = {name: rows(database, f"SELECT * FROM {name} ORDER BY ALL") for name in tables}
    again = add_records(database, lines(*reversed(examples())))
    assert (again.new, again.replaced, again.unchanged) == (0, 0, len(examples()))
    assert {name: rows(database, f"SELECT * FROM {name} ORDER BY ALL") for name in tables} == before


def test_a_new_reading_of_a_file_replaces_the_old_one(database: duckdb.DuckDBPyConnection):
    old = examples()[0]
    add_records(database, lines(*examples()))
    new = old.model_copy(update={"facts": old.facts[:2], "metrics": {}, "channels": []})
    counts = add_records(database, lines(new))
    assert (counts.new, counts.replaced, counts.unchanged) == (0, 1, 0)
    assert stored(database)[old.report.sha256] == new
    assert rows(database, "SELECT count(*) FROM reports") == [(len(examples()),)]


def test_the_order_in_which_years_are_added_does_not_matter():
    years = [report("南京市公安局", year, region=("江苏省", "南京市", None)) for year in (2021, 2022, 2023)]
    panels = []
    for order in (years, years[::-1]):
        with open_database(None) as connection:
            for record in order:
                add_records(connection, lines(record))
            panels.append(rows(connection, "SELECT * FROM panel ORDER BY agency_id, year"))
    assert panels[0] == panels[1]
    assert len(panels[0]) == 3


def test_a_file_found_twice_is_one_report(database: duckdb.DuckDBPyConnection):
    one = examples()[0]
    moved = one.model_copy(update={"report": one.report.model_copy(update={"source": "elsewhere.txt"})})
    counts = add_records(database, lines(one, moved))
    assert (counts.new, counts.unchanged) == (1, 1)


def test_files_that_could_not_be_opened_are_told_apart_by_their_names(database: duckdb.DuckDBPyConnection):
    broken = [
        examples()[0].model_copy(
            update={"status": "failed", "report": type(examples()[0].report)(source=name, sha256=None)}
        )
        for name in ("a.pdf", "b.pdf")
    ]
    assert add_records(database, lines(*broken)).new == 2
    assert rows(database, "SELECT source, status, chosen FROM quality ORDER BY source") == [
        ("a.pdf", "failed", False),
        ("b.pdf", "failed", False),
    ]
    assert rows(database, "SELECT count(*) FROM panel") == [(0,)]


def test_an_error_in_the_middle_leaves_the_database_as_it_was(tmp_path: Path):
    path = tmp_path / "panel.duckdb"
    with open_database(path) as connection:
        add_records(connection, lines(examples()[0]))

    def cut_short() -> Iterator[str]:
        yield from lines(*examples()[1:3])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), open_database(path) as connection:
        add_records(connection, cut_short())
    with open_database(path) as connection:
        assert rows(connection, "SELECT count(*) FROM reports") == [(1,)]
        assert rows(connection, "SELECT count(*) FROM panel") == [(1,)]


def test_the_panel_holds_every_figure_of_the_records(database: duckdb.DuckDBPyConnection):
    add_records(database, lines(*examples()))
    columns = {column.code: column.column for column in codebook_of(database) if column.code}
    found = database.execute("SELECT * FROM panel")
    heads = [column[0] for column in found.description]
    panel = {row[heads.index("report_id")]: dict(zip(heads, row, strict=True)) for row in found.fetchall()}
    compared = 0
    for record in examples():
        row = panel[record.report.sha256]
        values = {cell: statistic.value for cell, statistic in record.statistics.items()}
        values |= {key: flat.value for key, flat in record.metrics.items()}
        for code, value in values.items():
            assert row[columns[code]] == value, code
            compared += value is not None
        told = {column for code, column in columns.items() if code in values}
        assert all(row[column] is None for column in set(columns.values()) - told)
    assert compared > 1000


def test_a_blank_is_null_and_a_printed_zero_is_zero(database: duckdb.DuckDBPyConnection):
    record = report(
        "南京市公安局", 2022, cells={"applications.new.total": 0, "applications.new.natural": None}
    )
    add_records(database, lines(record))
    assert rows(database, "SELECT applications_new_total, applications_new_natural FROM panel") == [(0, None)]


def test_the_code_book_names_every_column_once(database: duckdb.DuckDBPyConnection):
    add_records(database, lines(*examples()))
    book = rows(database, 'SELECT "column", code, name_zh, source FROM codebook')
    heads = [column[0] for column in database.execute("SELECT * FROM panel LIMIT 0").description]
    assert [row[0] for row in book] == heads
    assert len({row[2] for row in book}) == len(book)
    codes = {row[1] for row in book}
    assert codes >= {cell for cells in scheme().tables.values() for cell in cells} | scheme().metrics.keys()
    names = {code: (name, source) for _, code, name, source in book}
    assert names["applications.refused.internal.natural"] == (
        "依申请公开·不予公开·属于三类内部事务信息·自然人",
        "表三 收到和处理政府信息公开申请情况",
    )
    assert names["press_conferences"] == ("叙述·新闻发布会", "报告正文叙述")
    assert names["info_published.weibo"][0] == "叙述·发布信息·微博"


def test_a_database_of_another_program_is_refused(tmp_path: Path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE t (a INTEGER)")
    with pytest.raises(DatabaseError, match=r"other\.duckdb: .*not one of gongkai's"), open_database(path):
        pass
    assert path.is_file()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path):
    path = tmp_path / "notes.duckdb"
    path.write_text("这不是数据库" * 1000)
    with pytest.raises(DatabaseError, match="not a DuckDB database"), open_database(path):
        pass
    assert path.read_text() == "这不是数据库" * 1000


def test_a_database_of_another_schema_version_is_refused(tmp_path: Path):
    path = tmp_path / "panel.duckdb"
    with open_database(path) as connection:
        connection.execute("UPDATE gongkai SET schema_version = '0.9'")
    with (
        pytest.raises(DatabaseError, match=r"schema version 0\.9.*extract the reports again"),
        open_database(path),
    ):
        pass
