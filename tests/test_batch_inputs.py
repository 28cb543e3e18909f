"""What a batch is given: files, folders, lists, archives, and the order in which records come."""

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from gongkai.extraction.batch import Settings, archives, extract_files, find_inputs
from gongkai.extraction.batch.inputs import Input, inputs_of, read_list
from gongkai.extraction.batch.reading import is_light
from gongkai.extraction.record import Record

from .planted_faults import plant_faults, report, write_reports

RULES = Settings(reader="rules")
GONGKAI = [sys.executable, "-c", "from gongkai.app.cli import main; main()"]


def archive(path: Path, members: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return str(path)


def extracted(*files: object) -> list[Record]:
    return list(extract_files([str(file) for file in files], RULES))


def only_error(*files: object) -> str:
    (record,) = extracted(*files)
    assert record.status == "failed"
    (error,) = record.errors
    assert error.component == "reader"
    return error.message


def test_a_folder_stands_for_its_files_by_name_and_hidden_ones_are_left_out(tmp_path: Path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", ".hidden/x.txt", "b/.y.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = find_inputs([str(tmp_path), str(tmp_path / "a.txt"), "nowhere.txt"])
    assert found == [*(str(tmp_path / name) for name in ("a.txt", "b/1.txt", "b/2.txt")), "nowhere.txt"]


def test_a_list_of_files(tmp_path: Path):
    path = tmp_path / "list.txt"
    path.write_bytes("\ufeff年报/甲.txt\r\n\n b.txt\n".encode() + b"\xd2\xd2.txt")
    assert read_list(str(path)) == ["年报/甲.txt", " b.txt", os.fsdecode(b"\xd2\xd2.txt")]


def test_what_a_list_names_in_vain_has_a_record_with_its_error(tmp_path: Path):
    good, *_ = write_reports(tmp_path / "in", 1)
    os.mkfifo(tmp_path / "pipe")
    missing, folder, pipe, found = extracted(tmp_path / "missing.txt", tmp_path, tmp_path / "pipe", good)
    assert [r.errors[0].message for r in (missing, folder, pipe)] == [
        "there is no such file",
        "this is a folder, not a file",
        "this is a pipe or a device, not a file",
    ]
    assert found.status == "ok"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names of files are text")
def test_a_file_whose_name_is_not_utf8_is_read_and_named_as_it_was_meant(tmp_path: Path):
    path = os.fsencode(tmp_path) + b"/" + "青屏.txt".encode("gbk")
    with open(path, "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(report(5))
    (record,) = extracted(*find_inputs([str(tmp_path)]))
    assert record.status == "ok"
    assert record.report.source == str(tmp_path / "青屏.txt")


def test_an_archive_is_read_like_a_folder(tmp_path: Path):
    members = {
        "2023/b.txt": report(1).encode(),
        "2023/a.txt": report(2).encode("gb18030"),
        "2023/.x.txt": b"",
        "__MACOSX/2023/a.txt": b"",
        "empty/": b"",
        "../../etc/c.txt": report(3).encode(),
    }
    path = archive(tmp_path / "reports.dat", members)
    records = extracted(path)
    assert [record.report.source for record in records] == [
        f"{path}!/{name}" for name in ("../../etc/c.txt", "2023/a.txt", "2023/b.txt")
    ]
    assert [record.facts[0].value for record in records] == [3, 2, 1]
    assert [path.name for path in tmp_path.iterdir()] == ["reports.dat"]


def test_names_in_archives_made_on_windows(tmp_path: Path):
    marked = io.BytesIO()
    with zipfile.ZipFile(marked, "w") as made:
        for name in (b"2023\\aa.txt", b"bb.txt"):
            made.writestr(name.decode(), report(1))
    gbk = (
        marked.getvalue().replace(b"aa.txt", "甲".encode("gbk") + b".txt").replace(b"bb", "乙".encode("gbk"))
    )
    path = tmp_path / "windows.zip"
    path.write_bytes(gbk)
    assert [given.name for given in inputs_of([str(path)])] == [f"{path}!/2023/甲.txt", f"{path}!/乙.txt"]


def test_members_of_the_same_name_are_all_read(tmp_path: Path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as made, pytest.warns(UserWarning, match="Duplicate"):
        for number in (1, 2, 3):
            made.writestr("a.txt", report(number))
    records = extracted(path)
    assert [record.report.source for record in records] == [
        f"{path}!/{n}" for n in ("a.txt", "a.txt (2)", "a.txt (3)")
    ]
    assert [record.facts[0].value for record in records] == [1, 2, 3]


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path):
    inner = archive(tmp_path / "inner.zip", {"a.txt": report(1).encode()})
    path = archive(
        tmp_path / "outer.zip", {"inner.zip": Path(inner).read_bytes(), "b.txt": report(2).encode()}
    )
    outside, inside = extracted(path)
    assert outside.status == "ok"
    assert inside.report.source == f"{path}!/inner.zip"
    assert "ZIP archive" in inside.errors[0].message


def test_a_document_that_is_a_zip_file_is_no_archive(tmp_path: Path):
    path = archive(tmp_path / "a.docx", {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert [given.name for given in inputs_of([path])] == [path]


def test_an_archive_that_holds_too_much_is_refused_and_nothing_of_it_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    bomb = archive(tmp_path / "bomb.zip", {f"{n}.txt": bytes(20_000_000) for n in range(4)})
    assert "more than 200 times its size" in only_error(bomb)
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    many = archive(tmp_path / "many.zip", {f"{n}.txt": b"x" for n in range(4)})
    assert "holds 4 files, more than 3" in only_error(many)
    assert "holds no files" in only_error(archive(tmp_path / "empty.zip", {}))


def broken_crc(data: bytes) -> bytes:
    return data.replace("青屏县".encode(), "青屏乡".encode(), 1)


def encrypted(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02") + 8
    return data[:6] + b"\x01" + data[7:at] + b"\x01" + data[at + 1 :]


def strange_compression(data: bytes) -> bytes:
    at = data.index(b"PK\x01\x02") + 10
    return data[:8] + b"\x63" + data[9:at] + b"\x63" + data[at + 1 :]


def cut(data: bytes) -> bytes:
    return data[:-30]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (broken_crc, "damaged in its ZIP archive"),
        (encrypted, "encrypted"),
        (strange_compression, "compressed in a way"),
        (cut, "damaged ZIP"),
    ],
)
def test_a_damaged_archive_has_a_record_that_says_so(
    tmp_path: Path, damage: Callable[[bytes], bytes], told: str
):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        made.writestr("a.txt", report(1))
    path.write_bytes(damage(path.read_bytes()))
    assert told in only_error(path)


def test_few_short_texts_are_read_in_this_process_and_all_else_apart(tmp_path: Path):
    files = write_reports(tmp_path / "in", 5)
    (tmp_path / "page.html").write_text("<html><body>x</body></html>")
    (tmp_path / "long.txt").write_text("公开" * 500_000)
    inputs = list(inputs_of([*files, str(tmp_path / "page.html"), str(tmp_path / "long.txt")]))
    assert is_light([*inputs[:3], Input("gone", "gone")])
    assert not is_light(inputs[:5])
    assert not is_light(inputs[5:6])
    assert not is_light(inputs[6:7])


def test_records_come_in_the_order_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plant_faults(tmp_path / "site", monkeypatch)
    monkeypatch.setattr("gongkai.extraction.batch.stream._AHEAD", 5)
    files = write_reports(tmp_path / "in", 20, {0: "SLOW", 7: "EXIT", 8: "SLOW"})
    records = list(extract_files(files, RULES, workers=3))
    assert [record.report.source for record in records] == files
    assert [n for n, record in enumerate(records) if record.status != "ok"] == [7]


def test_a_script_without_a_guard_can_read_in_many_processes(tmp_path: Path):
    write_reports(tmp_path / "in", 6)
    script = tmp_path / "script.py"
    script.write_text(
        "import glob\n"
        "from gongkai.extraction.batch import Settings, extract_files\n"
        "files = sorted(glob.glob('in/*.txt'))\n"
        "print([record.status for record in extract_files(files, Settings('rules'), workers=2)])\n"
    )
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(["ok"] * 6), done.stderr


def test_standard_output_and_a_list_from_standard_input(tmp_path: Path):
    files = [*write_reports(tmp_path / "in", 6), str(tmp_path / "missing.txt")]
    done = subprocess.run(
        [*GONGKAI, "extract", "--list", "-", "-o", "-", "--reader", "rules", "--workers", "2"],
        input="\n".join(files),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    records = [Record.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [record.report.source for record in records] == files
    assert done.returncode == 1
    assert f"failed: {files[-1]}: there is no such file" in done.stderr
    assert "7 records in standard output: 1 failed, 6 ok" in done.stderr
