"""The tables of a PDF: cells between rules and cells told by alignment, on one page and over page breaks."""

from collections.abc import Sequence

import pytest
from gongkai.extraction.document import Document, Grid
from gongkai.extraction.readers.pdf.file import read_pdf
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from .pdf_pages import HEIGHT, LEFT, PITCH, TOP, Cells, pdf, put, put_lines, put_table

COLUMNS = (60, 120, 50, 50, 50)
HEAD: Cells = {
    (0, 0, 2, 2): "勾稽关系", (0, 2, 1, 3): "申请人情况", (1, 2, 1, 1): "自然人", (1, 3, 1, 1): "企业", (1, 4, 1, 1): "总计"
}  # fmt: skip
ROWS = (
    "1.属于国家秘密",
    "2.法律禁止公开",
    "3.危及社会稳定",
    "4.保护第三方",
    "5.内部事务信息",
    "6.过程性信息",
)


def read(raw: bytes) -> Document:
    return read_pdf(raw, "report.pdf", "0" * 64)


def rows(document: Document) -> list[list[str]]:
    return [line.split("\t") for line in document.text[: document.report_end].strip("\n").split("\n")]


def cells(document: Document, grid: Grid) -> dict[tuple[int, int, int, int], str]:
    return {(c.row, c.column, c.row_span, c.column_span): document.text[c.start : c.end] for c in grid.cells}


def body(
    names: Sequence[str], label: str, first: int = 0, value: int = 10
) -> dict[tuple[int, int, int, int], str]:
    """Rows of a table below one label cell, three figures each."""
    made = {(first, 0, len(names), 1): label}
    for index, name in enumerate(names):
        made[first + index, 1, 1, 1] = name
        made |= {(first + index, 2 + i, 1, 1): str(value + 3 * index + i) for i in range(3)}
    return made


def test_merged_cells_of_a_ruled_table_keep_their_spans():
    table = HEAD | body(ROWS[:3], "（三）不予公开", 2)
    document = read(pdf(lambda c: put_table(c, table, COLUMNS) and None))
    (grid,) = document.grids
    assert cells(document, grid) == table
    assert rows(document)[2] == ["（三）不予公开", "1.属于国家秘密", "10", "11", "12"]
    assert rows(document)[3] == ["2.法律禁止公开", "13", "14", "15"]


def test_a_cell_knows_the_room_between_its_rules():
    document = read(pdf(lambda c: put_table(c, HEAD | body(ROWS[:2], "公开", 2), COLUMNS) and None))
    label = next(cell for cell in document.grids[0].cells if document.text[cell.start : cell.end] == "公开")
    assert label.box is not None
    assert label.box == pytest.approx((1, LEFT, TOP + 48, LEFT + 60, TOP + 96), abs=0.5)


def test_lines_of_a_cell_are_joined_and_never_run_into_another_cell():
    table = {
        (0, 0, 1, 1): "申请人无正当理由逾期不补正行政机关不再处理", (0, 1, 1, 1): "3",
        (1, 0, 1, 1): "其他", (1, 1, 1, 1): "12",
    }  # fmt: skip
    document = read(pdf(lambda c: put_table(c, table, (80, 60), height=40) and None))
    assert rows(document) == [["申请人无正当理由逾期不补正行政机关不再处理", "3"], ["其他", "12"]]


def test_a_number_wrapped_in_a_narrow_cell_is_one_number():
    def draw(canvas: Canvas) -> None:
        put_table(
            canvas,
            {(0, 0, 1, 1): "行政许可", (0, 1, 1, 1): "", (1, 0, 1, 1): "规章", (1, 1, 1, 1): "0"},
            (80, 30),
            height=30,
        )
        put(canvas, LEFT + 83, TOP + 3, "12634", 9)
        put(canvas, LEFT + 93, TOP + 14, "18", 9)

    assert rows(read(pdf(draw)))[0] == ["行政许可", "1263418"]


