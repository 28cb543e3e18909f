"""Going on with a run that stopped, or with a finished one; and when that is refused."""

import os
from pathlib import Path

import pytest
from gongkai.extraction.batch import BatchError, Settings
from gongkai.extraction.batch.manifest import Terms, differences
from gongkai.extraction.batch.run import run_batch

from .batch_runs import ANEW, RESUME, RETRY, RULES, names_in, records, run
from .planted_faults import plant_faults, report, write_reports


@pytest.fixture(autouse=True)
def _faults(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    plant_faults(tmp_path_factory.mktemp("faults") / "site", monkeypatch)


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
    output, strict = tmp_path / "out.jsonl", Settings("rules", 6)
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


def test_records_of_which_no_session_tells_how_they_were_read_are_read_again(tmp_path: Path):
    output, files = interrupted(tmp_path)
    log = tmp_path / "out.jsonl.log"
    log.write_bytes(b"x" + log.read_bytes())
    read: list[int] = []
    run_batch(str(output), files, RULES, going=RESUME, watch=lambda done, *_: read.append(done))
    assert read == list(range(9))
    assert len(records(output)) == 8


def test_a_trained_reader_is_the_same_in_another_folder():
    here = Terms(
        gongkai="1",
        schema_version="1",
        reader="models/a",
        reader_sha256="ab",
        time_limit=1,
        memory_limit=1,
    )
    assert differences(here, here.model_copy(update={"reader": "/models/a"})) == []
    other = here.model_copy(update={"reader": "b", "reader_sha256": "cd"})
    assert differences(here, other) == ["reader models/a then, b now", "reader sha256 ab then, cd now"]


def test_a_file_that_was_missing_is_read_when_it_has_come(tmp_path: Path):
    files = write_reports(tmp_path / "in", 4)
    output, late = tmp_path / "out.jsonl", Path(files[2])
    late.rename(tmp_path / "elsewhere")
    assert run(output, files).manifest.counts == {"failed": 1, "ok": 3, "copies": 0}
    assert run(output, files, RESUME).manifest.counts == {"failed": 1, "ok": 3, "copies": 0}
    (tmp_path / "elsewhere").rename(late)
    assert run(output, files, RESUME).manifest.counts == {"ok": 4, "copies": 0}


def test_a_file_that_has_gone_keeps_its_record(tmp_path: Path):
    files = write_reports(tmp_path / "in", 4)
    output = tmp_path / "out.jsonl"
    run(output, files)
    before = output.read_bytes()
    Path(files[3]).unlink()
    assert run(output, files, RESUME).manifest.counts == {"ok": 4, "copies": 0}
    assert output.read_bytes() == before


def test_an_output_that_cannot_be_delivered_is_when_that_is_put_right(tmp_path: Path):
    files = write_reports(tmp_path / "in", 4)
    run(tmp_path / "undisturbed.jsonl", files)
    output, manifest = tmp_path / "out.jsonl", tmp_path / "out.jsonl.manifest.json"
    manifest.mkdir()
    with pytest.raises(
        BatchError, match=r"cannot write .*4 of 4 records are safe in .*out.jsonl.log: .*--resume"
    ):
        run(output, files)
    manifest.rmdir()
    assert run(output, files, RESUME).manifest.counts == {"ok": 4, "copies": 0}
    assert output.read_bytes() == (tmp_path / "undisturbed.jsonl").read_bytes()


def test_what_a_kill_left_half_written_is_gone_in_the_end(tmp_path: Path):
    files = write_reports(tmp_path / "in", 2)
    output = tmp_path / "out.jsonl"
    for going in (ANEW, RESUME):
        for name in ("out.jsonl.part", "out.jsonl.log.part", "out.jsonl.manifest.json.part"):
            (tmp_path / name).write_bytes(b"half")
        run(output, files, going)
        assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
