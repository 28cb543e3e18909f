"""Agreement: 1 with oneself, near 0 by chance, and every disagreement shown."""

import random
from pathlib import Path

import pytest
from gongkai.annotations.agreement import AgreementError, agreement, pair_texts
from gongkai.annotations.corpus import read_corpus_file
from gongkai.annotations.labelled import LabelledText
from gongkai.annotations.matching import Score
from gongkai.eval.predictions import read_by_rules

from .marked_texts import marked_text

CORPUS = Path(__file__).resolve().parent.parent / "annotations" / "corpus" / "mixed_passages.txt"


@pytest.fixture(scope="module")
def passages() -> list[LabelledText]:
    return [read_by_rules(text) for text in read_corpus_file(CORPUS)[:25]]


def marked(markup: str, name: str = "a") -> LabelledText:
    return marked_text(markup, id=name)


def test_the_rule_reader_agrees_with_itself(passages: list[LabelledText]):
    found = agreement([(text, text) for text in passages])
    assert found.certain.f1 == 1
    assert {score.f1 for score in (*found.exact.values(), *found.overlapping.values())} == {1}
    assert set(found.kappa.values()) | set(found.alpha.values()) == {1}
    assert found.alpha_characters == 1
    assert found.disagreements == ()


def test_shuffled_labels_agree_by_chance_only(passages: list[LabelledText]):
    shuffle = random.Random(1)
    metrics = [fact.metric for text in passages for fact in text.facts]
    shuffle.shuffle(metrics)
    pairs = [
        (
            text,
            text.model_copy(
                update={"facts": tuple(f.model_copy(update={"metric": metrics.pop()}) for f in text.facts)}
            ),
        )
        for text in passages
    ]
    found = agreement(pairs)
    assert abs(found.kappa["metric"] or 1) < 0.1
    assert abs(found.alpha["metric"] or 1) < 0.1
    assert found.kappa["role"] == 1


def test_agreement_by_hand():
    """Two agree on 2 of 3 units of the first; the second marks one more."""
    one = marked("{1条|reads}，{2条|plays}，{3条|visits}，4条")
    two = marked("{1条|reads}，{2条|reads}，{3条|visits}，{4条|visits}")
    found = agreement([(one, two)])
    assert found.certain == Score(hits=2, false_alarms=2, misses=1)
    # units: reads-reads, plays-reads, visits-visits, none-visits: observed 2/4; expected (1*2 + 1*0 + 1*2 + 1*0)/16
    assert found.kappa["metric"] == pytest.approx((0.5 - 0.25) / (1 - 0.25))
    assert [(d.first.split("@")[0], d.second.split("@")[0]) for d in found.disagreements] == [
        ("plays", "reads"),
        ("", "visits"),
    ]
    assert found.disagreements[0].words == "2条"


def test_exact_wants_the_same_span_and_overlap_does_not():
    one = marked("一是[[更新不够及时|P timeliness]]")
    two = marked("一是[[更新不够|P timeliness]]及时")
    found = agreement([(one, two)])
    assert (found.exact["problems"].f1, found.overlapping["problems"].f1) == (0, 1)


def test_other_layers_are_compared_too():
    one = marked("[微博|weibo]、[[加强培训|I training]]")
    two = marked("[微博|wechat]、[[加强培训|I done training]]")
    layers = [(d.layer, d.first, d.second) for d in agreement([(one, two)]).disagreements]
    assert layers == [
        ("channels", "weibo", ""),
        ("channels", "", "wechat"),
        ("improvements", "training planned", ""),
        ("improvements", "", "training done"),
    ]


def test_coefficients_without_two_labels_are_not_defined():
    one = marked("{1条|reads}")
    assert agreement([(one, one)]).kappa["metric"] is None


def test_texts_belong_together_by_id_and_must_be_the_same():
    one, two = marked("甲", "a"), marked("乙", "b")
    with pytest.raises(AgreementError, match="no text in common"):
        pair_texts([one], [two])
    with pytest.raises(AgreementError, match="different texts"):
        pair_texts([one], [marked("丙", "a")])
    assert pair_texts([one, two], [two, one]) == [(one, one), (two, two)]


def test_what_either_was_unsure_of_is_left_out_of_the_certain_facts():
    one = marked("{1条|reads ?none}，{2条|plays}，{3条|visits}")
    two = marked("1条，{2条|plays ?reads}，{3条|reads}")
    assert agreement([(one, two)]).certain == Score(hits=0, false_alarms=1, misses=1)
