"""Automatic numbers of lists and headings."""

import pytest
from gongkai.extraction.readers.numerals import numeral
from gongkai.extraction.readers.word.docx import read_docx
from hypothesis import given
from hypothesis import strategies as st

from .word_documents import docx, level, numbered, numbering, paragraph, run

_OFFICIAL = (
    level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
)


def _lines(
    body: str, definitions: str = _OFFICIAL, nums: dict[int, tuple[int, str]] | None = None, styles: str = ""
) -> list[str]:
    told = numbering({1: definitions}, nums or {1: (1, "")})
    return read_docx(docx(body, numbering=told, styles=styles), "report.docx", "0" * 64).text.split("\n")


def _override(index: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{index}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def test_headings_of_an_official_document_get_their_numbers() -> None:
    body = (
        numbered(1, 0, "总体情况") + numbered(1, 1, "主动公开") + numbered(1, 1, "依申请公开") + paragraph("正文")
        + numbered(1, 2, "属于国家秘密") + numbered(1, 0, "公开情况") + numbered(1, 1, "规章")
    )  # fmt: skip
    assert _lines(body) == [
        "一、总体情况", "（一）主动公开", "（二）依申请公开", "正文", "1. 属于国家秘密", "二、公开情况", "（一）规章",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "third", "twelfth"),
    [
        ("decimal", "3", "12"), ("decimalZero", "03", "12"), ("decimalFullWidth", "３", "１２"),
        ("chineseCounting", "三", "十二"), ("chineseCountingThousand", "三", "十二"), ("ideographDigital", "三", "一二"),
        ("japaneseCounting", "三", "十二"), ("taiwaneseCountingThousand", "三", "十二"),
        ("chineseLegalSimplified", "叁", "壹拾贰"), ("decimalEnclosedCircle", "③", "⑫"),
        ("decimalEnclosedCircleChinese", "③", "⑫"), ("decimalEnclosedParen", "⑶", "⑿"),
        ("decimalEnclosedFullstop", "⒊", "⒓"), ("lowerLetter", "c", "l"), ("upperLetter", "C", "L"),
        ("lowerRoman", "iii", "xii"), ("upperRoman", "III", "XII"), ("ideographTraditional", "丙", "乙"),
        ("ideographZodiac", "寅", "亥"), ("ordinal", "3rd", "12th"), ("numberInDash", "- 3 -", "- 12 -"),
        ("aFormatOfTheFuture", "3", "12"), ("none", "", ""),
    ],
)  # fmt: skip
def test_numbers_are_written_in_the_format_of_their_level(form: str, third: str, twelfth: str) -> None:
    lines = _lines("".join(numbered(1, 0, "甲") for _ in range(12)), level(0, form, "%1、"))
    assert (lines[2], lines[11]) == (f"{third}、甲", f"{twelfth}、甲")


@given(st.integers(1, 3999))
def test_roman_numerals_are_worth_their_number(value: int) -> None:
    worth = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    told = [worth[letter] for letter in numeral(value, "lowerRoman")]
    assert sum(-one if one < max(told[i:]) else one for i, one in enumerate(told)) == value


def test_letters_go_on_after_z_as_word_counts() -> None:
    assert [numeral(value, "lowerLetter") for value in (26, 27, 28, 53)] == ["z", "aa", "bb", "aaa"]


@pytest.mark.parametrize("form", ["decimalEnclosedCircle", "lowerRoman", "chineseCounting", "lowerLetter"])
def test_a_number_that_a_format_has_no_sign_for_is_printed_in_digits(form: str) -> None:
    assert numeral(100_000, form) == "100000"


def test_several_levels_in_one_label() -> None:
    levels = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2")
    body = (
        numbered(1, 0, "甲")
        + numbered(1, 1, "乙")
        + numbered(1, 1, "丙")
        + numbered(1, 0, "丁")
        + numbered(1, 1, "戊")
    )
    assert _lines(body, levels) == ["1 甲", "1.1 乙", "1.2 丙", "2 丁", "2.1 戊"]


def test_a_legal_level_prints_the_numbers_above_it_in_digits() -> None:
    levels = level(0, "chineseCounting", "%1、") + level(1, "decimal", "%1.%2", "<w:isLgl/>")
    assert _lines(numbered(1, 0, "甲") + numbered(1, 1, "乙"), levels) == ["一、甲", "1.1 乙"]


