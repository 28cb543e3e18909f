"""What elements of a page become text, cells and spans; and what a page's bytes say."""

import pytest
from gongkai.extraction.document import Document, Grid
from gongkai.extraction.readers.html.charset import decode_page
from gongkai.extraction.readers.html.page import read_html
from gongkai.extraction.readers.html.tables import CellFrame, place_cells
from hypothesis import given
from hypothesis import strategies as st

LONG = "2023年，我局主动公开政府信息128条，依申请公开办理12件，均在法定期限内答复，未收取任何费用。" * 4


def read(body: str) -> Document:
    return read_html(f"<!DOCTYPE html><html><body>{body}</body></html>".encode(), "page.html", "0")


def lines(body: str) -> list[str]:
    return read(body).text.split("\n")


def cells(document: Document, grid: Grid) -> list[tuple[int, int, int, int, str]]:
    text = document.text
    return [(c.row, c.column, c.row_span, c.column_span, text[c.start : c.end]) for c in grid.cells]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p>收到<span>申</span><b>请</b><span lang=EN-US>1</span><span lang=EN-US>2<o:p></o:p></span>件</p>", ["收到申请12件"]),
        ("<p>全年公\n  开信息\n12\n条</p>", ["全年公开信息 12 条"]),
        ("<p>甲<br>乙<br/><br>丙</p>丁<div>戊</div>己", ["甲", "乙", "丙", "丁", "戊", "己"]),
        ("<p>&nbsp;&nbsp;&nbsp;&nbsp;数量&nbsp;&nbsp;12</p><p>&nbsp;</p><p>\u3000\u3000乙</p>", ["数量\u00a0\u00a012", "乙"]),
        ("<p>甲<script>x</script><style>y</style><!-- 乙 --><template>丙</template></p>", ["甲"]),
        ("<p>甲<span style='DISPLAY: none'>乙</span><i hidden>丙</i><s style='mso-hide:all'>丁</s></p>", ["甲"]),
        ("<style>/* .a{} */ .x, p.y{display:none} @media print{.z{display:none}}</style><p class=y>甲</p><b class='q x'>乙</b><p class=z>丙</p>", ["丙"]),
        ("<p>甲<del>乙</del><ins>丙</ins></p>", ["甲丙"]),
        ("<p>5&lt;6 &amp;amp; &#x4E2D;&#25991; &bogus;</p>", ["5<6 &amp; 中文 &bogus;"]),
        ("<pre>一、总体情况\n   甲  乙\n\n丙</pre>", ["一、总体情况", "甲  乙", "丙"]),
        ("<ruby>公<rp>(</rp><rt>gong</rt><rp>)</rp></ruby>开", ["公开"]),
    ],
)  # fmt: skip
def test_text_is_what_a_reader_of_the_page_sees(body: str, told: list[str]):
    assert lines(body) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<ol><li>甲<li><p>乙</p><p>续</p></ol>", ["1.甲", "2.乙", "续"]),
        ("<ol start=3 type=a><li>甲<li value=9>乙<li>丙</ol>", ["c.甲", "i.乙", "j.丙"]),
        ("<ol type=I><li>甲<ol><li>乙</ol><li>丙</ol>", ["I.甲", "1.乙", "II.丙"]),
        (
            "<ol style='list-style-type:cjk-ideographic'><li>总体情况<li>其他</ol>",
            ["一、总体情况", "二、其他"],
        ),
        ("<ol><li>一、总体情况<li>（二）其他<li>3.丙<li></ol>", ["一、总体情况", "（二）其他", "3.丙"]),
        ("<ol style='list-style:none'><li>甲</ol><ul><li>乙</ul>", ["甲", "乙"]),
    ],
)
def test_ordered_lists_print_their_numbers(body: str, told: list[str]):
    assert lines(body) == told


def test_spans_are_resolved_and_merged_cells_told_once():
    document = read(
        "<table><tr><th rowspan=2>信息内容<th colspan=2>数量<tr><td>制发<td>废止<tr><td>规章<td>0<td>12</table>"
    )
    assert document.text == "信息内容\t数量\n制发\t废止\n规章\t0\t12"
    assert cells(document, document.grids[0]) == [
        (0, 0, 2, 1, "信息内容"), (0, 1, 1, 2, "数量"), (1, 1, 1, 1, "制发"), (1, 2, 1, 1, "废止"),
        (2, 0, 1, 1, "规章"), (2, 1, 1, 1, "0"), (2, 2, 1, 1, "12"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        ([[(0, 1), (1, 1)], [(1, 1)], [(1, 1)]], [(0, 0, 3, 1), (0, 1, 1, 1), (1, 1, 1, 1), (2, 1, 1, 1)]),
        ([[(1, 0), (9, 1)], [(1, 1)]], [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1)]),
        ([[(1, 1), (2, 1)], [(1, 3), (1, 1)]], [(0, 0, 1, 1), (0, 1, 2, 1), (1, 0, 1, 1), (1, 2, 1, 1)]),
        ([[(3, 2)], [(1, 2)], []], [(0, 0, 3, 2), (1, 2, 1, 2)]),
    ],
)
def test_wrong_spans_end_where_there_is_no_room(
    rows: list[list[tuple[int, int]]], places: list[tuple[int, int, int, int]]
):
    placed = place_cells([[CellFrame(r, c, 0) for r, c in row] for row in rows])
    assert [(p.row, p.column, p.row_span, p.column_span) for p in placed] == places


