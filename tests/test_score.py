"""The evaluation's scores, against cases computed by hand; whatever the order of what is scored."""

import random

import pytest
from gongkai.annotations.labelled import (
    LabelledCell,
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledReport,
    LabelledSection,
    LabelledText,
)
from gongkai.annotations.matching import Score
from gongkai.eval.calibration import expected_calibration_error, reliability
from gongkai.eval.entities import entity_report, iob2
from gongkai.eval.score import MAIN, Accuracy, score_text, score_texts, total
from gongkai.eval.significance import compare, f1_interval
from hypothesis import given
from hypothesis import strategies as st


def fact(
    start: int, metric: str = "reads", channel: str | None = "weibo", value: float = 5, **more: object
) -> LabelledFact:
    return LabelledFact.model_validate(
        {
            "start": start,
            "end": start + 3,
            "metric": metric,
            "channel": channel,
            "value": value,
            "unit": "次",
            **more,
        }
    )


def text(*facts: LabelledFact, **more: object) -> LabelledText:
    return LabelledText.model_validate({"id": "t", "facts": facts, **more})


# Three right (one of them on the wrong channel, one with another role), one missed, one false alarm, one don't-care.
GOLD = text(
    fact(0),
    fact(10, channel="wechat", role="part"),
    fact(20, metric="plays"),
    fact(30, metric="visits", channel=None),
    fact(40, metric="other", certain=False),
    sections=[
        LabelledSection(label="overview", start=0, end=25),
        LabelledSection(label="problems", start=25, end=60),
    ],
)
GIVEN = text(
    fact(0, confidence=0.95),
    fact(10, channel="weibo", role="part", confidence=0.75),
    fact(20, metric="plays", role="part", confidence=0.85),
    fact(41, metric="reads", confidence=0.5),
    fact(50, metric="reads", confidence=0.65),
)


def test_facts_by_hand():
    scores = score_text(GOLD, GIVEN)
    assert scores.marks[MAIN] == Score(hits=2, false_alarms=2, misses=2)
    assert scores.marks["facts (metric, value)"] == Score(hits=3, false_alarms=1, misses=1)
    assert scores.marks["facts (all fields)"] == Score(hits=1, false_alarms=3, misses=3)
    assert scores.marks["the same, uncertain ones counted"] == Score(hits=2, false_alarms=3, misses=3)
    assert (scores.doubtful, scores.pardoned) == (1, 1)


def test_spans_by_hand():
    """Strict and exact want the same span, strict and type the same metric (SemEval 2013 task 9)."""
    gold = text(fact(0), fact(10, metric="plays"), fact(20))
    given_ = text(fact(0), fact(10, metric="reads"), fact(21))
    marks = score_text(gold, given_).marks
    assert marks["fact spans, strict"] == Score(1, 2, 2)
    assert marks["fact spans, exact"] == Score(2, 1, 1)
    assert marks["fact spans, type"] == Score(2, 1, 1)
    assert marks["fact spans, overlap"] == Score(3, 0, 0)


def test_breakdowns_by_hand():
    breakdown = score_text(GOLD, GIVEN).breakdown
    assert breakdown["metric"] == {"reads": Score(1, 2, 1), "plays": Score(1, 0, 0), "visits": Score(0, 0, 1)}
    assert breakdown["channel"] == {"weibo": Score(2, 2, 0), "wechat": Score(0, 0, 1), "none": Score(0, 0, 1)}
    assert breakdown["section"] == {"overview": Score(2, 1, 1), "problems": Score(0, 1, 1)}


def test_fields_and_links_by_hand():
    accuracies = score_text(GOLD, GIVEN).accuracies
    assert accuracies["fact field role"] == Accuracy(2, 3)
    assert accuracies["fact field channel"] == Accuracy(2, 3)
    assert accuracies["channel link"] == Accuracy(2, 3)
    assert accuracies["channel link, where one is told"] == Accuracy(2, 3)


def test_the_words_that_name_a_channel_count_where_both_link_them():
    names = [
        LabelledChannel(channel="weibo", start=100, end=102),
        LabelledChannel(channel="weibo", start=110, end=112),
    ]
    gold = text(fact(0, mention=0), fact(10, mention=1), fact(20), channels=names)
    given_ = text(fact(0, mention=0), fact(10, mention=0), fact(20, mention=1), channels=names)
    assert score_text(gold, given_).accuracies["channel words linked"] == Accuracy(1, 2)


