"""Batches into a file: killed, limited, interrupted, delivered."""

import io
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from filelock import FileLock
from gongkai.app.cli import app, progress
from gongkai.extraction.batch import BatchError, Settings
from gongkai.extraction.batch.inputs import inputs_of
from gongkai.extraction.batch.pool import Pool
from gongkai.extraction.batch.run import run_batch
from rich.console import Console

from .batch_runs import (
    ANEW,
    RESUME,
    RULES,
    command,
    command_line,
    gongkai_processes,
    names_in,
    records,
    run,
    wait_until,
)
from .planted_faults import plant_faults, write_reports


@pytest.fixture(autouse=True)
def _faults(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_faults(tmp_path_factory.mktemp("faults") / "site", monkeypatch)


def test_a_run_killed_at_once_with_all_its_processes_goes_on_where_it_was(tmp_path: Path):
    files = write_reports(tmp_path / "in", 20, dict.fromkeys(range(20), "SLOW"))
    undisturbed, output = tmp_path / "undisturbed.jsonl", tmp_path / "killed.jsonl"
    run(undisturbed, files)
    going = subprocess.Popen(command(output, tmp_path / "in", "--workers", "2"), stderr=subprocess.DEVNULL)
    log = tmp_path / "killed.jsonl.log"
    wait_until(lambda: log.exists() and log.read_bytes().count(b"\n") > 6)
    for process in [*gongkai_processes(going.pid), psutil.Process(going.pid)]:
        process.kill()
    going.wait()
    assert not output.exists()
    assert 0 < len(names_in(log)) < len(files)
    done = subprocess.run(
        command(output, tmp_path / "in", "--resume"), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert output.read_bytes() == undisturbed.read_bytes()
    assert not log.exists()
    manifest = json.loads((tmp_path / "killed.jsonl.manifest.json").read_bytes())
    assert len(manifest["sessions"]) == 2
    assert [line["name"] for line in manifest["inputs"]] == files


def test_processes_end_when_the_run_that_started_them_is_killed(tmp_path: Path):
    write_reports(tmp_path / "in", 6, dict.fromkeys(range(6), "PROGRAM"))
    going = subprocess.Popen(
        command(tmp_path / "out.jsonl", tmp_path / "in", "--workers", "2"), stderr=subprocess.DEVNULL
    )
    wait_until(lambda: len(gongkai_processes(going.pid)) == 4)
    started = gongkai_processes(going.pid)
    going.kill()
    going.wait()
    _, alive = psutil.wait_procs(started, timeout=20)
    assert alive == []


def test_a_process_killed_from_outside_costs_no_record(tmp_path: Path):
    files = write_reports(tmp_path / "in", 16, dict.fromkeys(range(16), "SLOW"))
    run(tmp_path / "undisturbed.jsonl", files)
    killed: list[int] = []

    def kill_one(done: int, total: int, troubled: int) -> None:
        if done in (4, 9):
            victim = gongkai_processes(os.getpid())[0]
            victim.kill()
            killed.append(victim.pid)

    run_batch(str(tmp_path / "out.jsonl"), files, RULES, workers=2, watch=kill_one)
    assert len(killed) == 2
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "undisturbed.jsonl").read_bytes()


def test_a_hang_a_crash_and_an_eater_cost_themselves_only(tmp_path: Path):
    faults = {1: "HANG", 3: "SEGFAULT", 5: "EXIT", 7: "EAT"}
    files = write_reports(tmp_path / "in", 9, faults)
    finished = run(tmp_path / "out.jsonl", files, settings=Settings("rules", 8, 300))
    assert finished.manifest.counts == {"failed": 4, "ok": 5, "copies": 0}
    for number, record in enumerate(records(tmp_path / "out.jsonl")):
        assert record.report.source == files[number]
        assert [error.component for error in record.errors] == (["worker"] if number in faults else [])
    hang, crash, exit_, eater = (line.message or "" for line in finished.troubled)
    assert "longer than 8 seconds" in hang
    assert "SIGSEGV" in crash
    assert "status 3" in exit_
    assert "300 MB" in eater


def test_a_program_that_a_reader_started_ends_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    files = write_reports(tmp_path / "in", 5, {4: "PROGRAM"})
    finished = run_batch(str(tmp_path / "out.jsonl"), files, Settings("rules", 6), workers=1)
    assert finished.manifest.counts == {"failed": 1, "ok": 4, "copies": 0}
    assert "longer than 6 seconds" in (finished.troubled[0].message or "")
    assert not [one for one in psutil.process_iter() if str(tmp_path) in " ".join(command_line(one))]


def test_the_output_is_the_same_whatever_the_number_of_workers(tmp_path: Path, examples: Path):
    files = sorted(str(path) for path in examples.glob("*.txt"))
    for workers in (1, 3):
        run_batch(str(tmp_path / f"{workers}.jsonl"), files, RULES, workers=workers)
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "3.jsonl").read_bytes()
    assert [record.report.source for record in records(tmp_path / "1.jsonl")] == files


