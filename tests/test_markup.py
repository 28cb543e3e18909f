"""The corpus's inline markup: what a person writes is what is marked, and what is wrong is said with its line."""

import pytest
from gongkai.annotations.labelled import (
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledSection,
    Reading,
)
from gongkai.annotations.links import nearest_mention
from gongkai.annotations.markup import Marks, MarkupError, parse_markup
from gongkai.annotations.markup_writer import write_markup
from gongkai.annotations.scheme import scheme
from hypothesis import given
from hypothesis import strategies as st


def only_fact(source: str) -> LabelledFact:
    (fact,) = parse_markup(source).facts
    return fact


def test_a_fact_has_its_words_and_fields():
    source = "发[微博|weibo]{1.2万余条|info_published@weibo part over wider cumulative =12000 subj:平安云岭，原创}。"
    marks = parse_markup(source)
    (fact,) = marks.facts
    assert marks.text == "发微博1.2万余条。"
    assert marks.text[fact.start : fact.end] == "1.2万余条"
    assert (fact.metric, fact.channel, fact.value, fact.unit) == ("info_published", "weibo", 12000, "条")
    assert (fact.role, fact.hedge, fact.scope, fact.period) == ("part", "over", "wider", "cumulative")
    assert fact.subject == "平安云岭，原创"
    assert marks.channels[fact.mention or 0] == LabelledChannel(channel="weibo", start=1, end=3)


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("1203条", 1203, "条"),
        ("1,203 条", 1203, "条"),
        ("１２０３条", 1203, "条"),
        ("71.5%", 0.715, "%"),
        ("860余条", 860, "条"),
        ("30多场次", 30, "场次"),
        ("12期以上", 12, "期"),
        ("约45件", 45, "件"),
        ("18", 18, None),
        ("0元", 0, "元"),
        ("2.5人次", 2.5, "人次"),
    ],
)
def test_plain_digits_need_no_value(printed: str, value: float, unit: str | None):
    fact = only_fact(f"{{{printed}|reads}}")
    assert (fact.value, fact.unit) == (value, unit)


@pytest.mark.parametrize("printed", ["1.2万条", "三场", "3个百分点", "近千条", "未收取", "12至15条"])
def test_words_that_are_not_one_plain_number_need_their_value(printed: str):
    with pytest.raises(MarkupError, match="give its value"):
        parse_markup(f"{{{printed}|reads}}")


def test_a_told_zero_has_no_measure_word():
    fact = only_fact("{未收取|processing_fee =0}")
    assert (fact.value, fact.unit) == (0, None)


def test_percentage_points_are_a_measure_word():
    fact = only_fact("{3个百分点|reads change =0.03}")
    assert (fact.value, fact.unit) == (0.03, "个百分点")


def test_one_number_may_tell_several_facts():
    marks = parse_markup("[微博|weibo]、[微信|wechat]各{136个|info_published@weibo ; info_published@wechat}")
    assert [(f.channel, f.mention, f.value) for f in marks.facts] == [("weibo", 0, 136), ("wechat", 1, 136)]


def test_uncertain_facts_carry_their_other_readings():
    fact = only_fact("{12件|reviews ?lawsuits ?reads@weibo ?none}")
    assert not fact.certain
    assert fact.alternatives == (
        Reading(metric="lawsuits"),
        Reading(metric="reads", channel="weibo"),
        Reading(not_fact=True),
    )


def test_facts_are_linked_to_the_nearest_words_or_to_those_named():
    source = "[网站|website]甲{1条|reads@website}，[官网|website]乙{2条|reads@website}{3条|reads@website#1}{4条|reads@website#0}"
    assert [fact.mention for fact in parse_markup(source).facts] == [0, 1, 0, None]


def test_statements_hold_facts_and_know_what_they_answer():
    source = "一是[[更新[网站|website]不及时|P timeliness content]]。二是[[举办培训{3期|trainings}|I done >1 training]]。"
    marks = parse_markup(source)
    assert marks.text == "一是更新网站不及时。二是举办培训3期。"
    assert marks.problems == (LabelledProblem(start=2, end=9, themes=("timeliness", "content")),)
    (measure,) = marks.improvements
    assert marks.text[measure.start : measure.end] == "举办培训3期"
    assert (measure.status, measure.addresses, measure.themes) == ("done", (0,), ("training",))
    assert marks.facts[0].metric == "trainings"


def test_sections_end_before_the_next_that_is_not_theirs():
    source = "<preamble>题\n\n<overview>一、总\n<overview.disclosure>（一）公开。\n<overview.other>（二）其他。\n<problems>五、问题"
    marks = parse_markup(source)
    words = {s.label: marks.text[s.start : s.end] for s in marks.sections}
    assert words == {
        "preamble": "题",
        "overview": "一、总\n（一）公开。\n（二）其他。",
        "overview.disclosure": "（一）公开。",
        "overview.other": "（二）其他。",
        "problems": "五、问题",
    }


