"""The parts of a batch on a cluster, read in this process: cut, written, resumed, refused."""

import hashlib
import pickle
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from gongkai.app.cli import app
from gongkai.extraction.batch import BatchError
from gongkai.extraction.batch.inputs import Input
from gongkai.extraction.batch.manifest import Session, Terms, terms_of
from gongkai.extraction.batch.reading import ReadHere
from gongkai.extraction.cluster import parts as cutting
from gongkai.extraction.cluster import reading
from gongkai.extraction.cluster.inputs import find_cluster_copies, find_cluster_inputs
from gongkai.extraction.cluster.parquet import parquet_of
from gongkai.extraction.cluster.parts import Part, cut_into_parts
from gongkai.extraction.cluster.reading import Job, PartReader
from gongkai.extraction.cluster.results import PartLog, begin_session, finish, open_results
from gongkai.extraction.cluster.storage import Folder
from gongkai.extraction.writers import json_line
from gongkai.panel.build import add_records
from gongkai.panel.database import open_database
from gongkai.panel.exports import write_parquet
from hypothesis import given
from hypothesis import strategies as st

from .batch_runs import ANEW, RESUME, RETRY, RULES
from .panel_records import examples
from .planted_faults import write_reports

TERMS = terms_of(RULES)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "Pool", lambda settings, workers: ReadHere(settings))


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_MOST", 2)


def parts_of(*paths: Path) -> list[Part]:
    inputs = find_cluster_inputs(map(str, paths))
    return cut_into_parts(inputs, find_cluster_copies(inputs))


def read_parts(
    folder: Folder, parts: list[Part], going=ANEW, terms: Terms = TERMS, stop: int = 1000
) -> list[int]:
    """Read what is not done, as a run on a cluster does, but so many parts at most; return the numbers of those read."""
    opened = open_results(folder, parts, terms, going)
    sessions = [*opened.sessions, Session(started="2026-01-01", workers=1, terms=terms)]
    begin_session(folder, sessions)
    logs = dict(opened.done)
    pending = [part for part in parts if part.number not in logs][:stop]
    reader = PartReader(Job(RULES, terms, folder.place, None))
    done = reader({"part": [pickle.dumps(part) for part in pending]})
    assert done["wrong"] == [""] * len(pending)
    logs |= zip(done["number"], map(PartLog.model_validate_json, done["log"]), strict=True)
    if len(logs) == len(parts):
        finish(folder, logs, terms, sessions)
    return done["number"]


