"""Word documents that are damaged, hostile or no documents: a clear error, nothing opened outside the file."""

import io
import zipfile
from pathlib import Path

import pytest
from gongkai.extraction.readers import UnreadableFileError, read_document
from gongkai.extraction.readers.word import ooxml
from gongkai.extraction.readers.word.docx import read_docx
from hypothesis import given
from hypothesis import strategies as st

from .word_documents import MAIN, docx, lines_of, package, paragraph, row, table

_FORMATS = Path(__file__).parent / "data" / "formats"
_WHOLE = docx(lines_of(["云岭市公安局2022年政府信息公开工作年度报告", "全年公开信息12条。"]))


def _error(raw: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        read_docx(raw, "report.docx", "0" * 64)
    return str(caught.value)


def _document(inner: str, declared: str = "") -> bytes:
    return package(
        {"word/document.xml": f'{declared}<w:document xmlns:w="{MAIN}"><w:body>{inner}</w:body></w:document>'}
    )


def test_a_file_that_is_cut_off() -> None:
    assert "damaged or cut off" in _error(_WHOLE[: len(_WHOLE) // 2])


def test_a_part_that_is_damaged() -> None:
    at = _WHOLE.index(b"word/document.xml") + 40
    assert "word/document.xml is damaged" in _error(_WHOLE[:at] + bytes(20) + _WHOLE[at + 20 :])


@given(st.data())
def test_whatever_byte_is_changed_the_file_is_read_or_refused_in_words(data: st.DataObject) -> None:
    raw = bytearray(_WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert read_docx(bytes(raw), "report.docx", "0" * 64).text
    except UnreadableFileError as error:
        assert str(error)


def test_xml_that_is_not_well_formed() -> None:
    assert "no sound XML" in _error(package({"word/document.xml": "<w:document"}))


def test_a_package_without_a_text() -> None:
    assert "no Word document" in _error(package({"word/styles.xml": "<a/>"}))


def test_a_workbook_named_docx(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(package({"xl/workbook.xml": "<workbook/>"}))
    with pytest.raises(UnreadableFileError, match="no text document"):
        read_document(path)


def test_an_empty_document_and_one_of_page_lines_only() -> None:
    assert "there is no text" in _error(docx(paragraph("")))
    assert "there is no text" in _error(docx(paragraph(""), footer1=paragraph("3")))


def test_a_document_of_pictures_only_says_what_to_do() -> None:
    picture = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="7000000" cy="9000000"/><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"/></a:graphic></wp:inline></w:drawing></w:r>'
    )
    assert "only 1 picture" in _error(docx(paragraph(picture)))


def test_parts_that_are_missing_or_not_of_their_kind_are_done_without() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x/styles" Target="styles.xml"/><Relationship Id="b" Type="x/footnotes" Target="no.xml"/>'
        '<Relationship Id="c" Type="x/header" TargetMode="External" Target="http://127.0.0.1:9/header.xml"/></Relationships>'
    )
    raw = package(
        {
            "word/document.xml": f'<w:document xmlns:w="{MAIN}"><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>',
            "word/styles.xml": "<other/>",
            "word/_rels/document.xml.rels": relations,
        }
    )
    assert read_docx(raw, "report.docx", "0" * 64).text == "甲"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (ooxml.MAX_PART_BYTES + 1))
    assert "word/document.xml grows to 50 MB when unpacked" in _error(made.getvalue())


def test_a_part_that_grows_out_of_proportion_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 8_000_000 + b"</a>")
    assert "more than a report has" in _error(made.getvalue())


def test_bombs_in_parts_that_are_not_read_do_no_harm() -> None:
    made = io.BytesIO(_WHOLE)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.png", bytes(ooxml.MAX_PART_BYTES + 1))
    assert "12条" in read_docx(made.getvalue(), "report.docx", "0" * 64).text


def test_external_entities_are_refused_and_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    declared = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "document type definition" in _error(_document("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", declared))


def test_entities_that_multiply_are_refused() -> None:
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    assert "word/document.xml" in _error(
        _document("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", f"<!DOCTYPE d [{laughs}]>")
    )


def test_tables_ten_thousand_levels_deep_are_refused() -> None:
    levels = 10_000
    deep = "<w:tbl><w:tr><w:tc>" * levels + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * levels
    assert "nests tables" in _error(_document(deep))


def test_tables_as_deep_as_the_limit_allows_are_read() -> None:
    inner = paragraph("芯12条")
    for _ in range(60):
        inner = table(row("<w:tc>" + inner + "</w:tc>"))
    assert read_docx(docx(inner), "report.docx", "0" * 64).text == "芯12条"


def test_spans_beyond_all_measure_are_cut() -> None:
    huge = f'<w:tc><w:tcPr><w:gridSpan w:val="{10**12}"/></w:tcPr><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc>'
    document = read_docx(docx(table(row(huge), row("1", "2"))), "report.docx", "0" * 64)
    assert document.text == "甲\n1\t2"


def test_a_document_with_a_password_says_so() -> None:
    with pytest.raises(UnreadableFileError, match="has a password"):
        read_document(_FORMATS / "encrypted.docx")
