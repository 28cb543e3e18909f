"""What page breaks cut is joined: tables on the columns of both halves, sentences, and lines that pages repeat."""

from gongkai.extraction.readers.assemble import Paragraph, Part, Table, TableCell, assemble
from gongkai.extraction.readers.scan.pages import join_pages


def table(rows: list[list[str]], edges: list[float], page: int) -> Table:
    cells = [TableCell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row)]
    return Table(cells, page, edges)


def texts(parts: list[Part]) -> list[str]:
    return assemble(parts).text.split("\n")


def test_the_lower_half_of_a_table_goes_on_with_the_upper_ones_columns_though_the_paper_slipped():
    upper = table([["一、新收", "1", "2"], ["二、结转", "3", "4"]], [50, 150, 200, 250], 1)
    lower = Table(
        [TableCell(0, 0, "四、下年度", column_span=1), TableCell(0, 1, "7", column_span=1)], 2, [61, 162, 262]
    )
    (joined,) = join_pages([[upper], [lower]])
    assert isinstance(joined, Table)
    placed = {cell.text: (cell.row, cell.column, cell.column_span) for cell in joined.cells}
    assert placed["四、下年度"] == (2, 0, 1)
    assert placed["7"] == (2, 1, 2)


def test_tables_of_other_widths_stay_apart():
    first, second = table([["甲", "1"]], [50, 150, 250], 1), table([["乙", "2"]], [50, 150, 450], 2)
    assert join_pages([[first], [second]]) == [first, second]


def test_a_table_behind_a_heading_of_the_next_page_stays_apart():
    first, second = table([["甲", "1"]], [50, 150, 250], 1), table([["乙", "2"]], [50, 150, 250], 2)
    heading = Paragraph("四、行政复议、行政诉讼情况", 2)
    assert join_pages([[first], [heading, second]]) == [first, heading, second]


def test_a_sentence_cut_by_a_page_break_is_one_again():
    pages = [[Paragraph("全年通过门户网站公开信息12", 1)], [Paragraph("68条，较上年增长。", 2)]]
    assert texts(join_pages(pages)) == ["全年通过门户网站公开信息12", "68条，较上年增长。"]
    pages = [[Paragraph("全年通过门户网站，公开信息12", 1)], [Paragraph("68条，较上年增长。", 2)]]
    assert texts(join_pages(pages)) == ["全年通过门户网站，公开信息1268条，较上年增长。"]


def test_headings_and_finished_sentences_are_not_joined():
    pages = [
        [Paragraph("二、主动公开政府信息情况", 1)],
        [Paragraph("本年度，公开信息12条。", 2)],
        [Paragraph("（二）依申请公开", 3)],
    ]
    assert len(join_pages(pages)) == 3


def test_a_running_head_is_noise_but_for_the_first_time():
    head = "云岭市公安局2022年政府信息公开工作年度报告"
    bodies = ["开头，一段。", "中间，一段。", "结尾，一段。"]
    joined = join_pages([[Paragraph(head, n), Paragraph(body, n)] for n, body in enumerate(bodies, 1)])
    told = [part for part in joined if isinstance(part, Paragraph) and not part.noise]
    assert [part.text for part in told] == [head, *bodies]
    assert sum(isinstance(part, Paragraph) and part.noise for part in joined) == 2