def digests(output: Path) -> dict[str, str]:
    files = [path for kind in ("reports", "errors") for path in (output / kind).iterdir()]
    return {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@given(st.lists(st.tuples(st.integers(-1, 20_000_000), st.integers(0, 5)), max_size=200), st.integers(0, 50))
def test_each_input_is_in_one_part_with_its_copies_and_parts_have_limits(
    told: list[tuple[int, int]], more: int
):
    inputs = [Input(str(n), str(n), size=size) for n, (size, _) in enumerate(told)]
    first: dict[int, int] = {}
    copies = {n: first[kind] for n, (_, kind) in enumerate(told) if kind and first.setdefault(kind, n) != n}
    parts = cut_into_parts(inputs, copies)
    assert [part.number for part in parts] == list(range(len(parts)))
    assert [given for part in parts for given, _ in part.inputs] == [
        given for n, given in enumerate(inputs) if n not in copies
    ]
    held = [pair for part in parts for pair in part.all_inputs]
    assert sorted(int(given.name) for given, _ in held) == list(range(len(inputs)))
    assert {int(given.name): int(original) for given, original in held if original} == copies
    for part in parts:
        assert 1 <= len(part.inputs) <= 64
        assert len(part.inputs) == 1 or sum(given.size for given, _ in part.inputs) <= 16 * 1024 * 1024
    longer = [*inputs, *(Input(f"more {n}", "", size=1) for n in range(more))]
    assert cut_into_parts(longer, copies)[: len(parts) - 1] == parts[:-1]


@pytest.mark.parametrize("count", [0, 3])
def test_the_columns_are_those_of_the_panels_parquet_file(tmp_path: Path, count: int):
    lines = [json_line(record) for record in examples()[:count]]
    (tmp_path / "mine.parquet").write_bytes(parquet_of(lines))
    with open_database(None) as connection:
        add_records(connection, [line.decode() for line in lines])
        write_parquet(connection, tmp_path / "panel.parquet")
    mine, panels = (pq.read_table(tmp_path / name) for name in ("mine.parquet", "panel.parquet"))
    assert mine.schema == panels.schema
    by_source = {row["report"]["source"]: row for row in panels.to_pylist()}
    assert [by_source[row["report"]["source"]] for row in mine.to_pylist()] == mine.to_pylist()
    assert mine.num_rows == count


@pytest.mark.usefixtures("_small_parts")
def test_a_run_that_stopped_goes_on_with_the_parts_that_are_not_done(tmp_path: Path):
    write_reports(tmp_path / "in", 9)
    (tmp_path / "in" / "005.txt").write_text("")
    parts = parts_of(tmp_path / "in")
    undisturbed, stopped = Folder(str(tmp_path / "undisturbed")), Folder(str(tmp_path / "stopped"))
    assert read_parts(undisturbed, parts) == [0, 1, 2, 3, 4]
    assert read_parts(stopped, parts, stop=2) == [0, 1]
    assert stopped.read("manifest.json") is None
    stopped.write("_log/part-000001.json", b'{"files": [')  # half written
    stopped.write("reports/part-000003.parquet", b"killed before the part was done")
    assert read_parts(stopped, parts, RESUME) == [1, 2, 3, 4]
    assert digests(tmp_path / "stopped") == digests(tmp_path / "undisturbed")
    assert read_parts(stopped, parts, RESUME) == []
    assert read_parts(stopped, parts, RETRY) == [2]
    assert stopped.read("manifest.json") is not None


@pytest.mark.usefixtures("_small_parts")
def test_what_is_new_or_changed_is_read_and_its_neighbours(tmp_path: Path):
    write_reports(tmp_path / "in", 6)
    folder = Folder(str(tmp_path / "out"))
    read_parts(folder, parts_of(tmp_path / "in"))
    (tmp_path / "in" / "003.txt").write_text((tmp_path / "in" / "003.txt").read_text("utf-8") + "。", "utf-8")
    (tmp_path / "in" / "007.txt").write_text((tmp_path / "in" / "000.txt").read_text("utf-8") + "！", "utf-8")
    parts = parts_of(tmp_path / "in")
    assert read_parts(folder, parts, RESUME) == [1, 3]
    sources = [row["report"]["source"] for row in pq.read_table(tmp_path / "out" / "reports").to_pylist()]
    assert sources == sorted(str(path) for path in (tmp_path / "in").iterdir())


@pytest.mark.usefixtures("_small_parts")
def test_files_of_a_longer_run_do_not_stay(tmp_path: Path):
    write_reports(tmp_path / "in", 5)
    folder = Folder(str(tmp_path / "out"))
    read_parts(folder, parts_of(tmp_path / "in"))
    same = (tmp_path / "in" / "000.txt").read_bytes()
    for number in (1, 2):  # copies now, in the part of their original
        (tmp_path / "in" / f"00{number}.txt").write_bytes(same)
    read_parts(folder, parts_of(tmp_path / "in"), RESUME)
    assert sorted(digests(tmp_path / "out")) == [
        "errors/part-000000.parquet",
        "reports/part-000000.parquet",
        "reports/part-000001.parquet",
    ]
    assert pq.read_table(tmp_path / "out" / "reports").num_rows == 5


def test_a_folder_that_is_not_this_runs_is_refused_with_the_way_out(tmp_path: Path):
    write_reports(tmp_path / "in", 2)
    parts = parts_of(tmp_path / "in")
    folder = Folder(str(tmp_path / "out"))
    read_parts(folder, parts)
    other = TERMS.model_copy(update={"time_limit": 5.0})
    for told, given_parts, going, terms in [
        ("holds 1 parts of a run: add --resume", parts, ANEW, TERMS),
        ("time limit 60.0 then, 5.0 now", parts, RESUME, other),
        ("are not among the inputs now", parts_of(tmp_path / "in" / "001.txt"), RESUME, TERMS),
    ]:
        with pytest.raises(BatchError, match=told):
            open_results(folder, given_parts, terms, going)
    assert open_results(folder, parts, other, RETRY).done.keys() == {0}
    with pytest.raises(BatchError, match="holds other files"):
        open_results(Folder(str(tmp_path)), parts, TERMS, ANEW)


def test_a_machine_that_cannot_take_part_says_why(tmp_path: Path):
    files = write_reports(tmp_path / "in", 1)
    (part,) = parts_of(tmp_path / "in")
    folder = Folder(str(tmp_path / "out"))
    begin_session(folder, [Session(started="2026-01-01", workers=1, terms=TERMS)])
    older = TERMS.model_copy(update={"gongkai": "0.0.1"})
    for told, job in [
        ("does not see " + str(tmp_path / "gone"), Job(RULES, TERMS, folder.place, str(tmp_path / "gone"))),
        ("does not see " + str(tmp_path / "none"), Job(RULES, TERMS, str(tmp_path / "none"), files[0])),
        ("gongkai 0.0.1 then", Job(RULES, older, folder.place, files[0])),
    ]:
        (wrong,) = PartReader(job)({"part": [pickle.dumps(part)]})["wrong"]
        assert told in wrong
    (tmp_path / "out" / "reports").touch()
    (wrong,) = PartReader(Job(RULES, TERMS, folder.place, files[0]))({"part": [pickle.dumps(part)]})["wrong"]
    assert "cannot write into" in wrong


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-o", "-", "--engine", "ray"], "writes into a folder"),
        (["-o", "out", "--address", "127.0.0.1:1"], "add --engine ray"),
        (["-o", "s4://bucket/out", "--engine", "ray"], "no storage of this kind"),
    ],
)
def test_wrong_use_is_told(
    tmp_path: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_reports(tmp_path / "in", 1)
    with pytest.raises(SystemExit) as ended:
        app(["extract", "in", "--reader", "rules", *arguments])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_without_ray_it_is_said_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch
):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.delitem(sys.modules, "gongkai.extraction.cluster.run", raising=False)
    files = write_reports(tmp_path / "in", 1)
    with pytest.raises(SystemExit) as ended:
        app(["extract", *files, "-o", str(tmp_path / "out"), "--engine", "ray"])
    assert ended.value.code == 2
    assert 'pip install "gongkai[cluster]"' in capsys.readouterr().err
