"""DOC, WPS, RTF and ODT through LibreOffice. Tests marked ``office`` need it installed."""

import http.server
import io
import os
import shutil
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import pytest
from gongkai.eval.bench.formats_marks import differences, truth_of
from gongkai.eval.bench.report_parts import reports
from gongkai.extraction.components import RULES
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import UnreadableFileError, read_document
from gongkai.extraction.readers.assemble import Table
from gongkai.extraction.readers.word import soffice
from gongkai.extraction.readers.word.office import read_office
from gongkai.extraction.readers.word.word97 import stored_text

from .word_designs import DESIGNS
from .word_documents import cell, docx, form_table, lines_of, paragraph, row, table

_FORMATS = Path(__file__).parent / "data" / "formats"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def _converted(documents: Sequence[bytes], kind: str, folder: Path) -> list[bytes]:
    """The DOCX files as LibreOffice writes them in another format."""
    names = [folder / f"{i}.docx" for i in range(len(documents))]
    for name, raw in zip(names, documents, strict=True):
        name.write_bytes(raw)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        kind,
    ]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, names)], check=True, capture_output=True, timeout=300
    )
    return [name.with_suffix(f".{kind}").read_bytes() for name in names]


def _read(raw: bytes):
    return read_office(raw, "report", "0" * 64)


@pytest.mark.office
def test_reports_as_doc_give_the_record_of_their_plain_text(examples: Path, tmp_path: Path) -> None:
    first, *_ = told = list(islice(reports(examples), 3))
    designs = [("numbered_headings", first), ("framed", first), *(("plain", report) for report in told)]
    documents = _converted([DESIGNS[design](report) for design, report in designs], "doc", tmp_path)
    for raw, (design, report) in zip(documents, designs, strict=True):
        document = _read(raw)
        assert not differences(extract_document(document, RULES), truth_of(report)), (design, report.id)
        assert (document.reader, document.gaps) == ("office", ())


@pytest.mark.office
@pytest.mark.parametrize("kind", ["rtf", "odt"])
def test_reports_as_rtf_and_odt_give_the_record_of_their_plain_text(
    kind: str, examples: Path, tmp_path: Path
) -> None:
    report = next(reports(examples))
    (raw,) = _converted([DESIGNS["plain"](report)], kind, tmp_path)
    document = _read(raw)
    assert not differences(extract_document(document, RULES), truth_of(report))
    assert document.gaps == ()


@pytest.mark.office
@pytest.mark.parametrize("kind", ["doc", "odt"])
def test_nested_tables_and_those_of_the_form_survive(kind: str, examples: Path, tmp_path: Path) -> None:
    report = next(reports(examples))
    tables = [form_table(part) for part in report.parts if isinstance(part, Table)]
    body = (
        paragraph("前")
        + table(row(cell(*(one + paragraph("后") for one in tables))), columns=1)
        + paragraph()
    )
    (raw,) = _converted([docx(body)], kind, tmp_path)
    document = _read(raw)
    assert (len(document.grids), document.gaps) == (3, ())


@pytest.mark.office
def test_the_file_is_read_through_the_front_door_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(b"{\\rtf1\\ansi\\uc0 \\u24180 \\u25253  12\\par}")
    assert read_document(path).text == "年报 12"


@pytest.mark.office
def test_numbers_that_libreoffice_does_not_hand_on_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (raw,) = _converted([docx(lines_of(["公开12条，", "申请345件，6件办结。"]))], "doc", tmp_path)
    monkeypatch.setattr(
        "gongkai.extraction.readers.word.office.to_docx", lambda *_: docx(paragraph("公开12条，"))
    )
    (gap,) = _read(raw).gaps
    assert gap.message.startswith("2 numbers of the file (345, 6) are missing")


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a web server and the list of what it is asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            asked.append(self.rfile.readline().decode("latin-1"))
            self.close_connection = True

    made = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}", asked
    made.shutdown()


def _odt(body: str, kind: str = "text") -> bytes:
    namespaces = (
        f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:draw="{_ODF}:drawing:1.0" '
        f'xmlns:svg="{_ODF}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    entries = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{media}"/>'
        for path, media in (("/", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", "text/xml"))
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr(
            "META-INF/manifest.xml", f'<m:manifest xmlns:m="{_ODF}:manifest:1.0">{entries}</m:manifest>'
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content {namespaces} office:version="1.2"><office:body><office:text>{body}'
            "</office:text></office:body></office:document-content>",
        )
    return made.getvalue()


@pytest.mark.office
def test_nothing_is_fetched_for_a_file_that_links_to_the_network_or_to_other_files(
    asked: tuple[str, list[str]], tmp_path: Path
) -> None:
    server, requests = asked
    secret = tmp_path / "secret.odt"
    secret.write_bytes(_odt("<text:p>机密</text:p>"))

    def link(address: str) -> str:
        return f'xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"'

    document = _read(
        _odt(
            '<text:p>正文<draw:frame text:anchor-type="as-char" svg:width="3cm" svg:height="3cm">'
            f"<draw:image {link(f'{server}/seal.png')}/></draw:frame></text:p>"
            f'<text:section text:name="a"><text:section-source {link(f"{server}/part.odt")}/><text:p>甲</text:p></text:section>'
            f'<text:section text:name="b"><text:section-source {link(secret.as_uri())}/><text:p>乙</text:p></text:section>'
        )
    )
    assert document.text.split("\n") == ["正文", "甲", "乙"]
    assert requests == []


@pytest.mark.office
def test_a_damaged_file_is_refused_and_nothing_is_left_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    raw = (_FORMATS / "encrypted.doc").read_bytes()
    with pytest.raises(UnreadableFileError, match="LibreOffice cannot read the file"):
        _read(raw[:8] + bytes(2000))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["encrypted.doc", "encrypted.docx", "encrypted.odt"])
def test_files_with_a_password_are_refused_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "gongkai.extraction.readers.word.office.to_docx", lambda *_: pytest.fail("LibreOffice was asked")
    )
    with pytest.raises(UnreadableFileError, match="has a password"):
        read_document(_FORMATS / name)


def test_without_libreoffice_the_message_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UnreadableFileError, match=r"libreoffice-writer.*save the file as DOCX"):
        _read(b"{\\rtf1 12}")


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")
def test_a_conversion_that_hangs_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {child}\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(program))
    monkeypatch.setattr(soffice, "TIME_LIMIT", 2.0)
    with pytest.raises(UnreadableFileError, match="did not finish with the file in 2 seconds"):
        _read(b"{\\rtf1 12}")
    assert _has_ended(int(child.read_text()))


def _has_ended(process: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def test_a_spreadsheet_is_no_report() -> None:
    with pytest.raises(UnreadableFileError, match="a spreadsheet or slides"):
        _read(_odt("", kind="spreadsheet"))


def test_the_stored_text_of_bytes_that_are_no_word_file_is_unknown() -> None:
    assert stored_text(b"\xec\xa5" + bytes(40), b"") is None
    assert stored_text(bytes(2000), bytes(10)) is None