def test_files_with_the_same_bytes_are_read_once_and_each_has_its_record(tmp_path: Path):
    files = write_reports(tmp_path / "in", 6)
    copy = tmp_path / "in" / "copy of 1.txt"
    copy.write_bytes(Path(files[1]).read_bytes())
    seen: list[tuple[int, int]] = []
    finished = run_batch(
        str(tmp_path / "out.jsonl"),
        [*files, str(copy)],
        RULES,
        watch=lambda done, total, troubled: seen.append((done, total)),
    )
    assert seen[-1] == (6, 6)
    assert finished.manifest.counts == {"ok": 7, "copies": 1}
    *_, last = found = records(tmp_path / "out.jsonl")
    assert last.report.source == str(copy)
    assert last == found[1].model_copy(
        update={"report": found[1].report.model_copy(update={"source": str(copy)})}
    )
    manifest = json.loads((tmp_path / "out.jsonl.manifest.json").read_bytes())
    assert [line["copy_of"] for line in manifest["inputs"]] == [None] * 6 + [files[1]]


def test_two_runs_on_one_output_are_refused_and_a_killed_one_blocks_nothing(tmp_path: Path):
    files = write_reports(tmp_path / "in", 6, {0: "HANG"})
    output = tmp_path / "out.jsonl"
    going = subprocess.Popen(command(output, *files, "--workers", "1"), stderr=subprocess.DEVNULL)
    wait_until((tmp_path / "out.jsonl.log").exists)
    with pytest.raises(BatchError, match="another run is writing"):
        run(output, files)
    going.send_signal(signal.SIGKILL)
    going.wait()
    assert run(output, files[1:]).manifest.counts == {"ok": 5, "copies": 0}


def test_a_disk_that_fills_leaves_what_was_read(tmp_path: Path):
    write_reports(tmp_path / "in", 12)
    output = tmp_path / "out.jsonl"
    # The system refuses to let the log grow beyond this: the same as a full disk, in the middle of a record.
    full = subprocess.run(
        command(output, tmp_path / "in", "--workers", "1"),
        capture_output=True,
        encoding="utf-8",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        check=False,
    )
    assert full.returncode == 2
    assert "cannot write" in full.stderr and "--resume" in full.stderr
    assert "Traceback" not in full.stderr
    kept = names_in(tmp_path / "out.jsonl.log")
    assert 0 < len(kept) < 12
    assert f"{len(kept)} of 12 records are safe" in full.stderr
    assert not output.exists()
    run(output, sorted(map(str, (tmp_path / "in").iterdir())), RESUME, Settings("rules"))
    assert len(records(output)) == 12
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".out.jsonl.lock",
        "in",
        "out.jsonl",
        "out.jsonl.manifest.json",
    ]


@pytest.mark.parametrize("output", ["file/out.jsonl", "folder"])
def test_an_output_that_cannot_be_written_is_told_before_anything_is_read(tmp_path: Path, output: str):
    files = write_reports(tmp_path / "in", 2)
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(BatchError, match="cannot write"):
        run_batch(str(tmp_path / output), files, RULES, watch=lambda *told: pytest.fail("something was read"))


