"""The text of a PDF: what is read, in which order, and where it stands on the page."""

from itertools import pairwise

import pytest
from gongkai.extraction.document import Document
from gongkai.extraction.readers.pdf.file import read_pdf
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from .pdf_pages import (
    FONT,
    HEIGHT,
    LEFT,
    SIZE,
    TOP,
    WIDTH,
    page_of,
    pdf,
    put,
    put_lines,
    put_table,
    shown,
    stream,
    wrapped,
)

FIRST = "2022年，云岭市公安局通过门户网站主动公开政府信息1286条，其中警务动态742条、通知公告318条，均在规定的20个工作日内上网，群众看得见、听得懂、用得上。"
SECOND = "全年新收政府信息公开申请53件，上年结转3件，办结54件，按期答复率100%；结转下年度继续办理2件，没有因政府信息公开引发行政复议和行政诉讼。"


def read(raw: bytes) -> Document:
    return read_pdf(raw, "report.pdf", "0" * 64)


def report(document: Document) -> list[str]:
    return document.text[: document.report_end].strip().split("\n")


def noise(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.noise]


def test_line_breaks_inside_a_paragraph_are_joined():
    document = read(pdf(lambda c: put_lines(c, ["一、总体情况", *wrapped(FIRST), *wrapped(SECOND)]) and None))
    assert report(document) == ["一、总体情况", FIRST, SECOND]


def test_a_number_over_the_end_of_a_line_stays_one_number():
    text = "一" * 31 + "1286条" + "二" * 40
    assert [line.strip()[-2:] for line in wrapped(text)[:2]] == ["12", "二二"]
    assert report(read(pdf(lambda c: put_lines(c, wrapped(text)) and None))) == [text]


def test_full_width_blanks_begin_a_paragraph():
    lines = [line.replace("    ", "　　") for text in (FIRST, SECOND) for line in wrapped(text)]
    assert report(read(pdf(lambda c: put_lines(c, lines) and None))) == [FIRST, SECOND]


def test_paragraphs_without_indent_are_told_by_the_room_between_them():
    def draw(canvas: Canvas) -> None:
        y = put_lines(canvas, wrapped(FIRST, indent=0))
        put_lines(canvas, wrapped(SECOND, indent=0), y=y + 12)

    assert report(read(pdf(draw))) == [FIRST, SECOND]


def test_a_paragraph_goes_on_over_a_page_break():
    lines = wrapped(FIRST)
    document = read(
        pdf(
            lambda c: put_lines(c, lines[:2]) and None,
            lambda c: put_lines(c, lines[2:] + wrapped(SECOND)) and None,
        )
    )
    assert report(document) == [FIRST, SECOND]
    assert [block.page for block in document.blocks] == [1, 2]


def test_two_columns_are_read_one_after_the_other():
    text = [FIRST, SECOND] * 3

    def draw(canvas: Canvas) -> None:
        put(canvas, 200, 60, "云岭市公安局2022年政府信息公开工作年度报告", 14)
        lines = [line for paragraph in text for line in wrapped(paragraph, width=16)]
        half = len(lines) // 2
        put_lines(canvas, lines[:half], x=80)
        put_lines(canvas, lines[half:], x=80 + 16 * SIZE + 30, y=TOP + 7)

    assert report(read(pdf(draw))) == ["云岭市公安局2022年政府信息公开工作年度报告", *text]


def test_running_heads_and_page_numbers_are_noise():
    def page(number: int, lines: list[str]):
        def draw(canvas: Canvas) -> None:
            put(canvas, 200, 40, "政府信息公开工作年度报告", 9)
            put_lines(canvas, lines)
            put(canvas, 280, 800, f"— {number} —", 9)

        return draw

    lines = wrapped(FIRST)
    document = read(pdf(page(1, ["一、总体情况", *lines[:2]]), page(2, lines[2:]), page(3, wrapped(SECOND))))
    assert report(document) == ["一、总体情况", FIRST, SECOND]
    assert [text.replace(" ", "") for text in noise(document)] == [
        "政府信息公开工作年度报告", "—1—", "政府信息公开工作年度报告", "—2—", "政府信息公开工作年度报告", "—3—"
    ]  # fmt: skip


