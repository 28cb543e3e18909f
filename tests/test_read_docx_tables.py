"""Tables of Word documents: merged cells, ragged rows, nested tables, tables that only lay out the page."""

from gongkai.extraction.document import Document
from gongkai.extraction.readers.word.docx import read_docx
from hypothesis import given
from hypothesis import strategies as st

from .word_documents import cell, docx, lines_of, paragraph, row, table

_RESTART, _CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
_LONG = "全年公开信息12条，比上年增加3条。" * 14


def _read(*blocks: str) -> Document:
    return read_docx(docx("".join(blocks)), "report.docx", "0" * 64)


def _cells(document: Document, grid: int = 0) -> list[tuple[int, int, int, int, str]]:
    return [
        (one.row, one.column, one.row_span, one.column_span, document.text[one.start : one.end])
        for one in document.grids[grid].cells
    ]


def _span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def test_merged_cells_are_printed_once_with_their_spans() -> None:
    document = _read(
        table(
            row(cell("结果", form=_RESTART), cell("申请人", form=_span(2))),
            row(cell(form=_CONTINUE), "自然人", "总计"),
            row("予以公开", "1", "1"),
            columns=3,
        )
    )
    assert document.text == "结果\t申请人\n自然人\t总计\n予以公开\t1\t1"
    assert _cells(document)[:4] == [
        (0, 0, 2, 1, "结果"),
        (0, 1, 1, 2, "申请人"),
        (1, 1, 1, 1, "自然人"),
        (1, 2, 1, 1, "总计"),
    ]


def test_two_merged_cells_may_stand_below_each_other() -> None:
    document = _read(
        table(
            row(cell("甲", form=_RESTART), "1"), row(cell(form=_CONTINUE), "2"), row(cell("乙", form=_RESTART), "3"),
            row(cell(form=_CONTINUE), "4"), row("丙", "5"),
        )
    )  # fmt: skip
    assert [one for one in _cells(document) if one[1] == 0] == [
        (0, 0, 2, 1, "甲"),
        (2, 0, 2, 1, "乙"),
        (4, 0, 1, 1, "丙"),
    ]


def test_a_cell_that_goes_on_below_nothing_is_a_cell_of_its_own() -> None:
    assert _cells(_read(table(row(cell("甲", form=_CONTINUE), "1"), row("乙", "2"))))[0] == (0, 0, 1, 1, "甲")


def test_rows_that_begin_or_end_short_keep_their_columns() -> None:
    body = table(
        row("甲", "1", "2"),
        row("3", form='<w:gridBefore w:val="2"/>'),
        row("乙", form='<w:gridAfter w:val="2"/>'),
    )
    assert _cells(_read(body))[3:] == [(1, 2, 1, 1, "3"), (2, 0, 1, 1, "乙")]


def test_cells_merged_in_the_old_way_across_columns() -> None:
    body = table(
        row(cell("甲", form='<w:hMerge w:val="restart"/>'), cell(form="<w:hMerge/>"), "1"),
        row("乙", "2", "3"),
    )
    assert _cells(_read(body))[:2] == [(0, 0, 1, 2, "甲"), (0, 2, 1, 1, "1")]


def test_a_label_of_several_paragraphs_stays_in_its_row() -> None:
    assert (
        _read(table(row(cell("三、本年度", "办理结果"), "1"), row("乙", "2"))).text
        == "三、本年度 办理结果\t1\n乙\t2"
    )


def test_one_table_that_holds_the_whole_report_is_unwrapped() -> None:
    figures = table(row("规章", "1"), row("文件", "2"))
    document = _read(table(row(cell(paragraph("一、情况"), paragraph(_LONG), figures, paragraph("完")))))
    assert document.text == f"一、情况\n{_LONG}\n规章\t1\n文件\t2\n完"
    assert [len(grid.cells) for grid in document.grids] == [4]


