"""Batches into a file: killed, resumed, refused, delivered."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from filelock import FileLock
from gongkai import Record
from gongkai.extraction.batch import BatchError, Settings
from gongkai.extraction.batch.deliver import Finished
from gongkai.extraction.batch.log import Head, Log
from gongkai.extraction.batch.resume import Going
from gongkai.extraction.batch.run import run_batch
from hypothesis import given
from hypothesis import strategies as st

from .planted_faults import plant_faults, report, write_reports

RULES = Settings(reader="rules", time_limit=60)
ANEW, RESUME, RETRY = Going(), Going(resume=True), Going(resume=True, retry=True)
GONGKAI = [sys.executable, "-c", "from gongkai.app.cli import main; main()"]


@pytest.fixture(autouse=True)
def _faults(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_faults(tmp_path_factory.mktemp("faults") / "site", monkeypatch)


def run(output: Path, files: list[str], going: Going = ANEW, settings: Settings = RULES) -> Finished:
    return run_batch(str(output), files, settings, workers=2, going=going)


def command(output: Path, *arguments: object) -> list[str]:
    return [*GONGKAI, "extract", "-o", str(output), "--reader", "rules", *map(str, arguments)]


def records(output: Path) -> list[Record]:
    return [Record.model_validate_json(line) for line in output.read_bytes().splitlines()]


def wait_until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not there():
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.02)


def gongkai_processes(parent: int) -> list[psutil.Process]:
    return psutil.Process(parent).children(recursive=True)


def names_in(log: Path) -> list[str]:
    opened = Log(log)
    try:
        return [head.name for _, _, head in opened.lines() if head]
    finally:
        opened.close()


def test_a_run_killed_at_once_with_all_its_processes_goes_on_where_it_was(tmp_path: Path):
    files = write_reports(tmp_path / "in", 30, dict.fromkeys(range(30), "SLOW"))
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
    write_reports(tmp_path / "in", 6, dict.fromkeys(range(6), "HANG"))
    going = subprocess.Popen(
        command(tmp_path / "out.jsonl", tmp_path / "in", "--workers", "2"), stderr=subprocess.DEVNULL
    )
    wait_until(lambda: len(gongkai_processes(going.pid)) == 2)
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
    finished = run(tmp_path / "out.jsonl", files, settings=Settings("rules", 5, 300))
    assert finished.manifest.counts == {"failed": 4, "ok": 5, "copies": 0}
    for number, record in enumerate(records(tmp_path / "out.jsonl")):
        assert record.report.source == files[number]
        assert [error.component for error in record.errors] == (["worker"] if number in faults else [])
    hang, crash, exit_, eater = (line.message or "" for line in finished.troubled)
    assert "longer than 5 seconds" in hang
    assert "SIGSEGV" in crash
    assert "status 3" in exit_
    assert "300 MB" in eater


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


def interrupted(tmp_path: Path, settings: Settings = RULES) -> tuple[Path, list[str]]:
    """A run stopped after some records."""
    files = write_reports(tmp_path / "in", 8)
    output = tmp_path / "out.jsonl"

    def stop(done: int, total: int, troubled: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(str(output), files, settings, workers=2, watch=stop)
    assert len(names_in(tmp_path / "out.jsonl.log")) == 4
    return output, files


def test_an_unfinished_run_is_not_overwritten_by_mistake(tmp_path: Path):
    output, files = interrupted(tmp_path)
    with pytest.raises(BatchError, match=r"4 records of a run that did not finish.*--resume.*delete"):
        run(output, files)
    assert run(output, files, RESUME).manifest.counts == {"ok": 8, "copies": 0}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings("rules", 30), "time limit 60.* then, 30.* now"),
        (Settings("rules", 60, 999), "memory limit 4096 then, 999 now"),
        (Settings("learned", 60), "reader rules then, learned now"),
    ],
)
def test_other_settings_are_refused_with_the_way_out(
    tmp_path: Path, settings: Settings, told: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("gongkai.extraction.batch.manifest.digest_of", lambda reader: None)
    output, files = interrupted(tmp_path)
    with pytest.raises(BatchError, match=told + ".*use the same as then.*delete out.jsonl.log"):
        run(output, files, RESUME, settings)
    run(output, files, RESUME)


def test_another_version_and_another_model_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    output, files = interrupted(tmp_path)
    with monkeypatch.context() as changed:
        changed.setattr("importlib.metadata.version", lambda name: "9.9")
        with pytest.raises(BatchError, match=r"gongkai .* then, 9\.9 now"):
            run(output, files, RESUME)
    with monkeypatch.context() as changed:
        changed.setattr("gongkai.extraction.batch.manifest.digest_of", lambda reader: "abc")
        with pytest.raises(BatchError, match="reader sha256 None then, abc now"):
            run(output, files, RESUME)
    assert len(names_in(tmp_path / "out.jsonl.log")) == 4


def test_records_of_files_not_named_now_are_not_thrown_away(tmp_path: Path):
    output, files = interrupted(tmp_path)
    with pytest.raises(BatchError, match="not among the inputs"):
        run(output, files[-2:], RESUME)
    assert len(names_in(tmp_path / "out.jsonl.log")) == 4


def test_a_finished_output_takes_up_new_changed_and_failed_files(tmp_path: Path):
    files = write_reports(tmp_path / "in", 6, {2: "EXIT"})
    output = tmp_path / "out.jsonl"
    assert run(output, files).manifest.counts == {"failed": 1, "ok": 5, "copies": 0}
    first = records(output)

    Path(files[4]).write_text(report(444), "utf-8")
    new = tmp_path / "in" / "new.txt"
    new.write_text(report(77), "utf-8")
    read: list[int] = []
    tell = lambda done, total, troubled: read.append(done)  # noqa: E731
    finished = run_batch(str(output), [*files, str(new)], RULES, going=RESUME, watch=tell)
    assert read == [5, 6, 7]
    assert finished.manifest.counts == {"failed": 1, "ok": 6, "copies": 0}
    second = records(output)
    assert [record.report.source for record in second] == [*files, str(new)]
    assert [n for n in range(6) if second[n] != first[n]] == [4]
    assert second[4].facts[0].value == 444

    Path(files[2]).write_text(report(2), "utf-8")
    os.utime(files[2], ns=(1, 1))
    finished = run(output, [*files, str(new)], RETRY, Settings("rules", 30))
    assert finished.manifest.counts == {"ok": 7, "copies": 0}


def test_failed_documents_are_kept_unless_asked_for(tmp_path: Path):
    files = write_reports(tmp_path / "in", 5, {2: "HANG"})
    output, strict = tmp_path / "out.jsonl", Settings("rules", 4)
    assert run(output, files, settings=strict).manifest.counts == {"failed": 1, "ok": 4, "copies": 0}
    kept = output.read_bytes()
    run(output, files, RESUME, strict)
    assert output.read_bytes() == kept
    seen: list[tuple[int, int, int]] = []
    with pytest.raises(KeyboardInterrupt):

        def stop(*told: int) -> None:
            seen.append(told)
            raise KeyboardInterrupt

        run_batch(str(output), files, RULES, going=RETRY, watch=stop)
    assert seen == [(4, 5, 0)]


def test_an_output_changed_by_hand_is_not_gone_on_with(tmp_path: Path):
    files = write_reports(tmp_path / "in", 5)
    output = tmp_path / "out.jsonl"
    run(output, files)
    output.write_bytes(output.read_bytes().replace(b"\xe5\x85\xac", b"\xe7\xa7\x81", 1))
    with pytest.raises(BatchError, match=r"changed.*leave out --resume"):
        run(output, files, RESUME)
    (tmp_path / "out.jsonl.manifest.json").unlink()
    with pytest.raises(BatchError, match=r"manifest.json cannot be read.*leave out --resume"):
        run(output, files, RESUME)
    run(output, files)


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


HEADS = [Head(f"{n}.txt", n, n, "ok", None, "制表\t换行\n", 0.5) for n in range(3)]


@given(st.integers(0, 400), st.binary(max_size=40))
def test_a_log_cut_anywhere_keeps_every_whole_record(tmp_path_factory, cut: int, junk: bytes):
    path = tmp_path_factory.mktemp("log") / "log"
    log = Log(path)
    ends = [log.add(head, b'{"n":"\xe5\x85\xac"}\n') for head in HEADS]
    log.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:cut] + junk.replace(b"\n", b""))
    log = Log(path)
    kept = [(place, head) for place, _, head in log.lines() if head]
    count = sum(place.start + place.length <= cut for place in ends)
    assert kept == list(zip(ends, HEADS, strict=True))[:count]
    place = log.add(HEADS[2], b"{}\n")
    assert log.read(place) == (HEADS[2], b"{}\n")
    assert [head for _, _, head in log.lines()] == [*HEADS[:count], HEADS[2]]
    log.close()


def test_a_line_that_the_disk_damaged_is_passed_over(tmp_path: Path):
    log = Log(tmp_path / "log")
    for head in HEADS:
        place = log.add(head, b'{"n":1}\n')
    log.close()
    damaged = bytearray((tmp_path / "log").read_bytes())
    damaged[place.length + 20] ^= 1
    (tmp_path / "log").write_bytes(damaged)
    log = Log(tmp_path / "log")
    assert [head for _, _, head in log.lines()] == [HEADS[0], HEADS[2]]
    log.close()