def test_a_title_that_stands_once_is_no_running_head():
    document = read(
        pdf(
            lambda c: put_lines(c, ["2022年度报告", *wrapped(FIRST)], y=60) and None,
            lambda c: put_lines(c, wrapped(SECOND), y=60) and None,
        )
    )
    assert report(document)[0] == "2022年度报告"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_displayed_turned_is_read_upright(turn: int):
    """The print runs along the sheet's side, and the page says that it is to be turned."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        if turn == 90:
            canvas.translate(WIDTH, 0)
        elif turn == 180:
            canvas.translate(WIDTH, HEIGHT)
        else:
            canvas.translate(0, HEIGHT)
        canvas.rotate(turn)
        canvas.setFont("STSong-Light", SIZE)
        for index, line in enumerate(wrapped(FIRST)):
            canvas.drawString(100 + 24 * (index == 0), 400 - 20 * index, line.strip())

    # reportlab turns the size as well
    document = read(pdf(draw, size=(WIDTH, HEIGHT) if turn == 180 else (HEIGHT, WIDTH)))
    assert report(document) == [FIRST]
    page = document.pages[0]
    assert (round(page.width), round(page.height)) == ((595, 842) if turn == 180 else (842, 595))
    first, second, third = document.boxes(0, len(FIRST))
    assert first.left > second.left == pytest.approx(third.left, abs=1)
    assert first.top < second.top < third.top


def test_print_turned_on_an_upright_page_is_read_and_its_boxes_lie_on_the_page_as_displayed():
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -WIDTH)
        for index, line in enumerate(wrapped(FIRST)):
            put(canvas, 100 + 24 * (index == 0), HEIGHT - 450 + 20 * index, line.strip())

    document = read(pdf(draw))
    assert report(document) == [FIRST]
    assert (round(document.pages[0].width), round(document.pages[0].height)) == (595, 842)
    box = document.boxes(0, 5)[0]
    assert box.bottom > document.boxes(5, 10)[0].bottom  # it is read from the bottom of the page upwards


def test_every_character_knows_where_it_is_printed():
    document = read(pdf(lambda c: put_lines(c, wrapped(FIRST)) and None))
    place = document.text.index("门户网站")
    (box,) = document.boxes(place, place + 4)
    before = stringWidth(FIRST[:place], FONT, SIZE)
    assert box.page == 1
    assert (box.left, box.top) == pytest.approx((LEFT + 2 * SIZE + before, TOP), abs=1.5)
    assert (box.right - box.left, box.bottom - box.top) == pytest.approx((4 * SIZE, SIZE), abs=1.5)
    assert len(document.boxes(0, len(document.text))) == 3


def test_bold_made_by_printing_twice_is_read_once():
    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            put(canvas, LEFT + shift, TOP, "一、总体情况")
        put(canvas, LEFT, TOP + 20, "共收到1100件")

    assert report(read(pdf(draw))) == ["一、总体情况", "共收到1100件"]


def test_ligatures_are_read_as_their_letters():
    content = stream(shown("oﬃce信箱共收ﬁve"))
    assert report(read(page_of(content))) == ["office信箱共收five"]


@pytest.mark.parametrize(
    "hidden",
    [
        shown("隐藏的文字", y=650, before="3 Tr"),
        shown("隐藏的文字", y=650, before="1 1 1 rg"),
        shown("隐藏的文字", x=-200, y=650),
        shown("隐藏的文字", y=650, size=0.5),
        b"q 0 0 10 10 re W n " + shown("隐藏的文字", y=650) + b" Q",
        shown("隐藏的文字", y=650) + b"1 1 1 rg 60 640 300 40 re f",
    ],
    ids=["invisible mode", "white", "off the page", "tiny", "clipped", "painted over"],
)
def test_hidden_text_is_left_out(hidden: bytes):
    content = b"q " + hidden + b" Q\n" + shown("看得见的文字，共有十二件。")
    assert read(page_of(stream(content))).text == "看得见的文字，共有十二件。"


def test_a_layer_switched_off_is_left_out_and_one_switched_on_is_read():
    content = (
        b"/OC /Off BDC " + shown("隐藏的图层", y=650) + b"EMC /OC /On BDC " + shown("看得见的图层", y=600) + b"EMC "
        + shown("正文共十二件。")
    )  # fmt: skip
    layers = b"/OCProperties<</OCGs[6 0 R 7 0 R]/D<</ON[7 0 R]/OFF[6 0 R]>>>>"
    group = b"<</Type/OCG/Name(layer)>>"
    raw = page_of(stream(content), catalog=layers, more=[group, group]).replace(
        b"/Resources<<", b"/Resources<</Properties<</Off 6 0 R/On 7 0 R>>"
    )
    assert report(read(raw)) == ["正文共十二件。", "看得见的图层"]


def test_white_text_on_a_dark_ground_is_read():
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0)
        canvas.rect(LEFT - 5, HEIGHT - TOP - 20, 200, 25, stroke=0, fill=1)
        canvas.setFillGray(1)
        put(canvas, LEFT, TOP, "深色底上的标题")

    assert report(read(pdf(draw))) == ["深色底上的标题"]


def test_slanted_text_such_as_a_watermark_is_noise():
    def draw(canvas: Canvas) -> None:
        put_lines(canvas, wrapped(FIRST))
        canvas.rotate(45)
        canvas.drawString(500, 100, "内部资料")

    document = read(pdf(draw))
    assert report(document) == [FIRST]
    assert noise(document) == ["内部资料"]


def test_a_frame_around_the_page_is_no_table():
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 60, WIDTH - 120, HEIGHT - 120)
        y = put_lines(canvas, [*wrapped(FIRST), "二、主动公开政府信息情况"])
        put_table(
            canvas,
            {(0, 0, 1, 1): "规章", (0, 1, 1, 1): "3", (1, 0, 1, 1): "规范性文件", (1, 1, 1, 1): "12"},
            (100, 60),
            y=y,
        )

    document = read(pdf(draw))
    assert report(document) == [FIRST, "二、主动公开政府信息情况", "规章\t3", "规范性文件\t12"]
    assert len(document.grids) == 1


def test_a_table_that_lays_out_the_page_is_read_as_its_paragraphs():
    long = (FIRST + SECOND) * 3

    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 60, 60, HEIGHT - 120)
        canvas.rect(120, 60, 430, HEIGHT - 120)
        put(canvas, 72, TOP, "正文")
        put_lines(canvas, wrapped(long), x=130)

    document = read(pdf(draw))
    assert report(document) == ["正文", long]
    assert document.grids == ()


def test_an_empty_page_between_others_does_no_harm():
    lines = wrapped(FIRST)
    document = read(
        pdf(
            lambda c: put_lines(c, lines) and None,
            lambda c: None,
            lambda c: put_lines(c, wrapped(SECOND)) and None,
        )
    )
    assert report(document) == [FIRST, SECOND]
    assert [page.number for page in document.pages] == [1, 2, 3]
    assert document.gaps == ()


def test_blocks_do_not_overlap_and_cover_the_text():
    document = read(pdf(lambda c: put_lines(c, [*wrapped(FIRST), *wrapped(SECOND)]) and None))
    assert all(a.end < b.start for a, b in pairwise(document.blocks))
    assert document.print is not None
    assert len(document.print.pages) == len(document.text)
