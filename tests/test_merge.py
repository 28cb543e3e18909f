"""The flat view and the conflicts: one number by stated rules, and nothing resolved silently."""

from dataclasses import replace
from hashlib import sha256

import pytest
from gongkai.extraction.document import Document
from gongkai.extraction.masthead import Masthead
from gongkai.extraction.merge import Findings, merge
from gongkai.extraction.narrative.facts import Fact
from gongkai.extraction.record import Record

HEAD = Masthead("某局2023年年度报告", "某局", None, None, None, 2023, None, None, True, None)
FACT = Fact(
    metric="press_conferences",
    channel=None,
    value=12,
    unit="场",
    hedge="exact",
    role="total",
    period="year",
    scope="own",
    subject=None,
    start=0,
    end=3,
    sentence_start=0,
    sentence_end=9,
    section="overview",
    confidence=0.9,
    origin="rule",
)


def merged(*facts: Fact) -> Record:
    text = "12场发布会。" * 20
    document = Document(text, (), "a.txt", sha256(text.encode()).hexdigest(), "text")
    return merge(document, Findings(HEAD, "2021", facts=facts))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"scope": "own"}, {"scope": "wider"}),
        ({"scope": "own"}, {"scope": "unclear"}),
        ({"scope": "wider"}, {"scope": "unit"}),
        ({"role": "total"}, {"role": "part"}),
        ({"period": "year"}, {"period": "cumulative"}),
        ({"period": "year"}, {"period": "average"}),
        ({"subject": None}, {"subject": "反诈"}),
        ({"scope": "own", "role": "part"}, {"scope": "wider", "role": "total"}),
    ],
)
def test_the_flat_view_prefers(better: dict[str, object], worse: dict[str, object]):
    good = replace(FACT, value=12, **better)
    bad = replace(FACT, value=99, **worse)
    for facts in ((good, bad), (bad, good)):
        flat = merged(*facts).metrics["press_conferences"]
        assert flat.value == 12
        assert facts[flat.fact] is good
        assert flat.rivals == []


@pytest.mark.parametrize("role", ["share", "change", "prior"])
def test_shares_changes_and_earlier_years_are_no_figures_of_the_year(role: str):
    assert merged(replace(FACT, role=role)).metrics == {}


def test_a_rate_is_a_figure_of_the_year_although_it_is_a_share():
    rate = replace(FACT, metric="reply_rate", value=0.99, unit="%", role="share")
    assert merged(rate).metrics["reply_rate"].value == 0.99


def test_each_channel_has_a_number_of_its_own():
    record = merged(
        FACT, replace(FACT, metric="reads", channel="weibo"), replace(FACT, metric="reads", channel="douyin")
    )
    assert sorted(record.metrics) == ["press_conferences", "reads.douyin", "reads.weibo"]


def test_a_figure_told_twice_with_two_values_is_listed():
    record = merged(FACT, replace(FACT, value=15), replace(FACT, value=12))
    assert record.metrics["press_conferences"].value == 12
    assert record.metrics["press_conferences"].rivals == [1]
    (conflict,) = record.conflicts
    assert (conflict.kind, conflict.left, conflict.right, conflict.facts) == (
        "narrative_twice",
        12,
        15,
        [0, 1],
    )


def test_named_subjects_are_rivals_but_no_conflict():
    record = merged(replace(FACT, subject="反诈"), replace(FACT, subject="禁毒", value=3))
    assert record.metrics["press_conferences"].rivals == [1]
    assert record.conflicts == []


def test_errors_make_a_partial_record_and_a_look_alike_no_report():
    document = Document("某局通知", (), "a.txt", "0", "text")
    assert merge(document, Findings(HEAD, "none", errors=[("tables", "stopped")])).status == "partial"
    look_alike = replace(HEAD, is_report=False, reason="a notice")
    assert (
        merge(document, Findings(look_alike, "none", errors=[("masthead", "a notice")])).status
        == "not_a_report"
    )


def test_the_sentence_of_a_broken_text_is_cut_around_its_fact():
    text = "公开信息，" * 20_000 + "12场" + "，公开信息" * 20_000
    start = text.index("12场")
    fact = replace(FACT, start=start, end=start + 3, sentence_start=0, sentence_end=len(text))
    record = merge(Document(text, (), "a.txt", "0", "text"), Findings(HEAD, "2021", facts=[fact]))
    assert record.facts[0].text == "12场"
    assert "12场" in record.facts[0].sentence
    assert len(record.facts[0].sentence) < 1000
