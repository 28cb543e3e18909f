"""Pages that are damaged or hostile: a report or a clear error, in time that grows with their length."""

from email.message import EmailMessage

import pytest
from gongkai.extraction.document import Document
from gongkai.extraction.readers import UnreadableFileError
from gongkai.extraction.readers.html.page import read_html
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SENTENCE = "2023年，我局主动公开政府信息128条，未收到政府信息公开申请，未发生行政复议和行政诉讼。"
REPORT = (
    "<p>青屏县公安局2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>"
    + SENTENCE * 4
    + "</p><p>二、主动公开政府信息情况</p>"
)


def read(page: str | bytes) -> Document:
    return read_html(page if isinstance(page, bytes) else page.encode(), "page.html", "0")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<div>" * 10_000, "</div>" * 10_000),
        ("<div>" * 5_000, ""),
        ("<table><tr><td>" * 3_000, "</table>" * 3_000),
        ("<table><tr><td>" * 3_000, ""),
        ("<span>" * 10_000, ""),
        ("<ul><li>" * 3_000, ""),
        ("<p><b class=a>" * 5_000, ""),
        ("".join(f"<p><font size={n}>甲" for n in range(3_000)), ""),
        ("</div></td></table></p>" * 5_000, ""),
        ("<![CDATA[ <!ELEMENT", "--> ]]>"),
        ("\x00<\x00p\x00>", "\x00" * 50),
        ("<!DOCTYPE html [<!ENTITY a 'xxxx'><!ENTITY b '&a;&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>", "&b;&c;"),
        ("<p title='" + "a" * 50_000 + "'>", "</p>"),
        ("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">", "</p>"),
        ("<style>" + "/*" * 50_000 + "</style>", ""),
        ("<style>" + "@media x{" * 20_000 + "</style>", ""),
    ],
)  # fmt: skip
def test_the_report_is_found_whatever_stands_around_it(before: str, after: str):
    document = read(f"{before}{REPORT}{after}")
    assert SENTENCE * 4 in document.text
    assert "root:" not in document.text


def test_nesting_without_end_is_an_error_that_says_so():
    with pytest.raises(UnreadableFileError, match="inside each other"):
        read("<div>" * 200_000 + REPORT)


def test_tags_without_number_are_an_error_that_says_so():
    with pytest.raises(UnreadableFileError, match="1100000 tags"):
        read("<p>" * 1_100_000)


def test_spans_without_measure_cost_no_more_than_their_cells():
    huge = "<td rowspan=65534 colspan=1000>1" * 300
    document = read(
        f"{REPORT}<table>{f'<tr>{huge}' * 20}</table><table><tr><td colspan=99999999999999999999>2<td>3</table>"
    )
    assert SENTENCE * 4 in document.text


def test_a_table_with_more_cells_than_any_report_has_is_read_as_lines():
    document = read(f"{REPORT}<table>{'<tr><td>甲<td>1' * 20_000}</table>")
    assert document.text.count("甲") == 20_000
    assert not document.grids


def test_a_page_of_many_megabytes_is_read():
    page = f"<html><body>{REPORT}{'<p>' + SENTENCE + '</p>' * 1}" + f"<p>{SENTENCE}</p>" * 20_000
    document = read(page)
    assert document.text.count(SENTENCE) == 20_005


@pytest.mark.parametrize(
    "raw",
    [
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n",
        b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nnothing",
        b"MIME-Version: 1.0\r\n" + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 5_000,
        b"From: a\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=\xff\r\n\r\n",
    ],
)
def test_a_damaged_web_archive_is_a_clear_error(raw: bytes):
    with pytest.raises(UnreadableFileError, match="page"):
        read(raw)


def test_an_archive_may_hold_a_page_in_any_transfer_encoding():
    for encoding in ("base64", "quoted-printable", "8bit"):
        message = EmailMessage()
        message.set_content(f"<html><body>{REPORT}</body></html>", subtype="html", cte=encoding)
        assert SENTENCE * 4 in read(message.as_bytes()).text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            ["<table>", "<tr>", "<td rowspan=2>", "<td colspan=0>", "</td>", "</table>", "<div>", "</div>", "<p>", "<ol>", "<li>",
             "<b>", "</b>", "<a href=x>", "</a>", "<pre>", "\n", "\t", "甲", "12", "&nbsp;", "<br>", "<span style='display:table-cell'>",
             "<div style='display:flex'>", "<select><option>", "<!--", "-->", "<script>", "</script>", SENTENCE]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_any_soup_of_tags_gives_a_sound_document_or_a_clear_error(pieces: list[str]):
    try:
        document = read("".join(pieces))
    except UnreadableFileError as error:
        assert str(error)
        return
    ends = [0, *(block.end for block in document.blocks)]
    assert all(end <= block.start < block.end for end, block in zip(ends, document.blocks, strict=False))
    for grid in document.grids:
        assert all(grid.start <= cell.start <= cell.end <= grid.end for cell in grid.cells)
    assert [block.noise for block in document.blocks] == sorted(block.noise for block in document.blocks)