@pytest.mark.parametrize("turned", [False, True], ids=["stacked", "turned"])
def test_upright_text_in_a_label_cell(turned: bool):
    table = (
        {(0, 0, 3, 1): ""}
        | {(i, 1, 1, 1): name for i, name in enumerate(ROWS[:3])}
        | {(i, 2, 1, 1): str(i) for i in range(3)}
    )

    def draw(canvas: Canvas) -> None:
        put_table(canvas, table, (30, 120, 50))
        if turned:
            canvas.saveState()
            canvas.translate(LEFT + 12, HEIGHT - TOP - 8)
            canvas.rotate(-90)
            canvas.setFont("STSong-Light", 9)
            canvas.drawString(0, 0, "办理结果")
            canvas.restoreState()
        else:
            for index, sign in enumerate("办理结果"):
                put(canvas, LEFT + 10, TOP + 10 + 12 * index, sign, 9)

    assert rows(read(pdf(draw)))[0] == ["办理结果", "1.属于国家秘密", "0"]


def test_upright_text_in_two_columns_is_read_from_the_right():
    table = (
        {(0, 0, 3, 1): ""}
        | {(i, 1, 1, 1): name for i, name in enumerate(ROWS[:3])}
        | {(i, 2, 1, 1): str(i) for i in range(3)}
    )

    def draw(canvas: Canvas) -> None:
        put_table(canvas, table, (40, 120, 50))
        for x, word in ((22, "本年度办"), (8, "理结果")):
            for index, sign in enumerate(word):
                put(canvas, LEFT + x, TOP + 8 + 12 * index, sign, 9)

    assert rows(read(pdf(draw)))[0][0] == "本年度办理结果"


def two_pages(head_again: bool, upper: str, lower: str, cut: int = 2):
    def first(canvas: Canvas) -> None:
        put_lines(canvas, ["三、收到和处理政府信息公开申请情况"])
        put_table(canvas, HEAD | body(ROWS[:cut], upper, 2), COLUMNS, y=TOP + PITCH)
        put(canvas, 280, 800, "— 4 —", 9)

    def second(canvas: Canvas) -> None:
        rest = body(ROWS[cut:4], lower, 2 if head_again else 0, 30)
        end = put_table(canvas, (HEAD | rest) if head_again else rest, COLUMNS, y=60)
        put_lines(canvas, ["四、政府信息公开行政复议、行政诉讼情况"], y=end + 10)
        put(canvas, 280, 800, "— 5 —", 9)

    return pdf(first, second)


@pytest.mark.parametrize("head_again", [False, True], ids=["once", "again"])
def test_a_table_over_a_page_break_is_one(head_again: bool):
    document = read(two_pages(head_again, "（四）无", "法提供"))
    (grid,) = document.grids
    merged = [text for (_, column, _, _), text in cells(document, grid).items() if column == 0]
    assert merged == ["勾稽关系", "（四）无法提供"]
    assert rows(document)[-4:-1] == [
        ["2.法律禁止公开", "13", "14", "15"], ["3.危及社会稳定", "30", "31", "32"], ["4.保护第三方", "33", "34", "35"]
    ]  # fmt: skip
    assert [cell.row_span for cell in grid.cells if cell.column == 0] == [2, 4]
    assert document.text.count("申请人情况") == (2 if head_again else 1)
    assert document.text[: document.report_end].count("申请人情况") == 1
    assert {cell.box.page for cell in grid.cells if cell.box} == {1, 2}


def test_a_label_that_begins_on_the_next_page_stays_a_label_of_its_own():
    document = read(two_pages(False, "（四）无法提供", "（五）不予处理"))
    labels = [cell for cell in document.grids[0].cells if cell.column == 0]
    assert [document.text[c.start : c.end] for c in labels] == [
        "勾稽关系",
        "（四）无法提供",
        "（五）不予处理",
    ]


