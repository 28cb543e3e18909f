"""Decisions on pairs of agencies: taken from a file, kept, and never more than what they say."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from gongkai.panel.build import add_records
from gongkai.panel.database import open_database
from gongkai.panel.decisions import Decision, DecisionsError, Verdict, read_decisions
from gongkai.panel.exports import write_decisions

from .panel_records import lines, report
from .test_panel_command import gongkai

WENZHOU = ("浙江省", "温州市", None)
OLD, NEW, THIRD = "330300-教育局", "330300-教育体育局", "330300-文化教育局"


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two agencies that may be one: a bureau, and one of a like name that reports later."""
    with open_database(None) as connection:
        add_records(connection, records())
        yield connection


def records() -> list[str]:
    told = [("温州市教育局", 2016), ("温州市教育局", 2017), ("温州市教育体育局", 2020)]
    return lines(*(report(agency, year, region=WENZHOU) for agency, year in told))


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return connection.execute(query).fetchall()


def decision(verdict: Verdict, one: str = NEW, other: str = OLD) -> Decision:
    return Decision(one, other, verdict)


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple]]:
    tables = rows(connection, "SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY 1")
    return {name: rows(connection, f"SELECT * FROM {name} ORDER BY ALL") for (name,) in tables}


def test_nothing_is_joined_before_it_is_decided(database):
    assert rows(database, "SELECT agency_id, other_id FROM doubtful_pairs") == [(OLD, NEW)]
    assert rows(database, "SELECT count(DISTINCT agency_id) FROM panel") == [(2,)]


def test_agencies_that_are_told_to_be_the_same_are_one_and_the_reason_is_kept(database):
    add_records(database, [], [decision("same")])
    assert rows(database, "SELECT DISTINCT agency_id, agency FROM panel") == [(NEW, "温州市教育体育局")]
    assert rows(database, "SELECT * FROM doubtful_pairs") == []
    assert rows(database, "SELECT name, rule FROM agency_names ORDER BY first_year") == [
        ("温州市教育局", "joined by decision"),
        ("温州市教育体育局", "place and body"),
    ]
    assert rows(database, "SELECT year, kind FROM missing_years ORDER BY 1") == [(2018, "gap"), (2019, "gap")]
    assert rows(database, "SELECT decision, outcome FROM decisions") == [("same", "joined")]


def test_agencies_that_are_told_to_be_different_are_doubted_no_more(database):
    add_records(database, [], [decision("different")])
    assert rows(database, "SELECT * FROM doubtful_pairs") == []
    assert rows(database, "SELECT count(DISTINCT agency_id) FROM panel") == [(2,)]
    assert rows(database, "SELECT decision, outcome FROM decisions") == [("different", "kept apart")]


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_decision_holds_for_later_runs_and_told_again_changes_nothing(database, verdict: Verdict):
    add_records(database, [], [decision(verdict)])
    before = everything(database)
    add_records(database, records())
    assert everything(database) == before
    add_records(database, [], [decision(verdict, OLD, NEW)])
    assert everything(database) == before


def test_a_decision_is_taken_back_and_changed(database):
    before = everything(database)
    add_records(database, [], [decision("same")])
    add_records(database, [], [decision("different")])
    assert rows(database, "SELECT decision FROM decisions") == [("different",)]
    add_records(database, [], [decision("undecided")])
    assert everything(database) == before


def test_years_that_joined_agencies_both_report_on_are_duplicates(database):
    add_records(database, lines(report("温州市教育体育局", 2017, region=WENZHOU)))
    add_records(database, [], [decision("same")])
    assert rows(database, "SELECT year, count(*) FROM panel GROUP BY year ORDER BY year") == [
        (2016, 1),
        (2017, 1),
        (2020, 1),
    ]
    assert rows(database, "SELECT year FROM duplicates") == [(2017,)]


def test_decisions_that_contradict_each_other_are_refused_and_change_nothing(database):
    add_records(database, lines(report("温州市文化教育局", 2022, region=WENZHOU)))
    before = everything(database)
    told = [decision("same"), decision("same", OLD, THIRD), decision("different", NEW, THIRD)]
    with pytest.raises(DecisionsError, match=r"contradict each other: .*330300-教育体育局.* but others join"):
        add_records(database, [], told)
    assert everything(database) == before