def test_an_output_among_the_inputs_is_not_read(tmp_path: Path):
    write_reports(tmp_path / "in", 3)
    output = tmp_path / "in" / "out.jsonl"
    for going in (ANEW, ANEW, RESUME):
        files = sorted(str(path) for path in (tmp_path / "in").iterdir())
        assert run(output, files, going).manifest.counts == {"ok": 3, "copies": 0}


def test_a_lock_file_left_behind_is_no_lock(tmp_path: Path):
    (tmp_path / ".out.jsonl.lock").touch()
    run(tmp_path / "out.jsonl", write_reports(tmp_path / "in", 1))
    with FileLock(tmp_path / ".out.jsonl.lock"), pytest.raises(BatchError, match="another run"):
        run(tmp_path / "out.jsonl", write_reports(tmp_path / "in", 1))


def test_an_interrupted_run_leaves_no_process(tmp_path: Path):
    files = write_reports(tmp_path / "in", 8)

    def stop(done: int, total: int, troubled: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(str(tmp_path / "out.jsonl"), files, RULES, workers=1, watch=stop)
    assert gongkai_processes(os.getpid()) == []


def test_an_interrupted_run_says_how_to_go_on(tmp_path: Path):
    write_reports(tmp_path / "in", 6, {5: "HANG"})
    going = subprocess.Popen(
        command(tmp_path / "out.jsonl", tmp_path / "in", "--workers", "1"),
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # ignored where the tests run behind a shell
    )
    log = tmp_path / "out.jsonl.log"
    wait_until(lambda: going.poll() is not None or (log.exists() and log.read_bytes().count(b"\n") == 6))
    going.send_signal(signal.SIGINT)
    _, told = going.communicate(timeout=60)
    assert going.returncode == 130
    assert "go on with --resume" in told
    assert "Traceback" not in told
    assert len(names_in(log)) == 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--list", "nowhere.txt", "-o", "out.jsonl"], "nowhere.txt"),
        (["-o", "out.jsonl"], "no files there"),
        (["a.txt", "-o", "out.jsonl", "--reader", "nobody"], "no folder of a trained reader"),
        (["a.txt", "-o", "-", "--resume"], "only a run into a file"),
        (["a.txt", "-o", "out.jsonl", "--workers", "0"], "--workers"),
    ],
)
def test_wrong_use_is_told(
    tmp_path: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as ended:
        app(["extract", *arguments])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_where_nobody_looks_on_a_line_now_and_then_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(progress, "_LINE_EVERY", 0)
    printed = io.StringIO()
    with progress.batch_progress(Console(file=printed)) as tell:
        for told in [(50, 100, 3), (60, 100, 4)]:
            tell(*told)
    (line,) = printed.getvalue().splitlines()
    assert line.startswith("60 of 100 read, 4 not ok, ")
    assert line.endswith(" left")


def test_few_documents_are_shared_out_and_do_not_wait_behind_each_other(tmp_path: Path):
    files = write_reports(tmp_path / "in", 2, dict.fromkeys(range(2), "HANG"))
    with closing(Pool(RULES, 2)) as pool:
        for number, given in enumerate(inputs_of(files)):
            pool.put(number, given)
        wait_until(lambda: len(gongkai_processes(os.getpid())) == 2)


def test_what_was_sent_ahead_to_a_process_that_dies_is_read_by_the_next(tmp_path: Path):
    files = write_reports(tmp_path / "in", 5, {1: "EXIT"})
    finished = run_batch(str(tmp_path / "out.jsonl"), files, RULES, workers=1)
    assert finished.manifest.counts == {"failed": 1, "ok": 4, "copies": 0}
    assert [line.name for line in finished.troubled] == [files[1]]


def test_a_process_whose_temporary_folder_is_gone_deletes_no_other(tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious.txt").touch()
    reading = subprocess.Popen(
        [sys.executable, "-c", "from gongkai.extraction.batch.worker import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path / "gone"), "TEMP": str(other), "TMP": str(other)},
        start_new_session=True,
    )
    reading.communicate(pickle.dumps(RULES), timeout=120)
    assert reading.returncode == -signal.SIGKILL
    assert (other / "precious.txt").exists()
