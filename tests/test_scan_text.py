"""Lines of a page put together to paragraphs as the typesetter meant them."""

from gongkai.extraction.readers.scan.recognition import Sign
from gongkai.extraction.readers.scan.text import TextLine, is_noise, margins_of, paragraphs

EM, LEFT, RIGHT = 40, 200, 1400


def line(text: str, y: int, left: int = LEFT, em: int = EM, certainty: float = 0.99) -> TextLine:
    signs = tuple(Sign(char, certainty, 0.0, 1.0) for char in text)
    right = left + em * len(text)
    places = tuple((left + em * i, y, left + em * (i + 1), y + em) for i in range(len(text)))
    return TextLine(signs, places, (left, y, right, y + em))


def told(*lines: TextLine) -> list[str]:
    margins = margins_of(lines, [])
    return ["".join(one.text for one in paragraph) for paragraph in paragraphs(lines, margins)]


FULL = "一二三四五六七八九十" * 3  # from margin to margin


def test_full_lines_go_on_and_an_indent_begins_a_paragraph():
    indented = FULL[2:]
    lines = [line(indented, 0, LEFT + 80), line(FULL, 60), line("完。", 120), line(indented, 180, LEFT + 80)]
    assert told(*lines) == [indented + FULL + "完。", indented]


def test_a_short_line_ends_its_paragraph_where_nothing_is_indented():
    lines = [line(FULL, 0), line(FULL[:12] + "。", 60), line(FULL, 120), line(FULL[:20], 180)]
    assert told(*lines) == [FULL + FULL[:12] + "。", FULL + FULL[:20]]


def test_a_full_line_before_an_ordinal_ends_its_paragraph_when_its_sentence_does():
    lines = [line(FULL[:-1] + "。", 0), line("（二）" + FULL[3:], 60), line(FULL, 120)]
    assert told(*lines) == [FULL[:-1] + "。", "（二）" + FULL[3:] + FULL]


def test_a_title_of_two_centred_lines_is_one():
    first, second = "沧宁市望川区人民政府2020年工作年度", "报告"
    middle = (LEFT + RIGHT) // 2
    lines = [
        line(first, 0, middle - 56 * len(first) // 2, 56),
        line(second, 90, middle - 56 * len(second) // 2, 56),
        *(line(FULL, 200 + 60 * n) for n in range(4)),
    ]
    assert told(*lines) == [first + second, FULL * 4]


def test_page_numbers_in_the_margin_and_stains_are_noise():
    height = 2000
    assert all(is_noise(line(text, 1900), height) for text in ("- 3 -", "—12—", "第3页共9页", "7"))
    assert not is_noise(line("7", 900), height)
    assert not is_noise(line("附件", 1900), height)
    assert is_noise(line("丿乂", 900, certainty=0.3), height)