def test_marks_of_the_markup_can_be_printed():
    assert parse_markup(r"a\{b\}\[1\]\<p\>c\\d|e").text == r"a{b}[1]<p>c\d|e".replace("\\>", ">")


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        ("甲\n乙{3条|reads", "no '}'", 2),
        ("{3条", "never closed", 1),
        ("甲}", "closes nothing", 1),
        ("{3条|readings}", "'readings' is no metric", 1),
        ("\n\n{3条|reads@weibo2}", "no channel", 3),
        ("[微博|Weibo]", "no channel", 1),
        ("{3条|reads partly}", "'partly'", 1),
        ("{3条|reads part total}", "two values for role", 1),
        ("{3条|reads subj:某栏 ?none}", "subj: comes last", 1),
        ("{3条|reads =drei}", "no number", 1),
        ("{ 3条|reads}", "blanks at its edge", 1),
        ("{[微博|weibo]3条|reads}", "inside '{'", 1),
        ("[[不及时|timeliness]]", "labelled P or I", 1),
        ("[[不及时|P late]]", "no theme", 1),
        ("[[不及时|P]]", "without a theme", 1),
        ("[[加强|I >2 training]]", "not there", 1),
        ("<overvew>", "opens no section", 1),
        ("{3条|reads@weibo#1}", "not of that channel", 1),
    ],
)
def test_what_is_wrong_is_said_with_its_line(source: str, message: str, line: int):
    with pytest.raises(MarkupError, match=message.replace("{", r"\{")) as caught:
        parse_markup(source)
    assert caught.value.line == line


PLAIN = st.text("甲乙，。\n|{}[]<\\ 3𠮷", min_size=1, max_size=6)
WORDS = st.text("网站微博号𠮷{[|", min_size=1, max_size=4)
KNOWN = scheme()


@st.composite
def facts(draw: st.DrawFn, start: int, printed: str) -> LabelledFact:
    """A fact without its mention."""
    value = draw(st.integers(-(10**9), 10**9) | st.floats(-1, 1, allow_nan=False))
    fields = {
        "hedge": draw(st.sampled_from(("exact", "about", "over", "under"))),
        "role": draw(st.sampled_from(("total", "part", "share", "change", "prior"))),
        "period": draw(st.sampled_from(("year", "cumulative", "snapshot", "average", "quarter", "other"))),
        "scope": draw(st.sampled_from(("own", "wider", "unit", "unclear"))),
        "unit": draw(st.sampled_from((None, "条", "件", "%"))),
        "subject": draw(st.sampled_from((None, "平安某地 原创", "一，二"))),
        "certain": draw(st.booleans()),
    }
    if not fields["certain"]:
        fields["alternatives"] = draw(
            st.sampled_from(((), (Reading(not_fact=True),), (Reading(metric="reads", channel="weibo"),)))
        )
    return LabelledFact(
        start=start,
        end=start + len(printed),
        metric=draw(st.sampled_from(tuple(KNOWN.metrics))),
        channel=draw(st.sampled_from((None, "website", "weibo"))),
        value=value,
        **fields,
    )


@st.composite
def random_marks(draw: st.DrawFn) -> Marks:
    """A text with facts, channels and statements one after the other, some of them inside statements."""
    text = ""
    loose: list[LabelledFact] = []
    channels: list[LabelledChannel] = []
    problems: list[LabelledProblem] = []
    improvements: list[LabelledImprovement] = []
    for _ in range(draw(st.integers(0, 4))):
        text += draw(PLAIN)
        begin = len(text)
        for _ in range(draw(st.integers(0, 3))):
            text += draw(st.sampled_from(("", "共")))
            if draw(st.booleans()):
                printed = draw(st.sampled_from(("12条", "3.5万余次", "未收取", "71%", "𠮷三件")))
                loose += [draw(facts(len(text), printed)) for _ in range(draw(st.integers(1, 2)))]
                text += printed
            else:
                word = draw(WORDS)
                code = draw(st.sampled_from(("website", "weibo", "multiple")))
                channels.append(LabelledChannel(channel=code, start=len(text), end=len(text) + len(word)))
                text += word
        if len(text) > begin and draw(st.booleans()):
            themes = tuple(draw(st.lists(st.sampled_from(KNOWN.themes), min_size=1, max_size=2, unique=True)))
            if draw(st.booleans()):
                problems.append(LabelledProblem(start=begin, end=len(text), themes=themes))
            else:
                addresses = tuple(range(draw(st.integers(0, len(problems)))))
                status = draw(st.sampled_from(("planned", "done")))
                improvements.append(
                    LabelledImprovement(
                        start=begin, end=len(text), themes=themes, status=status, addresses=addresses
                    )
                )
    linked = tuple(
        f.model_copy(update={"mention": nearest_mention(f.start, f.end, f.channel, channels)}) for f in loose
    )
    return Marks(text, (), tuple(channels), linked, tuple(problems), tuple(improvements))


@given(random_marks())
def test_written_marks_read_back_the_same(marks: Marks):
    assert parse_markup(write_markup(marks)) == marks


def test_sections_are_written_too():
    marks = Marks(
        "一、总体情况\n（一）公开",
        (
            LabelledSection(label="overview", start=0, end=12),
            LabelledSection(label="overview.disclosure", start=7, end=12),
        ),
    )
    assert write_markup(marks) == "<overview>一、总体情况\n<overview.disclosure>（一）公开"


def test_marks_that_cross_cannot_be_written():
    marks = Marks(
        "甲乙丙丁",
        problems=(LabelledProblem(start=0, end=3, themes=("other",)),),
        channels=(LabelledChannel(channel="weibo", start=2, end=4),),
    )
    with pytest.raises(ValueError, match="cross"):
        write_markup(marks)
