"""Where paragraphs of a PDF begin and end: counts in the middle of a sentence are not the beginning of one."""

from gongkai.extraction.readers.pdf.file import read_pdf
from reportlab.pdfgen.canvas import Canvas

from .pdf_pages import LEFT, PITCH, SIZE, TOP, pdf, put, put_lines, wrapped

HEAD = "公开形式有：1.门户网站发布信息一千三百七十六条，点击八十一万次；"
REST = "2.发送安全提醒短信两万六千条；3.办理热线咨询九千二百八十件；4.开通微博，粉丝一万九千人。"
COUNTED = HEAD + REST
OTHERS = (
    "全年召开信息公开工作会议三次，举办业务培训班两期，培训一百三十余人次。",
    "先后修订信息发布审核、保密审查、责任追究等制度，凡未经审查的信息不得对外发布。",
    "由办公室会同有关科室不定期抽查各科室信息报送情况，抽查结果在例会上通报。",
)


def paragraphs(raw: bytes) -> list[str]:
    document = read_pdf(raw, "report.pdf", "0" * 64)
    return document.text[: document.report_end].strip().split("\n")


def full_lines(text: str) -> list[str]:
    """Lines as wide as ``HEAD``, which is one if the text begins with it."""
    width = len(HEAD) - 1
    if text.startswith(HEAD):
        return [HEAD, *wrapped(text[len(HEAD) :], width, indent=0)]
    return wrapped(text, width, indent=0)


def test_a_count_that_begins_a_line_begins_no_paragraph_where_room_parts_paragraphs():
    def draw(canvas: Canvas) -> None:
        y = TOP
        for text in (*OTHERS, COUNTED):
            y = put_lines(canvas, full_lines(text), x=60, y=y) + 12

    assert paragraphs(pdf(draw)) == [*OTHERS, COUNTED]


def test_items_on_lines_of_their_own_stay_apart_where_no_room_parts_paragraphs():
    items = ["工作有：", "1.发布信息。", "2.办理申请。", "3.答复咨询。"]
    lines = [line for text in OTHERS for line in full_lines(text)]
    assert paragraphs(pdf(lambda c: put_lines(c, [*items, *lines], x=60) and None)) == [*items, *OTHERS]


def test_a_count_goes_on_over_a_page_break():
    """Nothing but the item before it tells that the sentence goes on."""
    lines = full_lines(COUNTED)

    def first(canvas: Canvas) -> None:
        y = TOP
        for text in OTHERS:
            y = put_lines(canvas, full_lines(text), x=60, y=y) + 12
        put_lines(canvas, lines[:1], x=60, y=y)

    document = paragraphs(pdf(first, lambda c: put_lines(c, lines[1:], x=60) and None))
    assert document == [*OTHERS, COUNTED]


def test_a_count_in_brackets_is_no_heading_where_the_paragraph_tells_the_one_before_it():
    head = "　　仍存在以下不足：（一）信息更新不够及时，个别科室活动结束后才报送；"
    rest = "（二）公开形式不够生动；（三）基层的信息公开缺乏统一标准。"
    indented = ["　　" + line for line in OTHERS]

    def draw(canvas: Canvas) -> None:
        y = TOP
        for text in indented:
            y = put_lines(canvas, wrapped(text, width=len(head), indent=0), x=60, y=y)
        put(canvas, 60, y, head)
        put(canvas, 60, y + PITCH, rest)
        put(canvas, 60, y + 2 * PITCH, "（一）主动公开。")

    assert LEFT > SIZE
    assert paragraphs(pdf(draw)) == [*OTHERS, (head + rest).strip(), "（一）主动公开。"]