def test_flat_metrics_are_what_a_researcher_reads():
    """reads.weibo: 5 is right. plays: gold has 7 as its total, the part 3 was taken. visits is missed."""
    gold = text(
        fact(0),
        fact(10, "plays", None, 7),
        fact(20, "plays", None, 3, role="part"),
        fact(30, "visits", None, 9),
    )
    given_ = text(fact(0), fact(20, "plays", None, 3))
    assert score_text(gold, given_).marks["flat metrics (key, value)"] == Score(
        hits=1, false_alarms=1, misses=2
    )


def test_statements_by_hand():
    problems = [
        LabelledProblem(start=0, end=10, themes=("timeliness", "content")),
        LabelledProblem(start=20, end=30, themes=("staff",)),
    ]
    found = [
        LabelledProblem(start=0, end=8, themes=("timeliness", "forms")),
        LabelledProblem(start=26, end=40, themes=("staff",)),
    ]
    measures = [LabelledImprovement(start=50, end=60, themes=("staff",), addresses=(0,))]
    told = [LabelledImprovement(start=50, end=60, themes=("staff",), addresses=(0, 1), status="done")]
    scores = score_text(
        text(problems=problems, improvements=measures), text(problems=found, improvements=told)
    )
    assert scores.marks["problems"] == Score(1, 1, 1)  # 8 of 10 characters shared; 4 of 14
    assert scores.marks["problems, exact"] == Score(0, 2, 2)
    assert scores.marks["problems, characters"] == Score(12, 10, 8)
    assert scores.marks["problem themes"] == Score(1, 1, 1)
    assert scores.marks["problems answered"] == Score(1, 1, 0)
    assert scores.accuracies["improvement status"] == Accuracy(0, 1)


def test_cells_tell_blank_unread_and_misread_apart():
    gold = {
        "a": LabelledCell(value=3, printed="3"),
        "b": LabelledCell(value=None, printed=""),
        "c": LabelledCell(value=0, printed="0"),
        "d": LabelledCell(value=None, printed=""),
    }
    given_ = {
        "a": LabelledCell(value=4, printed="4"),
        "b": LabelledCell(value=None, printed=""),
        "c": LabelledCell(value=None, printed="Ü"),
        "d": LabelledCell(value=None, printed="Ü"),
    }
    accuracies = score_text(text(cells=gold), text(cells=given_)).accuracies
    assert accuracies["cells"] == Accuracy(1, 4)
    assert accuracies["cells not misread"] == Accuracy(3, 4)


def test_sections_by_hand():
    gold = text(
        sections=[
            LabelledSection(label="preamble", start=0, end=10),
            LabelledSection(label="overview", start=10, end=40),
            LabelledSection(label="overview.other", start=20, end=40),
        ]
    )
    given_ = text(
        sections=[
            LabelledSection(label="preamble", start=0, end=10),
            LabelledSection(label="overview", start=10, end=40),
            LabelledSection(label="overview.platform", start=20, end=40),
        ]
    )
    scores = score_text(gold, given_)
    assert scores.marks["sections (label, boundaries)"] == Score(2, 1, 1)
    assert scores.marks["section boundaries"] == Score(3, 0, 0)
    assert scores.accuracies["section label of a character"] == Accuracy(20, 40)


def test_a_passage_is_not_scored_for_what_only_reports_have():
    passage = LabelledText(
        id="p", text="全年公开5次。", sections=(LabelledSection(label="overview", start=0, end=7),)
    )
    scores = score_text(passage, passage)
    assert "cells" not in scores.accuracies
    assert not any("section" in name for name in scores.marks)


def test_report_fields_are_scored_where_the_gold_has_them():
    gold = text(report=LabelledReport(agency="甲局", year=2020))
    given_ = text(report=LabelledReport(agency="甲局", year=2021, title="某"))
    accuracies = score_text(gold, given_).accuracies
    assert (accuracies["report agency"], accuracies["report year"]) == (Accuracy(1, 1), Accuracy(0, 1))
    assert "report title" not in accuracies