def test_an_empty_rest_of_a_label_cell_belongs_to_the_label():
    document = read(two_pages(False, "（四）无法提供", ""))
    labels = [cell for cell in document.grids[0].cells if cell.column == 0]
    assert [(document.text[c.start : c.end], c.row_span) for c in labels] == [
        ("勾稽关系", 2),
        ("（四）无法提供", 4),
    ]


def test_a_row_that_a_page_break_cuts_is_one_row():
    upper = {
        (0, 0, 1, 1): "重复申请",
        (0, 1, 1, 1): "1",
        (1, 0, 1, 1): "申请人无正当理由逾期不",
        (1, 1, 1, 1): "7",
    }
    lower = {(0, 0, 1, 1): "补正", (0, 1, 1, 1): "", (1, 0, 1, 1): "其他", (1, 1, 1, 1): "2"}
    document = read(
        pdf(
            lambda c: put_table(c, upper, (106, 60)) and None,
            lambda c: put_table(c, lower, (106, 60), y=60) and None,
        )
    )
    assert rows(document) == [["重复申请", "1"], ["申请人无正当理由逾期不补正", "7"], ["其他", "2"]]


def test_rows_of_blank_cells_on_both_sides_of_a_page_break_stay_two_rows():
    upper = {(0, 0, 1, 1): "规章", (0, 1, 1, 1): "4", (1, 0, 1, 1): "许可", (1, 1, 1, 1): ""}
    lower = {(0, 0, 1, 1): "处罚", (0, 1, 1, 1): "", (1, 0, 1, 1): "强制", (1, 1, 1, 1): "2"}
    document = read(
        pdf(
            lambda c: put_table(c, upper, (106, 60)) and None,
            lambda c: put_table(c, lower, (106, 60), y=60) and None,
        )
    )
    assert rows(document) == [["规章", "4"], ["许可", ""], ["处罚", ""], ["强制", "2"]]


def test_a_low_row_that_no_rule_closes_at_the_top_of_a_page_is_a_row_of_its_own():
    """As browsers print it where a page break comes between two rows: the upright rules stand out beyond the first rule."""
    rest = {(i, j, 1, 1): text for i, row in enumerate((("重复申请", "2", "3"), ("其他", "", "12"))) for j, text in enumerate(row)}  # fmt: skip

    def second(canvas: Canvas) -> None:
        put_table(canvas, rest, (106, 60, 60), y=60, height=13, ruled=False)
        for y in (73, 86):
            canvas.line(LEFT, HEIGHT - y, LEFT + 226, HEIGHT - y)
        for x in (0, 106, 166, 226):
            canvas.line(LEFT + x, HEIGHT - 60, LEFT + x, HEIGHT - 86)

    assert rows(read(pdf(second))) == [["重复申请", "2", "3"], ["其他", "", "12"]]


def test_two_tables_with_text_between_them_stay_two():
    table = {(0, 0, 1, 1): "规章", (0, 1, 1, 1): "4", (1, 0, 1, 1): "许可", (1, 1, 1, 1): "5"}

    def second(canvas: Canvas) -> None:
        put_lines(canvas, ["四、行政复议、行政诉讼情况"], y=60)
        put_table(canvas, table, (106, 60), y=90)

    assert len(read(pdf(lambda c: put_table(c, table, (106, 60)) and None, second)).grids) == 2


def test_a_table_whose_sides_are_open_is_read():
    def draw(canvas: Canvas) -> None:
        put_table(
            canvas,
            body(ROWS[:3], "结果") | {(0, 0, 1, 1): "甲", (1, 0, 1, 1): "乙", (2, 0, 1, 1): "丙"},
            COLUMNS,
            ruled=False,
        )
        for row in range(4):
            canvas.line(LEFT, HEIGHT - TOP - 24 * row, LEFT + sum(COLUMNS), HEIGHT - TOP - 24 * row)
        for column in range(1, 5):
            x = LEFT + sum(COLUMNS[:column])
            canvas.line(x, HEIGHT - TOP, x, HEIGHT - TOP - 72)

    document = read(pdf(draw))
    assert len(document.grids) == 1
    assert rows(document)[1][1:] == ["2.法律禁止公开", "13", "14", "15"]