def test_an_agency_is_found_again_when_its_id_has_changed(database):
    city = (None, "云岭市", None)
    told = [("云岭市教育局", 2016), ("云岭市教育体育局", 2020)]
    add_records(database, lines(*(report(agency, year, region=city) for agency, year in told)))
    held = "SELECT agency_id, other_id, report, other_report FROM doubtful_pairs WHERE agency LIKE '云岭%'"
    ((one, other, *reports),) = rows(database, held)
    add_records(database, [], [Decision(one, other, "same", *reports)])
    more = [report(agency, year + 1, region=("云南省", "云岭市", None)) for agency, year in told]
    add_records(database, lines(*more))
    found = "SELECT agency_id, count(*) FROM panel WHERE agency LIKE '云岭%' GROUP BY 1"
    assert rows(database, found) == [("云南省云岭市-教育体育局", 4)]
    assert rows(database, "SELECT agency_id, other_id, outcome FROM decisions") == [
        ("云南省云岭市-教育体育局", "云南省云岭市-教育局", "joined")
    ]


def test_a_decision_on_an_agency_that_is_not_here_is_kept_until_it_is():
    with open_database(None) as connection:
        add_records(connection, records()[:2], [decision("same")])
        assert rows(connection, "SELECT outcome FROM decisions") == [("agency not here",)]
        add_records(connection, records()[2:])
        assert rows(connection, "SELECT DISTINCT agency_id FROM panel") == [(NEW,)]


def written(connection: duckdb.DuckDBPyConnection, path: Path) -> list[dict[str, str]]:
    write_decisions(connection, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_file_lists_what_is_to_decide_first_and_then_what_was_decided(database, tmp_path: Path):
    (pair,) = written(database, tmp_path / "decisions.csv")
    assert pair["决定"] == "" and (pair["机构"], pair["年份"]) == ("温州市教育局", "2016、2017")
    assert pair["缘由"] == "名称相近，且没有同年的报告"
    assert read_decisions(tmp_path / "decisions.csv") == []
    add_records(database, [], [decision("same")])
    (pair,) = written(database, tmp_path / "decisions.csv")
    assert (pair["决定"], pair["结果"]) == ("同一", "已归并")
    before = everything(database)
    add_records(database, [], read_decisions(tmp_path / "decisions.csv"))
    assert everything(database) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_file_is_read_as_excel_saves_it(encoding: str, separator: str, tmp_path: Path):
    table = [
        ["决定", "机构编号", "另一机构编号", "备注"],
        ["不同", OLD, NEW, "所辖不同"],
        ["", OLD, THIRD, ""],
    ]
    path = tmp_path / "decisions.csv"
    path.write_text("\r\n".join(separator.join(row) for row in table), encoding)
    assert read_decisions(path) == [Decision(NEW, OLD, "different", note="所辖不同")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("决定,机构编号,另一机构编号\n也许,a,b\n", "line 2: '也许' is no decision; write 同一、不同、未定"),
        ("决定,机构编号,另一机构编号\n同一,a,a\n", "line 2: a decision needs the ids of two agencies"),
        ("决定,机构编号,另一机构编号\n\n同一,a,\n", "line 3: a decision needs the ids of two agencies"),
        ("决定,机构\n同一,a\n", "no column 机构编号、另一机构编号 in its first line"),
        ("", "no column 决定、机构编号、另一机构编号"),
        ("PK\x03\x04…", "an Excel workbook; save its sheet as CSV"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_its_line(content: str, message: str, tmp_path: Path):
    path = tmp_path / "told.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(DecisionsError) as refused:
        read_decisions(path)
    assert str(path) in str(refused.value) and message in str(refused.value)


def test_a_user_fills_the_file_of_the_folder_in_and_runs_the_command_again(tmp_path: Path):
    (tmp_path / "records.jsonl").write_text("\n".join(records()), "utf-8")
    folder, file = tmp_path / "dataset", tmp_path / "dataset" / "decisions.csv"
    done = gongkai("panel", tmp_path / "records.jsonl", "-o", folder)
    assert done.returncode == 0, done.stderr
    assert "1 pairs of agencies that may be one" in done.stderr
    file.write_bytes(file.read_text("utf-8-sig").replace("\n,", "\n同一,").encode("gb18030"))
    done = gongkai("panel", "-o", folder)
    assert done.returncode == 0, done.stderr
    assert "decisions.csv: 1 decisions on agencies" in done.stderr
    assert "panel: 3 rows, 1 agencies, 2016 to 2020" in done.stderr
    assert file.read_text("utf-8-sig").splitlines()[1].startswith("同一,")


def test_a_file_of_decisions_that_cannot_be_read_costs_nothing(tmp_path: Path):
    (tmp_path / "records.jsonl").write_text("\n".join(records()), "utf-8")
    database = tmp_path / "panel.duckdb"
    done = gongkai("panel", tmp_path / "records.jsonl", "-o", database, "--decisions", tmp_path / "none.csv")
    assert done.returncode == 2
    assert "none.csv: cannot be read" in done.stderr and "Traceback" not in done.stderr
    assert not database.exists()