def test_a_level_may_start_later_and_may_go_on_counting() -> None:
    levels = level(0, "decimal", "%1.", start=5) + level(1, "decimal", "（%2）", '<w:lvlRestart w:val="0"/>')
    body = numbered(1, 0, "甲") + numbered(1, 1, "乙") + numbered(1, 0, "丙") + numbered(1, 1, "丁")
    assert _lines(body, levels) == ["5. 甲", "（1）乙", "6. 丙", "（2）丁"]


def test_lists_of_one_definition_go_on_and_an_override_begins_anew_once() -> None:
    body = (
        numbered(1, 0, "甲")
        + numbered(2, 0, "乙")
        + numbered(3, 0, "丙")
        + numbered(3, 0, "丁")
        + numbered(1, 0, "戊")
    )
    assert _lines(body, nums={1: (1, ""), 2: (1, ""), 3: (1, _override(0, 1))}) == [
        "一、甲", "二、乙", "一、丙", "二、丁", "三、戊",
    ]  # fmt: skip


def test_a_list_may_replace_a_level_of_its_definition() -> None:
    replaced = level(0, "decimal", "第%1条", '<w:suff w:val="space"/>')
    other = f'<w:lvlOverride w:ilvl="0">{replaced}</w:lvlOverride>'
    assert _lines(numbered(2, 0, "甲"), nums={2: (1, other)}) == ["第1条 甲"]


def test_styles_number_their_paragraphs() -> None:
    levels = level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>') + level(
        1, "chineseCounting", "（%2）", '<w:pStyle w:val="H2"/>'
    )
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:basedOn w:val="{base}"/>{form}</w:style>'
        for name, base, form in (
            ("H1", "", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'),
            ("H2", "", '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>'),
            ("H3", "H2", ""),
        )
    )
    body = "".join(
        paragraph(text, form=f'<w:pStyle w:val="{style}"/>')
        for style, text in (("H1", "甲"), ("H2", "乙"), ("H3", "丙"))
    )
    body += paragraph("丁", form='<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert _lines(body, levels, styles=styles) == ["一、甲", "（一）乙", "（二）丙", "丁"]


def test_a_definition_may_lie_in_a_list_style() -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="L"><w:name w:val="l"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        "</w:style>"
    )
    told = numbering({1: _OFFICIAL, 2: '<w:numStyleLink w:val="L"/>'}, {1: (1, ""), 2: (2, "")})
    document = read_docx(docx(numbered(2, 0, "甲"), numbering=told, styles=styles), "report.docx", "0" * 64)
    assert document.text == "一、甲"


@pytest.mark.parametrize(("sign", "told"), [("\uf0b7", "•"), ("l", "•"), ("Ø", "•"), ("●", "●"), ("—", "—")])
def test_bullets_from_fonts_of_symbols_become_a_bullet(sign: str, told: str) -> None:
    assert _lines(numbered(1, 0, "甲"), level(0, "bullet", sign)) == [f"{told} 甲"]


def test_bullets_and_hidden_numbers() -> None:
    levels = level(0, "bullet", "\uf0b7") + level(1, "decimal", "%2.", "<w:rPr><w:vanish/></w:rPr>")
    assert _lines(numbered(1, 0, "甲") + numbered(1, 1, "乙"), levels) == ["• 甲", "乙"]


def test_deleted_paragraphs_do_not_count_and_empty_ones_do() -> None:
    tracked = 'w:id="1" w:author="甲" w:date="2023-01-01T00:00:00Z"'
    gone = (
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del {tracked}/></w:rPr></w:pPr>'
        f"<w:del {tracked}><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    )
    assert _lines(numbered(1, 0, "甲") + gone + numbered(1, 0, "乙") + numbered(1, 0) + numbered(1, 0, "丙")) == [
        "一、甲", "二、乙", "三、", "四、丙",
    ]  # fmt: skip


def test_the_number_stands_before_the_first_line_of_a_broken_paragraph() -> None:
    assert _lines(numbered(1, 0, "<w:r><w:br/></w:r>", run("　甲"), "<w:r><w:br/></w:r>", run("乙"))) == [
        "一、甲",
        "乙",
    ]


def test_numbers_without_a_definition_are_no_error() -> None:
    assert _lines(numbered(7, 0, "甲") + numbered(1, 8, "乙")) == ["甲", "乙"]