def test_the_whole_is_the_sum_of_its_texts_in_any_order():
    pairs = [(GOLD, GIVEN), (text(fact(0)), text()), (text(), text(fact(3)))]
    whole = total(score_texts(pairs))
    assert whole.marks[MAIN] == Score(2, 3, 3)
    shuffled = pairs[::-1]
    again = total(score_texts(shuffled))
    assert (again.marks, again.accuracies, again.breakdown) == (
        whole.marks,
        whole.accuracies,
        whole.breakdown,
    )
    assert sorted(again.confidences) == sorted(whole.confidences)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(("reads", "plays")), st.integers(0, 2)), max_size=8
    ),
    st.randoms(),
)
def test_scores_do_not_depend_on_the_order_of_the_marks(
    marks: list[tuple[int, str, int]], shuffle: random.Random
):
    facts = [fact(start, metric, None, value, confidence=0.5) for start, metric, value in marks]
    gold, found = facts[::2], facts[1::2]
    one = score_text(text(*gold), text(*found))
    shuffle.shuffle(gold)
    shuffle.shuffle(found)
    two = score_text(text(*gold), text(*found))
    assert one.marks[MAIN] == two.marks[MAIN]
    assert one.marks["fact spans, overlap"] == two.marks["fact spans, overlap"]


def test_nothing_to_find_and_nothing_found_is_perfect():
    assert score_text(text(), text()).marks[MAIN].f1 == 1


def test_iob2_tags_each_character_once():
    assert iob2([fact(1), fact(2, "plays"), fact(5, "plays")], 9) == [
        "O", "B-reads", "I-reads", "I-reads", "O", "B-plays", "I-plays", "I-plays", "O",
    ]  # fmt: skip


def test_seqeval_counts_as_we_do_where_spans_do_not_overlap():
    gold, given_ = (
        text(fact(0), fact(10, "plays"), fact(20), fact(40, certain=False)),
        text(fact(0), fact(10), fact(21), fact(40)),
    )
    report = entity_report([(gold, given_), (gold, gold)])
    ours = total(score_texts([(gold, given_), (gold, gold)])).marks["fact spans, strict"]
    micro = report["micro avg"]
    assert (micro["precision"], micro["recall"], micro["f1-score"]) == pytest.approx(
        (ours.precision, ours.recall, ours.f1)
    )
    assert micro["support"] == ours.hits + ours.misses


def test_adjacent_spans_of_one_metric_are_two_entities():
    both = text(fact(0), fact(3))
    joined = text(fact(0, end=6))
    assert entity_report([(both, both)])["micro avg"]["f1-score"] == 1
    assert entity_report([(both, joined)])["micro avg"]["f1-score"] == 0


def test_calibration_by_hand():
    """Two at 0.8 with one right (0.3 off), two at 1.0 both right: 0.3 * 2/4."""
    told = [(0.8, True), (0.8, False), (1.0, True), (1.0, True)]
    assert expected_calibration_error(told) == pytest.approx(0.15)
    table = reliability(told)
    assert [(b.count, b.accuracy) for b in table if b.count] == [(2, 0.5), (2, 1.0)]
    assert [b.low for b in table if b.count] == [0.7, 0.9]
    assert expected_calibration_error([]) is None


@pytest.mark.parametrize(
    ("confidence", "place"), [(0.0, 0), (0.1, 0), (0.3, 2), (0.301, 3), (0.7, 6), (1.0, 9)]
)
def test_bins_are_closed_at_their_upper_edge(confidence: float, place: int):
    assert [b.count for b in reliability([(confidence, True)])].index(1) == place


def test_confidences_belong_to_hits_and_alarms_but_not_to_the_pardoned():
    assert sorted(score_text(GOLD, GIVEN).confidences) == [
        (0.65, False),
        (0.75, False),
        (0.85, True),
        (0.95, True),
    ]


def test_intervals_hold_the_score_and_shrink_with_more_texts():
    few = [Score(8, 1, 2), Score(3, 2, 1), Score(9, 0, 1)]
    narrow, wide = f1_interval(few * 30), f1_interval(few)
    f1 = sum(few, Score()).f1
    assert (
        narrow.low is not None and narrow.high is not None and wide.low is not None and wide.high is not None
    )
    assert wide.low <= narrow.low < f1 < narrow.high <= wide.high
    assert f1_interval(few[:1]).low is None


def test_a_run_does_not_differ_from_itself_and_does_from_a_worse_one():
    good, bad = [Score(9, 1, 1)] * 20, [Score(5, 5, 5)] * 20
    assert compare(good, good).p_value == 1
    worse = compare(good, bad)
    assert (worse.first, worse.second) == pytest.approx((0.9, 0.5))
    assert worse.p_value is not None and worse.p_value < 0.01


def test_small_differences_on_few_texts_are_chance():
    one, two = (
        [Score(9, 1, 1), Score(8, 2, 2), Score(9, 1, 1)],
        [Score(8, 2, 2), Score(9, 1, 1), Score(9, 1, 1)],
    )
    p_value = compare(one, two).p_value
    assert p_value is not None and p_value > 0.5
