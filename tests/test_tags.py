"""Tags of characters and the best legal tagging, against spans given and a search of all taggings."""

from itertools import product

import numpy as np
import pytest
from gongkai.models.tags import best_spans, tag_count, tags_of
from hypothesis import given
from hypothesis import strategies as st

Spans = list[tuple[int, int, int]]

OUTSIDE = 0
BEGIN, MIDDLE, END, SINGLE = 1, 2, 3, 4
"""The tags of label 0; those of each further label are four more."""


def random_scores(seed: int, length: int, labels: int, *, spread: float) -> np.ndarray:
    scores = np.random.default_rng(seed).normal(0, spread, (length, tag_count(labels)))
    return (scores - np.logaddexp.reduce(scores, -1, keepdims=True)).astype(np.float32)


def near_one_hot(tags: list[int], labels: int) -> np.ndarray:
    """The log-probabilities of a tagger that is nearly sure of ``tags``."""
    chances = np.full((len(tags), tag_count(labels)), 1e-4)
    chances[np.arange(len(tags)), tags] = 1 - 1e-4 * (tag_count(labels) - 1)
    return np.log(chances).astype(np.float32)


def is_legal(tags: list[int]) -> bool:
    """Whether each span is begun once and ended once, with nothing but its own label in between."""
    opened: int | None = None
    for tag in tags:
        label, kind = ((tag - 1) // 4, (tag - 1) % 4 + 1) if tag else (None, None)
        if kind in (MIDDLE, END):
            if label is None or label != opened:
                return False
        elif opened is not None:
            return False
        opened = label if kind in (BEGIN, MIDDLE) else None
    return opened is None


def score_of(tags: list[int], scores: np.ndarray) -> float:
    return float(scores[np.arange(len(tags)), tags].astype(np.float64).sum())


@st.composite
def spans_of_texts(draw: st.DrawFn, labels: int = 5) -> tuple[Spans, int]:
    """Spans without overlap, some of one character, some right behind another, and the length of their text."""
    spans: Spans = []
    place = 0
    for gap, length, label in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 7), st.integers(0, labels - 1)), max_size=8)
    ):
        spans.append((place + gap, place + gap + length, label))
        place += gap + length
    return spans, place + draw(st.integers(0, 3))


def test_tags_by_hand():
    spans = [(0, 1, 0), (1, 3, 1), (4, 8, 0)]
    assert tags_of(spans, 9) == [
        SINGLE, 4 + BEGIN, 4 + END, OUTSIDE, BEGIN, MIDDLE, MIDDLE, END, OUTSIDE,
    ]  # fmt: skip
    assert tag_count(2) == 9


def test_a_span_that_the_tagger_leaves_open_is_closed_where_that_costs_least():
    chances = np.full((3, 5), 0.01)
    chances[0, BEGIN], chances[1, MIDDLE] = 0.96, 0.96
    chances[2, MIDDLE], chances[2, END] = 0.86, 0.11
    (span,) = best_spans(np.log(chances).astype(np.float32))
    assert (span.start, span.end, span.label) == (0, 3, 0)
    assert span.probability == pytest.approx((0.96 * 0.96 * 0.11) ** (1 / 3), abs=1e-4)


def test_a_text_without_characters_has_no_spans():
    assert tags_of([], 0) == []
    assert best_spans(np.zeros((0, 5), np.float32)) == []


def test_a_tagger_without_labels_finds_nothing():
    assert best_spans(np.zeros((4, tag_count(0)), np.float32)) == []


@given(spans_of_texts())
def test_spans_come_back_from_their_tags(marked: tuple[Spans, int]):
    spans, length = marked
    tags = tags_of(spans, length)
    assert len(tags) == length
    assert is_legal(tags)
    found = best_spans(near_one_hot(tags, 5))
    assert [(s.start, s.end, s.label) for s in found] == spans
    assert all(s.probability == pytest.approx(1 - 20e-4, abs=1e-4) for s in found)


@given(
    st.integers(0, 2**32 - 1), st.integers(0, 40), st.integers(0, 4), st.sampled_from([0.1, 1.0, 5.0, 20.0])
)
def test_spans_of_any_scores_lie_in_order_inside_the_text(seed: int, length: int, labels: int, spread: float):
    scores = random_scores(seed, length, labels, spread=spread)
    spans = best_spans(scores)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(0 <= span.start < span.end <= length for span in spans)
    assert all(0 <= span.label < labels for span in spans)
    assert all(0 < span.probability <= 1 for span in spans)


def legal_taggings(length: int, labels: int) -> list[list[int]]:
    every = product(range(tag_count(labels)), repeat=length)
    return [list(tags) for tags in every if is_legal(list(tags))]


TAGGINGS = {
    (length, labels): legal_taggings(length, labels)
    for labels, longest in ((1, 6), (2, 4))
    for length in range(1, longest + 1)
}


def test_all_legal_taggings_of_two_characters():
    expected = [[0, 0], [0, SINGLE], [BEGIN, END], [SINGLE, 0], [SINGLE, SINGLE]]
    assert TAGGINGS[2, 1] == expected


@given(st.sampled_from(sorted(TAGGINGS)), st.integers(0, 2**32 - 1), st.sampled_from([0.3, 2.0, 10.0]))
def test_no_legal_tagging_is_better_than_the_one_found(shape: tuple[int, int], seed: int, spread: float):
    length, labels = shape
    scores = random_scores(seed, length, labels, spread=spread)
    spans = best_spans(scores)
    found = tags_of([(s.start, s.end, s.label) for s in spans], length)
    assert found in TAGGINGS[shape]
    best = max(score_of(tags, scores) for tags in TAGGINGS[shape])
    assert score_of(found, scores) == pytest.approx(best, abs=1e-4)
    for span in spans:
        own = score_of(found[span.start : span.end], scores[span.start : span.end])
        assert span.probability == pytest.approx(np.exp(own / (span.end - span.start)), rel=1e-4)
