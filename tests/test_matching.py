"""The evaluation's counting, against cases computed by hand."""

from dataclasses import dataclass

import pytest
from gongkai.annotations.matching import Score, label_score, match, score
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True)
class Mark:
    start: int
    end: int
    label: str = "a"
    certain: bool = True


def same_label(gold: Mark, predicted: Mark) -> bool:
    return gold.label == predicted.label


def test_precision_recall_and_f1_by_hand():
    counted = Score(hits=6, false_alarms=2, misses=4)
    assert counted.precision == pytest.approx(0.75)
    assert counted.recall == pytest.approx(0.6)
    assert counted.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_nothing_to_find_and_nothing_found_is_perfect():
    assert (Score().precision, Score().recall, Score().f1) == (1, 1, 1)
    assert Score(misses=3).f1 == 0
    assert Score(false_alarms=3).f1 == 0


def test_each_gold_mark_takes_one_prediction():
    gold = [Mark(0, 10)]
    assert score(gold, [Mark(0, 10), Mark(0, 10)], same_label) == Score(1, 1, 0)
    assert score([*gold, *gold], [Mark(0, 10)], same_label) == Score(1, 0, 1)


def test_a_label_must_fit_and_spans_must_meet():
    gold = [Mark(0, 4), Mark(10, 14, "b")]
    predicted = [Mark(0, 4, "b"), Mark(14, 18, "b"), Mark(2, 6)]
    assert score(gold, predicted, same_label) == Score(1, 2, 1)


def test_the_best_overlap_is_paired_first():
    found = match([Mark(0, 10), Mark(10, 20)], [Mark(8, 20), Mark(0, 9)], lambda g, p: True)
    assert found.pairs == ((0, 1), (1, 0))


def test_as_many_as_can_be_are_paired_whatever_the_order():
    gold = [Mark(0, 4), Mark(0, 2)]
    predicted = [Mark(0, 2), Mark(2, 4)]
    assert score(gold, predicted, same_label) == score(gold[::-1], predicted, same_label) == Score(2, 0, 0)


def test_doubtful_marks_are_neither_missed_nor_falsely_found():
    gold = [Mark(0, 4), Mark(10, 14, certain=False)]
    assert score(gold, [Mark(0, 4)], same_label) == Score(1, 0, 0)
    assert score(gold, [Mark(0, 4), Mark(10, 14, "b")], same_label) == Score(1, 0, 0)
    assert score(gold, [Mark(0, 4), Mark(30, 34, "b")], same_label) == Score(1, 1, 0)


def test_labels_are_counted_one_by_one():
    assert label_score([["a", "b"], ["c"]], [["b"], ["c", "d"]]) == Score(2, 1, 1)


marks = st.lists(
    st.builds(
        lambda s, n, x: Mark(s, s + n, x), st.integers(0, 60), st.integers(1, 6), st.sampled_from("ab")
    ),
    max_size=12,
)


@given(marks)
def test_a_reading_agrees_with_itself(some: list[Mark]):
    assert score(some, some, same_label).f1 == 1


@given(marks, marks, st.randoms())
def test_the_order_of_marks_does_not_matter_to_the_counts(gold: list[Mark], predicted: list[Mark], random):
    counted = score(gold, predicted, same_label)
    assert counted.hits + counted.misses == len(gold)
    assert counted.hits + counted.false_alarms == len(predicted)
    random.shuffle(gold)
    random.shuffle(predicted)
    assert score(gold, predicted, same_label) == counted


@given(marks, marks, marks, marks)
def test_documents_add_up(g1: list[Mark], p1: list[Mark], g2: list[Mark], p2: list[Mark]):
    apart = score(g1, p1, same_label) + score(g2, p2, same_label)
    moved = [Mark(m.start + 1000, m.end + 1000, m.label) for m in g2]
    shifted = [Mark(m.start + 1000, m.end + 1000, m.label) for m in p2]
    assert score([*g1, *moved], [*p1, *shifted], same_label) == apart
