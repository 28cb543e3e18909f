"""The commands as a user runs them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from gongkai import Record


def gongkai(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from gongkai.app.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        check=False,
    )


@pytest.fixture(scope="module")
def example_files(examples: Path) -> list[Path]:
    return sorted(examples.glob("*.txt"))


def test_extract_writes_one_record_a_file(example_files: list[Path], tmp_path: Path):
    done = gongkai("extract", *example_files, "-o", tmp_path / "new" / "records.jsonl")
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "new" / "records.jsonl").read_text("utf-8").splitlines()
    records = [Record.model_validate_json(line) for line in lines]
    assert [record.report.source for record in records] == [str(path) for path in example_files]
    assert {record.status for record in records} == {"ok"}
    assert str(tmp_path / "new" / "records.jsonl") in done.stderr
    seen = [path.name for path in (tmp_path / "new").iterdir() if not path.name.startswith(".")]
    assert sorted(seen) == ["records.jsonl", "records.jsonl.manifest.json"]


def test_extract_to_standard_output_is_nothing_but_records(example_files: list[Path]):
    done = gongkai("extract", example_files[0], "-o", "-")
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    assert record["report"]["agency"] in done.stdout  # Chinese unescaped


def test_one_bad_file_costs_no_other(example_files: list[Path], tmp_path: Path):
    shutil.copy(example_files[0], tmp_path / "good.txt")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02" * 100)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "notice.txt").write_text(
        "关于召开防汛工作会议的通知\n各单位：定于5月8日召开会议。\n", "utf-8"
    )
    done = gongkai("extract", tmp_path, tmp_path / "nowhere.txt", "-o", "records.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    lines = (tmp_path / "records.jsonl").read_text("utf-8").splitlines()
    records = {Path(r.report.source).name: r for r in map(Record.model_validate_json, lines)}
    assert {name: record.status for name, record in records.items()} == {
        "good.txt": "ok",
        "bad.txt": "failed",
        "empty.txt": "failed",
        "notice.txt": "not_a_report",
        "nowhere.txt": "failed",
    }
    for name in ("bad.txt", "empty.txt", "notice.txt", "nowhere.txt"):
        assert name in done.stderr
        assert records[name].errors[0].message in done.stderr
    assert "Traceback" not in done.stderr


def test_patterns_are_expanded_where_the_shell_does_not(example_files: list[Path], tmp_path: Path):
    below = tmp_path / "2023" / "police"
    below.mkdir(parents=True)
    shutil.copy(example_files[0], below / "a.txt")
    done = gongkai("extract", str(tmp_path / "**" / "*.txt"), "-o", tmp_path / "out.jsonl")
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 1


def test_output_that_cannot_be_written(example_files: list[Path], tmp_path: Path):
    (tmp_path / "file").touch()
    done = gongkai("extract", example_files[0], "-o", tmp_path / "file" / "records.jsonl")
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["extract"], ["extract", "x.txt"], ["show"], ["nonsense"]])
def test_wrong_use(arguments: list[str]):
    done = gongkai(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["extract", "show", "check", "eval"])
def test_every_command_explains_itself_with_an_example(command: str):
    done = gongkai(command, "--help")
    assert done.returncode == 0
    assert f"Example: gongkai {command}" in done.stdout


def test_show_gives_the_same_for_a_report_and_for_its_record(example_files: list[Path], tmp_path: Path):
    gongkai("extract", example_files[0], "-o", tmp_path / "one.jsonl")
    fresh, stored = gongkai("show", example_files[0]), gongkai("show", tmp_path / "one.jsonl")
    assert fresh.returncode == stored.returncode == 0, fresh.stderr + stored.stderr
    assert fresh.stdout == stored.stdout
    record = Record.model_validate_json((tmp_path / "one.jsonl").read_text("utf-8"))
    assert record.report.title and record.report.title in fresh.stdout
    for fact in record.facts:
        assert fact.metric in fresh.stdout


def test_show_text_prints_what_the_offsets_index(example_files: list[Path]):
    for path in example_files:
        done = subprocess.run(
            [sys.executable, "-c", "from gongkai.app.cli import main; main()", "show", "--text", path],
            capture_output=True,
            check=True,
        )
        text = done.stdout.decode("utf-8")
        (record,) = map(Record.model_validate_json, gongkai("extract", path, "-o", "-").stdout.splitlines())
        assert [text[fact.start : fact.end] for fact in record.facts] == [fact.text for fact in record.facts]
        for statistic in record.statistics.values():
            if statistic.status == "read" and statistic.start is not None:
                assert text[statistic.start : statistic.end] == statistic.printed


def test_check_tells_what_does_not_add_up(example_files: list[Path], tmp_path: Path):
    statuses = {path.name: gongkai("check", path) for path in example_files}
    assert {done.returncode for done in statuses.values()} == {0, 1}  # the examples hold planted mistakes
    for done in statuses.values():
        assert ("error: " in done.stdout) == (done.returncode == 1)


def test_a_file_of_records_that_is_broken_is_named_with_its_line(example_files: list[Path], tmp_path: Path):
    gongkai("extract", example_files[0], "-o", tmp_path / "records.jsonl")
    with (tmp_path / "records.jsonl").open("a") as out:
        out.write('{"status": "ok"}\n')
    done = gongkai("check", tmp_path / "records.jsonl")
    assert done.returncode == 2
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr


def test_importing_gongkai_loads_nothing_heavy():
    code = "import gongkai, sys; print([m for m in ('pydantic', 'yaml', 'rapidfuzz', 'cn2an', 'typer') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