def test_a_report_laid_out_in_rows_of_one_big_table_keeps_its_figures_as_tables() -> None:
    document = _read(
        table(
            row(cell("一、总体情况", form=_span(3))),
            row(cell(paragraph(_LONG), form=_span(3))),
            row("规章", "1", "2"), row("文件", "3", "4"),
            row(cell(paragraph("五、问题"), paragraph(_LONG), form=_span(3))),
            columns=3,
        )
    )  # fmt: skip
    assert document.text.split("\n") == ["一、总体情况", _LONG, "规章\t1\t2", "文件\t3\t4", "五、问题", _LONG]
    assert [len(grid.cells) for grid in document.grids] == [6]


def test_a_sidebar_beside_the_report_is_unwrapped() -> None:
    document = _read(table(row(cell("首页", "公开指南"), cell(paragraph(_LONG), paragraph("完")))))
    assert document.text.split("\n") == ["首页", "公开指南", _LONG, "完"]
    assert not document.grids


def test_a_note_in_a_table_of_figures_does_not_unwrap_it() -> None:
    document = _read(
        table(row("规章", "1", "2"), row("文件", "3", cell(_LONG)), row("许可", "4", "5"), columns=3)
    )
    assert len(document.text.split("\n")) == 3


def test_tables_side_by_side_stay_two_tables() -> None:
    left, right = table(row("甲", "1"), row("乙", "2")), table(row("丙", "3"), row("丁", "4"))
    document = _read(table(row(cell(left + paragraph()), cell(right + paragraph()))))
    assert document.text == "甲\t1\n乙\t2\n丙\t3\n丁\t4"
    assert len(document.grids) == 2


def test_a_table_inside_a_cell_takes_its_place_in_the_rows_of_the_outer_one() -> None:
    inner = table(row("1.国家秘密", "0"), row("2.其他", "3"))
    document = _read(
        table(
            row(cell("不予公开", form=_RESTART), cell(inner + paragraph())),
            row(cell(form=_CONTINUE), cell("4")),
            row("总计", "7"),
        )
    )
    assert document.text == "不予公开\t1.国家秘密\t0\n2.其他\t3\n4\n总计\t7"
    assert _cells(document) == [
        (0, 0, 3, 1, "不予公开"), (0, 1, 1, 1, "1.国家秘密"), (0, 2, 1, 1, "0"), (1, 1, 1, 1, "2.其他"),
        (1, 2, 1, 1, "3"), (2, 1, 1, 2, "4"), (3, 0, 1, 1, "总计"), (3, 1, 1, 2, "7"),
    ]  # fmt: skip


def test_an_empty_table_leaves_nothing() -> None:
    assert _read(paragraph("甲"), table(row("", ""))).text == "甲"


def test_order_of_paragraphs_and_tables_is_kept() -> None:
    document = _read(lines_of(["甲"]), table(row("1", "2"), row("3", "4")), lines_of(["乙"]))
    assert document.text == "甲\n1\t2\n3\t4\n乙"


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 3), st.sampled_from(("", _RESTART, _CONTINUE))), max_size=5),
        min_size=1,
        max_size=6,
    )
)
def test_cells_never_overlap_and_every_text_is_kept(rows: list[list[tuple[int, str]]]) -> None:
    told = [
        [(f"格{r}之{c}", span, merge) for c, (span, merge) in enumerate(one)] for r, one in enumerate(rows)
    ]
    body = table(*(row(*(cell(text, form=_span(span) + merge) for text, span, merge in one)) for one in told))
    document = _read(paragraph("前"), body)
    taken: set[tuple[int, int]] = set()
    for grid in document.grids:
        for one in grid.cells:
            room = {
                (r, c)
                for r in range(one.row, one.row + one.row_span)
                for c in range(one.column, one.column + one.column_span)
            }
            assert not room & taken
            taken |= room
        taken.clear()
    printed = [text for one in told for text, _, merge in one if merge != _CONTINUE]
    assert all(text in document.text for text in printed)