def test_a_table_without_rules_is_told_by_its_columns():
    table = {(0, 1, 1, 1): "自然人", (0, 2, 1, 1): "企业", (0, 3, 1, 1): "总计"} | {
        (1 + i, 0, 1, 1): name for i, name in enumerate(ROWS[:4])
    } | {(1 + i, 1 + j, 1, 1): str(i + j) for i in range(4) for j in range(3) if (i, j) != (2, 1)}  # fmt: skip

    def draw(canvas: Canvas) -> None:
        y = put_lines(canvas, ["三、收到和处理政府信息公开申请情况"])
        end = put_table(canvas, table, (150, 60, 60, 60), y=y, ruled=False)
        put_lines(canvas, ["四、政府信息公开行政复议、行政诉讼情况"], y=end + 10)

    document = read(pdf(draw))
    assert rows(document) == [
        ["三、收到和处理政府信息公开申请情况"], ["", "自然人", "企业", "总计"], ["1.属于国家秘密", "0", "1", "2"],
        ["2.法律禁止公开", "1", "2", "3"], ["3.危及社会稳定", "2", "", "4"], ["4.保护第三方", "3", "4", "5"],
        ["四、政府信息公开行政复议、行政诉讼情况"],
    ]  # fmt: skip


def test_labels_over_several_lines_belong_to_their_row_of_figures():
    labels = (
        "申请人无正当理由逾期不补正行政机关不再处理",
        "重复申请",
        "要求行政机关确认或者重新出具已获取的信息",
    )
    table = {(i, 0, 1, 1): name for i, name in enumerate(labels)} | {
        (i, j, 1, 1): str(i + j) for i in range(3) for j in (1, 2, 3)
    }
    document = read(pdf(lambda c: put_table(c, table, (100, 50, 50, 50), height=36, ruled=False) and None))
    assert rows(document) == [[name, str(i + 1), str(i + 2), str(i + 3)] for i, name in enumerate(labels)]


def test_prose_with_figures_is_no_table():
    lines = [
        "    全年主动公开信息1286条，",
        "    其中警务动态742条，",
        "    通知公告318条，",
        "    政策法规96条。",
    ]
    assert read(pdf(lambda c: put_lines(c, lines) and None)).grids == ()


@st.composite
def partitions(draw: st.DrawFn) -> tuple[int, int, Cells]:
    """A grid cut into cells at random: rows, columns, and a text for each cell."""
    height, width = draw(st.integers(2, 6)), draw(st.integers(2, 5))
    taken: set[tuple[int, int]] = set()
    made: dict[tuple[int, int, int, int], str] = {}
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            across = draw(st.integers(1, 3))
            while across > 1 and (
                column + across > width or any((row, column + i) in taken for i in range(across))
            ):
                across -= 1
            down = min(draw(st.integers(1, 3)), height - row)
            taken |= {(row + i, column + j) for i in range(down) for j in range(across)}
            made[row, column, down, across] = draw(st.sampled_from(["", "0", "12", "其他", "公开"]))
    return height, width, made


@settings(max_examples=40)
@given(partitions())
def test_any_merging_of_cells_is_read_as_it_is_ruled(partition: tuple[int, int, Cells]):
    """Every edge between two cells is drawn somewhere, so that each row and column of the grid can be seen."""
    height, width, table = partition
    starts = (
        {r for r, *_ in table} | {r + d for r, _, d, _ in table},
        {c for _, c, *_ in table} | {c + a for _, c, _, a in table},
    )
    if len(starts[0]) <= height or len(starts[1]) <= width or len(table) < 2 or not any(table.values()):
        return
    raw = pdf(
        lambda c: put_lines(c, ["二、情况"]) and put_table(c, table, (60,) * width, y=TOP + 30) and None
    )
    document = read(raw)
    (grid,) = document.grids
    assert cells(document, grid) == table
