"""From predicted spans to facts: what the baselines read of a text, and which channel a figure is given."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from gongkai.annotations.labelled import LabelledChannel, LabelledSection, LabelledText
from gongkai.eval.baselines.assemble import assemble, linked
from gongkai.eval.baselines.channel_dictionary import ChannelFinder, learn_channel_words
from gongkai.eval.baselines.habits import Habits, learn_habits
from gongkai.eval.baselines.links import Reach, linked_mention
from gongkai.eval.baselines.marks import Mark, labelled_chunks, labelled_marks, marks_f1, shifted
from gongkai.eval.baselines.narrative import LONGEST_CHUNK, read_narrative
from hypothesis import given
from hypothesis import strategies as st

from .marked_texts import marked_text

NO_HABITS = Habits(fields={}, reach={}, sums={})


def reread(text: LabelledText, habits: Habits = NO_HABITS) -> LabelledText:
    """The text as assembled from its own marks, spans and codes only."""
    return assemble(text, [linked(s, labelled_marks(text, s), habits) for s in read_narrative(text)], habits)


def channels_of(markup: str, habits: Habits = NO_HABITS) -> list[str | None]:
    return [fact.channel for fact in reread(marked_text(markup), habits).facts]


def tell(*spans: tuple[int, int, str], text: str, habits: Habits = NO_HABITS) -> LabelledText:
    whole = LabelledText(id="t", text=text)
    (stretch,) = read_narrative(whole)
    return assemble(whole, [linked(stretch, [Mark(*span) for span in spans], habits)], habits)


def test_the_last_mention_before_a_figure_in_its_sentence_names_its_channel():
    markup = "[网站|website]发布{12条|reads}，[微博|weibo]发布{9条|reads}、阅读{8万次|reads =80000}。"
    assert channels_of(markup) == ["website", "weibo", "weibo"]


def test_a_mention_in_a_bracket_right_behind_names_it_where_none_stands_before():
    assert channels_of("发布{12条|reads}（[微博|weibo]）。") == ["weibo"]
    assert channels_of("发布{12条|reads}，另有[微博|weibo]。") == [None]


def test_the_sentence_before_counts_for_metrics_that_reach_so_far():
    markup = "设[网站|website]。发布{12条|reads}。\n无关。开会{3次|reads}。"
    far = Habits(fields={}, reach={"reads": "sentence before"}, sums={})
    assert channels_of(markup) == [None, None]
    assert channels_of(markup, far) == ["website", None]


def test_metrics_without_channels_take_none():
    none = Habits(fields={}, reach={"reads": "none"}, sums={})
    assert channels_of("[网站|website]发布{12条|reads}。", none) == [None]


@pytest.mark.parametrize(("reach", "expected"), [("none", None), ("sentence", None), ("sentence before", 0)])
def test_reach_decides_how_far_a_figure_looks(reach: Reach, expected: int | None):
    mentions = [LabelledChannel(channel="website", start=0, end=2)]
    assert linked_mention("网站。12条。", (3, 6), mentions, [(0, 3), (3, 7)], reach) == expected


def test_each_of_several_listed_channels_gets_its_fact():
    text = reread(marked_text("[抖音|douyin]、[快手|kuaishou]各发布{96部|plays}。"))
    assert [(f.channel, f.value, f.mention) for f in text.facts] == [("douyin", 96, 0), ("kuaishou", 96, 1)]


def test_one_figure_over_listed_channels_has_the_channel_that_training_texts_give_such_lists():
    markup = "在[抖音|douyin]和[快手|kuaishou]发布{96部|plays@short_video}。"
    habits = learn_habits([marked_text(markup), marked_text(markup)])
    assert habits.sums == {"douyin+kuaishou": "short_video"}
    assert channels_of(markup, habits) == ["short_video"]
    assert channels_of(markup) == ["kuaishou"]


def test_habits_are_the_most_frequent_values_of_each_metric():
    texts = [
        marked_text("[微博|weibo]{12条|reads@weibo part}，{5条|reads@weibo part}，{6条|reads}。"),
        marked_text("[网站|website]设{3场|meetings cumulative}。"),
    ]
    habits = learn_habits(texts)
    assert habits.fields == {"reads": ("part", "year", "own"), "meetings": ("total", "cumulative", "own")}
    assert habits.reach == {"reads": "sentence", "meetings": "none"}


def test_a_span_takes_value_unit_and_hedge_of_the_number_it_shares_most_with():
    text = "发布约1.2万条，阅读30余次。"
    (fact,) = tell((3, 12, "reads"), text=text).facts
    assert (fact.start, fact.end, text[fact.start : fact.end]) == (2, 8, "约1.2万条")
    assert (fact.value, fact.unit, fact.hedge) == (12000, "条", "about")


def test_a_span_without_a_number_is_dropped_and_the_same_one_counts_once():
    assert tell((0, 2, "reads"), text="发布12条。").facts == ()
    assert len(tell((2, 4, "reads"), (2, 5, "reads"), text="发布12条。").facts) == 1


def test_several_metrics_of_one_span_are_several_facts():
    facts = tell((0, 3, "lawsuits+reviews"), text="未发生复议诉讼。").facts
    assert [(fact.metric, fact.value) for fact in facts] == [("lawsuits", 0), ("reviews", 0)]


def test_a_fall_is_negative():
    assert [f.value for f in tell((4, 7, "reads"), text="同比下降12%。").facts] == [-0.12]
    assert [f.value for f in tell((4, 7, "reads"), text="同比增长12%。").facts] == [0.12]


def test_offsets_are_those_of_the_text_as_printed():
    whole = marked_text("发 布　{１ ２　条|reads =12}：\r\n[微　博|weibo]{９条|plays}。")
    found = reread(whole)
    assert [(f.start, f.end, f.value) for f in found.facts] == [
        (f.start, f.end, f.value) for f in whole.facts
    ]
    assert [(c.start, c.end) for c in found.channels] == [(c.start, c.end) for c in whole.channels]


def test_a_section_is_read_without_its_subsections_and_tables_are_left_out():
    text = marked_text(
        "<overview>总况{1条|reads}。\n<overview.other>细目{2条|reads}。\n<disclosure_table>表3条。\n<noise>4条。"
    )
    stretches = read_narrative(text)
    assert [(s.label, s.normal.text.strip()) for s in stretches] == [
        ("overview", "总况1条。"),
        ("overview.other", "细目2条。"),
    ]


@given(st.text(alphabet="发布信息12,，。；、\n 条", max_size=900))
def test_chunks_are_short_and_leave_out_nothing(text: str):
    for stretch in read_narrative(LabelledText(id="t", text=text)):
        chunks = list(stretch.chunks)
        assert all(0 < end - start <= LONGEST_CHUNK for start, end in chunks)
        covered = {at for start, end in chunks for at in range(start, end)}
        assert all(at in covered or c.isspace() for at, c in enumerate(stretch.normal.text))
        assert all(a[1] <= b[0] for a, b in pairwise(chunks))


def test_chunks_carry_the_marks_of_their_stretch():
    filler = "这里什么也没有说。" * 25
    text = marked_text(f"[微博|weibo]{{12条|reads ; plays}}。{filler}[网站|website]{{9条|reads}}。{filler}")
    flat = labelled_chunks([text])
    assert len(flat) > 1
    words = [(chunk.text[m.start : m.end], m.label) for chunk in flat for m in chunk.marks]
    assert words == [
        ("微博", "channel:weibo"),
        ("12条", "plays+reads"),
        ("网站", "channel:website"),
        ("9条", "reads"),
    ]
    (stretch,) = read_narrative(text)
    apart = [mark.label for mark in labelled_marks(text, stretch) if mark.metrics]
    assert apart == ["plays", "reads", "reads"]


def marks(*spans: tuple[int, int, str]) -> Sequence[Mark]:
    return [Mark(*span) for span in spans]


def test_the_watched_score_counts_exact_spans_with_their_labels():
    gold = [marks((0, 2, "reads"), (4, 6, "plays")), marks((1, 3, "reads"))]
    found = [marks((0, 2, "reads"), (4, 6, "reads")), marks()]
    assert marks_f1(gold, found) == pytest.approx(2 * 1 / (2 + 3))
    assert marks_f1(gold, [[shifted(m, 1) for m in one] for one in gold]) == 0


def test_words_that_mostly_name_no_channel_are_left_out_of_the_dictionary():
    texts = [
        marked_text("[网络|online]申请。网络安全，网络宣传。"),
        marked_text("[政务微博|weibo]与[微博|weibo]。"),
    ]
    words = learn_channel_words(texts)
    assert words == {"政务微博": "weibo", "微博": "weibo"}
    found = ChannelFinder(words).find("政务微博和微博")
    assert [(m.start, m.end) for m in found] == [(0, 4), (5, 7)]
    assert ChannelFinder({}).find("微博") == []


def test_uncertain_marks_and_problems_do_not_disturb_what_is_read():
    sections = (LabelledSection(label="problems", start=0, end=9),)
    text = marked_text("[[只发{3条|reads ?none}|P quantity]]。").model_copy(update={"sections": sections})
    assert [fact.value for fact in reread(text).facts] == [3]
