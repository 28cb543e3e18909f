"""What only several reports together tell: which is chosen, what does not carry over, what is missing, how it goes on."""

from collections.abc import Iterator

import duckdb
import pytest
from gongkai.extraction.record import CheckRecord, ErrorRecord
from gongkai.panel.build import add_records
from gongkai.panel.database import open_database

from .panel_records import examples, lines, report

NANJING = ("江苏省", "南京市", None)
CARRIED = "applications.carried_{}.total"
FORCE = "disclosure.normative.{}"


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(None) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return connection.execute(query).fetchall()


def test_of_two_reports_on_one_year_the_fuller_is_chosen_and_the_other_listed(database):
    full = report("南京市公安局", 2022, region=NANJING, cells={"applications.new.total": 7})
    bare = report("南京市公安局", 2022, region=NANJING, copy=1, status="partial", errors=[_error()])
    bare = bare.model_copy(
        update={"statistics": bare.statistics | {"applications.new.total": _changed(bare)}}
    )
    add_records(database, lines(bare, full))
    assert rows(database, "SELECT source, sources, applications_new_total FROM panel") == [
        ("南京市公安局-2022-0.txt", 2, 7)
    ]
    assert rows(
        database, "SELECT source, chosen_source, chosen_because, cells_differing FROM duplicates"
    ) == [("南京市公安局-2022-1.txt", "南京市公安局-2022-0.txt", "read whole", 1)]
    assert rows(database, "SELECT count(*) FROM reports") == [(2,)]


def _error() -> ErrorRecord:
    return ErrorRecord(component="narrative", message="stopped")


def _changed(record):
    return record.statistics["applications.new.total"].model_copy(update={"value": 8, "printed": "8"})


@pytest.mark.parametrize(
    ("checks", "because"), [(1, "fewer checks failed"), (0, "by digest, otherwise alike")]
)
def test_the_reason_for_the_choice_is_told(database, checks: int, because: str):
    failed = CheckRecord(
        id="x", statement="x", left=1, right=2, outcome="fail", severity="error", cells=[], facts=[]
    )
    one = report("南京市公安局", 2022, region=NANJING)
    other = report("南京市公安局", 2022, region=NANJING, copy=1, checks=[*one.checks, *[failed] * checks])
    add_records(database, lines(one, other))
    assert rows(database, "SELECT chosen_because FROM duplicates") == [(because,)]


def test_requests_carried_over_must_be_those_of_the_year_before(database):
    years = [
        report("南京市公安局", 2021, region=NANJING, cells={CARRIED.format("out"): 3}),
        report(
            "南京市公安局", 2022, region=NANJING, cells={CARRIED.format("in"): 3, CARRIED.format("out"): 5}
        ),
        report(
            "南京市公安局", 2023, region=NANJING, cells={CARRIED.format("in"): 4, CARRIED.format("out"): None}
        ),
        report("南京市公安局", 2024, region=NANJING, cells={CARRIED.format("in"): None}),
    ]
    add_records(database, lines(*years))
    query = (
        'SELECT year, "left", "right", outcome, severity FROM cross_year_checks '
        "WHERE id = 'across_years.carried.total' ORDER BY year"
    )
    assert rows(database, query) == [
        (2022, 3, 3, "pass", "error"),
        (2023, 4, 5, "fail", "error"),
        (2024, 0, 0, "not_assessable", "error"),
    ]
    failures = "SELECT agency, year FROM cross_year_failures WHERE id = 'across_years.carried.total'"
    assert rows(database, failures) == [("南京市公安局", 2023)]


def test_documents_in_force_must_follow_from_the_year_before(database):
    before = report("南京市公安局", 2022, region=NANJING, cells={FORCE.format("in_force"): 10})
    after = report(
        "南京市公安局",
        2023,
        region=NANJING,
        cells={FORCE.format("issued"): 4, FORCE.format("repealed"): 1, FORCE.format("in_force"): 12},
    )
    add_records(database, lines(before, after))
    query = (
        'SELECT "left", "right", outcome, severity, cells, previous_cells FROM cross_year_checks '
        "WHERE id = 'across_years.in_force.normative'"
    )
    assert rows(database, query) == [
        (
            12,
            13,
            "fail",
            "warning",
            ["disclosure.normative.in_force", "disclosure.normative.issued", "disclosure.normative.repealed"],
            ["disclosure.normative.in_force"],
        )
    ]


def test_years_that_do_not_follow_each_other_are_not_compared(database):
    add_records(database, lines(*(report("南京市公安局", year, region=NANJING) for year in (2020, 2022))))
    assert rows(database, "SELECT * FROM cross_year_checks") == []