def test_a_span_ends_with_its_row_group():
    placed = place_cells(
        [[CellFrame(0, 1, 0), CellFrame(1, 1, 0)], [CellFrame(1, 1, 0)], [CellFrame(1, 1, 0)]], [0, 2]
    )
    assert [(p.row, p.column, p.row_span) for p in placed] == [(0, 0, 2), (0, 1, 1), (1, 1, 1), (2, 0, 1)]


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 300)), max_size=6), min_size=1, max_size=8)
)
def test_cells_never_overlap_nor_leave_the_table(rows: list[list[tuple[int, int]]]):
    placed = place_cells([[CellFrame(r, c, 0) for r, c in row] for row in rows])
    taken = [
        (p.row + i, p.column + j) for p in placed for i in range(p.row_span) for j in range(p.column_span)
    ]
    assert len(taken) == len(set(taken))
    assert all(row < len(rows) for row, _ in taken)
    assert all(p.row_span > 0 and p.column_span > 0 for p in placed)


def test_a_table_that_lays_out_the_page_is_its_paragraphs_and_the_tables_in_it():
    document = read(
        f"<table><tr><td>栏目<td><p>一、总体情况<p>{LONG}<table><tr><td>规章<td>0<tr><td>规范性文件<td>12</table>"
        f"<p>{LONG}</table>"
    )
    assert document.text.split("\n") == ["一、总体情况", LONG, "规章\t0", "规范性文件\t12", LONG, "栏目"]
    assert document.blocks[-1].noise
    assert len(document.grids) == 1
    assert cells(document, document.grids[0])[-1] == (1, 1, 1, 1, "12")


def test_blocks_with_the_styles_of_a_table_are_one():
    document = read(
        "<style>.t{display:table} .t .r{} .r{display:table-row} .c{display:table-cell}</style>"
        "<div class=t><div class=r><div class=c>规章</div><div class=c>3</div><div class=c></div></div>"
        "<div class=r><span class=c>文件</span><span class=c>12</span><span class=c>5</span></div></div>"
    )
    assert document.text == "规章\t3\t\n文件\t12\t5"


def test_rows_of_plain_blocks_are_a_table_and_paragraphs_are_not():
    row = "<div><div>{}</div><div><p>{}</p></div><div style='float:left'>{}</div></div>"
    document = read(
        f"<section>{row.format('规章', 1, '')}{row.format('文件', 12, 7)}</section><p>甲</p><p>乙</p>"
    )
    assert document.text == "规章\t1\t\n文件\t12\t7\n甲\n乙"
    assert len(document.grids) == 1
    assert not read("<div><div>甲</div><div>乙</div></div><div><div>丙</div><div>丁</div></div>").grids


def test_preformatted_rows_with_tabs_are_a_table_with_its_blank_cells():
    document = read("<pre>信息内容\t制发\t废止\n规章\t\t3\n文件\t4\t\n</pre>")
    assert cells(document, document.grids[0])[3:] == [
        (1, 0, 1, 1, "规章"), (1, 1, 1, 1, ""), (1, 2, 1, 1, "3"),
        (2, 0, 1, 1, "文件"), (2, 1, 1, 1, "4"), (2, 2, 1, 1, ""),
    ]  # fmt: skip


def test_offsets_are_those_of_the_text():
    document = read(
        "<p>甲\U00020000</p><table><tr><td>规章<td>3<tr><td>文件<td>\U00020000 12</table><p>乙</p>"
    )
    assert [document.text[b.start : b.end] for b in document.blocks] == [
        "甲\U00020000",
        "规章\t3",
        "文件\t\U00020000 12",
        "乙",
    ]
    grid = document.grids[0]
    assert document.text[grid.start : grid.end] == "规章\t3\n文件\t\U00020000 12"


SIMPLIFIED = "青屏县公安局2023年政府信息公开工作年度报告，全年主动公开信息128条。"
TRADITIONAL = "青屏縣公安局2023年政府資訊公開工作年度報告，全年主動公開資訊128條。"


@pytest.mark.parametrize(
    ("text", "told", "encoding"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "gb2312", "utf-8"),
        (SIMPLIFIED, "utf-8", "gb18030"),
        (SIMPLIFIED + "镕﨑\U00020000", "gb2312", "gb18030"),
        (SIMPLIFIED, "iso-8859-1", "gb18030"),
        (SIMPLIFIED, "big5", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gb2312", "big5"),
        (TRADITIONAL, "utf-8", "gb18030"),
        (SIMPLIFIED, "x-unknown", "gb18030"),
        (SIMPLIFIED, "utf-8", "utf-16"),
        (SIMPLIFIED, "utf-8", "utf-16-le"),
        (SIMPLIFIED, "gbk", "utf-8-sig"),
    ],
)
def test_the_bytes_tell_the_encoding_whatever_the_page_says(text: str, told: str, encoding: str):
    page = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={told}"></head><body>{text}'
    )
    assert decode_page(page.encode(encoding)) == page


def test_a_few_broken_bytes_do_not_change_the_encoding():
    page = f"<meta charset=utf-8><meta name=description content='青屏县'>{SIMPLIFIED * 5}".encode()
    broken = page.replace("青屏县'".encode(), "青屏县".encode()[:-1] + b"'")
    assert SIMPLIFIED in decode_page(broken)


@pytest.mark.parametrize(("encoding", "text"), [("windows-1251", "отчёт"), ("shift_jis", "報告です")])
def test_another_encoding_that_the_page_names_is_heeded(encoding: str, text: str):
    assert decode_page(f"<meta charset={encoding}>{text}".encode(encoding)).endswith(text)


@given(st.binary(max_size=400), st.none() | st.text(max_size=12))
def test_any_bytes_have_a_text(raw: bytes, told: str | None):
    assert "\x00" not in decode_page(raw, told)
