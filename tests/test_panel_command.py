"""``gongkai panel`` as a user runs it, good input and bad."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from gongkai.extraction.record import SCHEMA_VERSION

from .panel_records import examples, lines


def gongkai(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from gongkai.app.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        check=False,
    )


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(lines(*examples()[:3])) + "\n", "utf-8")
    return path


def count(path: Path, table: str = "reports") -> int:
    with duckdb.connect(str(path), read_only=True) as connection:
        (found,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return found


def test_a_folder_gets_every_format_and_a_second_run_changes_nothing(records: Path, tmp_path: Path):
    folder = tmp_path / "dataset"
    drawn = ["--plots", tmp_path / "plots", "--html", tmp_path / "p" / "r.html"]
    for expected, more in (
        ("3 new, 0 replaced, 0 known already", drawn),
        ("0 new, 0 replaced, 3 known already", []),
    ):
        done = gongkai("panel", records, "-o", folder, *more)
        assert done.returncode == 0, done.stderr
        assert expected in done.stderr
    assert {path.name for path in folder.iterdir()} == {
        "panel.duckdb",
        "panel.csv",
        "panel.xlsx",
        "codebook.csv",
        "decisions.csv",
        "records.parquet",
    }
    assert count(folder / "panel.duckdb") == 3
    assert (tmp_path / "p" / "r.html").is_file()
    assert {path.suffix for path in (tmp_path / "plots").iterdir()} == {".svg", ".png", ".csv"}


def test_parquet_and_json_lines_are_read_alike(records: Path, tmp_path: Path):
    assert gongkai("panel", records, "-o", tmp_path / "a.parquet").returncode == 0
    done = gongkai("panel", tmp_path / "a.parquet", records, "-o", tmp_path / "panel.duckdb")
    assert done.returncode == 0, done.stderr
    assert "3 new, 0 replaced, 3 known already" in done.stderr


def test_lines_that_are_no_records_are_named_and_the_others_taken(records: Path, tmp_path: Path):
    good = records.read_text("utf-8").splitlines()
    old = good[0].replace(f'"schema_version":"{SCHEMA_VERSION}"', '"schema_version":"0.9"')
    records.write_text("\n".join([good[1], "{cut off", old, '{"status": "ok"}', good[2]]), "utf-8")
    done = gongkai("panel", records, "-o", tmp_path / "panel.duckdb")
    assert done.returncode == 1
    assert (
        f"1 records of schema version 0.9, this gongkai reads {SCHEMA_VERSION}; extract the reports again"
        in done.stderr
    )
    assert f"{records}, line 2: not a record" in done.stderr
    assert f"{records}, line 4: not a record" in done.stderr
    assert count(tmp_path / "panel.duckdb") == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no record in"),
        ('{"schema_version": "0.9"}\n' * 3, "3 records of schema version 0.9"),
        ("这不是记录\n", "line 1: not a record"),
    ],
)
def test_input_without_a_record_is_refused_and_leaves_no_database(content: str, message: str, tmp_path: Path):
    path = tmp_path / "records.jsonl"
    path.write_text(content, "utf-8")
    done = gongkai("panel", path, "-o", tmp_path / "panel.duckdb")
    assert done.returncode == 2
    assert message in done.stderr and "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["records.jsonl"]


@pytest.mark.parametrize("name", ["nowhere.jsonl", "report.txt", "empty_folder"])
def test_what_is_no_file_of_records_is_refused_by_name(name: str, tmp_path: Path):
    (tmp_path / "empty_folder").mkdir()
    (tmp_path / "report.txt").write_text("南京市公安局", "utf-8")
    done = gongkai("panel", tmp_path / name, "-o", tmp_path / "out.csv")
    assert done.returncode == 2
    assert name in done.stderr and "Traceback" not in done.stderr


def test_a_parquet_file_of_something_else_is_refused(tmp_path: Path):
    duckdb.sql("SELECT 1 AS a").write_parquet(str(tmp_path / "other.parquet"))
    done = gongkai("panel", tmp_path / "other.parquet", "-o", tmp_path / "panel.duckdb")
    assert done.returncode == 2
    assert "other.parquet: not a Parquet file of this version's records" in done.stderr


def test_no_records_and_no_database_is_wrong_use(tmp_path: Path):
    done = gongkai("panel", "-o", tmp_path / "dataset")
    assert done.returncode == 2
    assert "no records: name files of records" in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["-o", "panel.docx"]])
def test_wrong_use_is_told(arguments: list[str], records: Path):
    done = gongkai("panel", records, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_database_that_is_open_elsewhere_is_told(records: Path, tmp_path: Path):
    path = tmp_path / "panel.duckdb"
    assert gongkai("panel", records, "-o", path).returncode == 0
    with duckdb.connect(str(path)):
        done = gongkai("panel", records, "-o", path)
    assert done.returncode == 2
    assert "panel.duckdb: open in another program; close it there" in done.stderr
    assert count(path) == 3


@pytest.mark.parametrize(
    "option",
    [["-o", "{}/panel.duckdb"], ["-o", "{}/panel.csv"], ["--plots", "{}/plots"], ["--html", "{}/r.html"]],
)
def test_a_path_that_cannot_be_written_is_told(option: list[str], records: Path, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    done = gongkai("panel", records, option[0], option[1].format(tmp_path / "file"))
    assert done.returncode == 2
    assert "cannot write" in done.stderr and str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_that_cannot_be_written_costs_no_database(records: Path, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    done = gongkai("panel", records, "-o", tmp_path / "panel.duckdb", "--html", tmp_path / "file" / "r.html")
    assert done.returncode == 2
    assert count(tmp_path / "panel.duckdb") == 3
