"""Normalised text: one form for every way of writing, and the way back to the source."""

import pytest
from gongkai.extraction.normalise import normalise
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("２０２３年公开信息１２３条", "2023年公开信息123条"),
        ("公开信息 12 条，共 3 场。", "公开信息12条,共3场。"),
        ("⼯作⼈员⻓期公开", "工作人员长期公开"),  # Kangxi and supplementary radicals
        ("㈠主动公开", "(一)主动公开"),
        ("⒈公开", "1.公开"),
        ("政府資訊公開", "政府资讯公开"),
        ("〔2021〕30号，【公告】﹝2﹞", "[2021]30号,[公告][2]"),
        ("“平安青屏”「微博」", '"平安青屏""微博"'),
        ("登录 VR 展馆 open day 活动", "登录VR展馆open day活动"),
        ("公开\u200b信息\ufeff五\u00ad条", "公开信息五条"),
        ("公开[bookmark: _GoBack]信息", "公开信息"),
        ("增长５％", "增长5%"),
    ],
)
def test_ways_of_writing(printed: str, plain: str):
    assert normalise(printed).text == plain


def test_a_line_break_inside_a_paragraph_is_joined_and_one_between_paragraphs_kept():
    text = (
        "全年通过门户网站和政务新媒体公开各类信息五百\n余条，召开发布会。\n二、主动公开\n下一段从这里开始。\n"
    )
    assert normalise(text).text == (
        "全年通过门户网站和政务新媒体公开各类信息五百余条,召开发布会。\n二、主动公开\n下一段从这里开始。"
    )


def test_a_paragraph_goes_on_after_a_page_break():
    text = "及时向社会公众解答各类热点问题并发布相关信\n\n息。下一句。"
    assert normalise(text).text == "及时向社会公众解答各类热点问题并发布相关信息。下一句。"


def test_table_lines_are_never_joined():
    assert (
        normalise("一、本年新收政府信息公开申请数量\t3\n二、上年结转政府信息公开申请数量\t0").text.count("\n")
        == 1
    )


def test_spans_lead_back_to_the_source():
    source = "　　全年公开信息 １２ 余\n条。"
    plain = normalise(source)
    start = plain.text.index("12余")
    assert source[slice(*plain.source_span(start, start + 3))] == "１２ 余"


def test_a_stretch_of_a_text_keeps_the_offsets_of_the_whole():
    source = "甲乙丙　丁戊"
    plain = normalise(source, 2, 5)
    assert plain.text == "丙丁"
    assert plain.source_span(0, 2) == (2, 5)


@given(st.text(alphabet=st.sampled_from("政府资訊公开一二（）１2 \n\r\t　，。、“㈠⼯𠮷😀%.-")))
def test_every_character_stands_for_the_one_at_its_offset(source: str):
    plain = normalise(source)
    spans = [plain.source_span(i, i + 1) for i in range(len(plain.text))]
    assert spans == sorted(spans)
    for index, (start, end) in enumerate(spans):
        assert 0 <= start < end <= len(source)
        if not plain.text[index].isspace():
            assert plain.text[index] in normalise(source[start:end]).text
        assert plain.index_at(start) <= index < max(plain.index_at(end), index + 1)
    assert plain.index_at(len(source)) == len(plain.text)


@given(
    st.text(alphabet=st.sampled_from("政府一二（）１2 \n　，。、“㈠⼯")),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_a_part_of_a_normalised_text_leads_back_to_the_same_places(source: str, start: int, end: int):
    whole = normalise(source)
    part = whole.stretch(start, end)
    first = whole.index_at(start)
    assert part.text == whole.text[first : first + len(part.text)]
    for index in range(len(part.text)):
        assert part.source_span(index, index + 1) == whole.source_span(first + index, first + index + 1)
        assert start <= part.source_start(index) < end


@given(st.text(alphabet=st.sampled_from("政府公开一二(),。12%")))
def test_plain_text_stays_as_it_is(source: str):
    assert normalise(source).text == source
