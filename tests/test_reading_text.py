"""Plain text files as people have them: encodings, line ends, and files that are no text."""

from pathlib import Path

import pytest
from gongkai.extraction.readers import UnreadableFileError, read_document
from gongkai.extraction.readers.choose import MAX_BYTES
from hypothesis import given
from hypothesis import strategies as st

REPORT = "青屏县公安局2023年政府信息公开工作年度报告\n\n一、总体情况\n全年收到申请12件，公开𠮷字条目３条。\n"


def write(folder: Path, raw: bytes) -> Path:
    path = folder / "report.txt"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_text_is_the_decoded_file_whatever_its_encoding(tmp_path: Path, encoding: str, line_end: str):
    text = REPORT.replace("\n", line_end)
    document = read_document(write(tmp_path, text.encode(encoding)))
    assert document.text == text
    assert [document.text[b.start : b.end] for b in document.blocks] == [
        line for line in REPORT.splitlines() if line
    ]


@pytest.mark.parametrize("encoding", ["gbk", "gb2312"])
def test_subsets_of_gb18030(tmp_path: Path, encoding: str):
    text = REPORT.replace("𠮷", "吉")
    assert read_document(write(tmp_path, text.encode(encoding))).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_character_cut_off_by_the_end_of_the_file_is_dropped(tmp_path: Path, encoding: str):
    raw = REPORT.strip().encode(encoding) + "局".encode(encoding.replace("utf-16", "utf-16-le"))[:-1]
    assert read_document(write(tmp_path, raw)).text == REPORT.strip()


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        ("\u3000\n".encode(), "empty"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x00" * 1000, "binary"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"PK\x03\x04" + bytes(100), "DOCX"),
        (b"<!DOCTYPE html><html><body></body></html>", "no text on this page"),
        ("гражданам предоставлена информация о деятельности".encode("cp1251"), "encoding"),
        ("情報公開制度の運用状況について報告します".encode("shift_jis"), "encoding"),
        ("政府資訊公開工作年度報告，本年度受理民眾申請案件與辦理情形".encode("big5"), "encoding"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(tmp_path: Path, raw: bytes, message: str):
    with pytest.raises(UnreadableFileError, match=message):
        read_document(write(tmp_path, raw))


def test_missing_file_folder_and_oversized_file(tmp_path: Path):
    with pytest.raises(UnreadableFileError, match="no such file"):
        read_document(tmp_path / "nowhere.txt")
    with pytest.raises(UnreadableFileError, match="folder"):
        read_document(tmp_path)
    big = tmp_path / "big.txt"
    with big.open("wb") as out:
        out.truncate(MAX_BYTES + 1)
    with pytest.raises(UnreadableFileError, match="split it"):
        read_document(big)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_document_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(raw)
    try:
        document = read_document(path)
    except UnreadableFileError as error:
        assert str(error)
    else:
        assert document.text.strip()


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\ufeff", exclude_categories=["Cc", "Cs"]), min_size=1
    )
)
def test_any_text_comes_back_and_the_blocks_leave_out_only_blanks(
    tmp_path_factory: pytest.TempPathFactory, text: str
):
    text = "报告" + text
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode())
    document = read_document(path)
    assert document.text == text
    blocks = "".join(document.text[b.start : b.end] for b in document.blocks)
    assert "".join(blocks.split()) == "".join(text.split())