def test_missing_years_are_listed(database):
    told = [report("南京市公安局", year, region=NANJING) for year in (2019, 2022)]
    add_records(database, lines(*told, report("苏州市公安局", 2020, region=("江苏省", "苏州市", None))))
    assert rows(database, "SELECT agency_id, year, kind FROM missing_years ORDER BY ALL") == [
        ("320100-公安局", 2020, "gap"),
        ("320100-公安局", 2021, "gap"),
        ("320500-公安局", 2019, "before the first"),
        ("320500-公安局", 2021, "after the last"),
        ("320500-公安局", 2022, "after the last"),
    ]


def test_trends_are_of_the_country_and_of_each_province(database):
    cell = "applications.new.total"
    told = [
        report("南京市公安局", 2022, region=NANJING, cells={cell: 10}),
        report("苏州市公安局", 2022, region=("江苏省", "苏州市", None), cells={cell: 30}),
        report("杭州市公安局", 2022, region=("浙江省", "杭州市", None), cells={cell: 80}),
        report("石桥镇", 2022, cells={cell: 0}),
    ]
    add_records(database, lines(*told))
    query = (
        "SELECT province, reports, total, mean, median FROM trends WHERE measure = 'applications_new_total' "
        "ORDER BY province"
    )
    assert rows(database, query) == [
        ("不详", 1, 0, 0, 0),
        ("全国", 4, 120, 30, 20),
        ("江苏省", 2, 40, 20, 20),
        ("浙江省", 1, 80, 80, 80),
    ]


def test_quality_has_a_row_for_every_file(database):
    bad = examples()[0].model_copy(
        update={
            "status": "failed",
            "errors": [ErrorRecord(component="reader", message="the file is empty")],
            "report": type(examples()[0].report)(source="empty.txt"),
        }
    )
    good = examples()[1]
    add_records(database, lines(good, bad))
    found = rows(database, "SELECT source, status, errors, checks_passed, facts FROM quality ORDER BY status")
    passed = sum(check.outcome == "pass" and check.severity == "error" for check in good.checks)
    assert found == [
        ("empty.txt", "failed", "reader: the file is empty", passed_of(bad), len(bad.facts)),
        (good.report.source, "ok", None, passed, len(good.facts)),
    ]


def test_quality_and_failures_tell_which_identities_fail(database):
    broken = CheckRecord(
        id="told.reviews",
        statement="told reviews = proceedings.review.total",
        left=4,
        right=8,
        outcome="fail",
        severity="error",
        cells=["proceedings.review.total"],
        facts=[3],
    )
    rounded = broken.model_copy(update={"id": "share.1", "severity": "warning", "cells": []})
    told = [
        report(
            "南京市公安局", 2022, region=NANJING, checks=[broken, rounded], cells={CARRIED.format("in"): 5}
        ),
        report("南京市公安局", 2021, region=NANJING, checks=[], cells={CARRIED.format("out"): 3}),
    ]
    add_records(database, lines(*told))
    found = rows(
        database,
        "SELECT year, checks_failed, across_years_failed, "
        "list_filter(failed, lambda id: id NOT LIKE 'across%'), list_filter(warned, lambda id: id NOT LIKE 'across%') "
        "FROM quality ORDER BY year",
    )
    assert found[0] == (2021, 0, 0, [], [])
    assert found[1][:2] == (2022, 1) and found[1][2] >= 1 and found[1][3:] == (["told.reviews"], ["share.1"])
    failed = rows(
        database,
        'SELECT agency, year, across_years, id, "left", "right", cells FROM failures '
        "WHERE id IN ('told.reviews', 'across_years.carried.total') ORDER BY across_years",
    )
    assert failed == [
        ("南京市公安局", 2022, False, "told.reviews", 4, 8, ["proceedings.review.total"]),
        (
            "南京市公安局",
            2022,
            True,
            "across_years.carried.total",
            5,
            3,
            ["applications.carried_in.total", "applications.carried_out.total"],
        ),
    ]


def passed_of(record) -> int:
    return sum(check.outcome == "pass" and check.severity == "error" for check in record.checks)


def test_what_names_no_agency_or_no_year_stays_out_of_the_panel_but_in_the_database(database):
    add_records(
        database, lines(report("当前位置:首页>>", 2022), report("南京市公安局", None, region=NANJING))
    )
    assert rows(database, "SELECT count(*) FROM panel") == [(0,)]
    assert rows(database, "SELECT agency, year, agency_id FROM reports ORDER BY year") == [
        ("当前位置:首页>>", 2022, None),
        ("南京市公安局", None, "320100-公安局"),
    ]
