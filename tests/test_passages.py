"""The passages that the reader of facts is measured on: well annotated, and read as well as RESULTS.md says."""

import pytest
from gongkai.annotations.scheme import scheme
from gongkai.eval.passages import SETS, Passage, load_passages, read_passage, score_passages
from gongkai.extraction.narrative.quantities import find_quantities
from gongkai.extraction.normalise import normalise

ALL = [passage for name in SETS for passage in load_passages(name)]


@pytest.mark.parametrize("passage", ALL, ids=[passage.id for passage in ALL])
def test_facts_are_tight_spans_with_known_labels(passage: Passage):
    known = scheme()
    assert passage.section in known.sections
    for fact in passage.facts:
        span = passage.text[fact.start : fact.end]
        assert span == span.strip() != ""
        assert fact.metric in known.metrics
        assert fact.channel is None or fact.channel in known.channels


def test_passages_have_names_of_their_own():
    assert len({passage.id for passage in ALL}) == len(ALL)


@pytest.mark.parametrize("passage", ALL[::10], ids=[passage.id for passage in ALL[::10]])
def test_spacing_and_width_of_characters_do_not_change_what_is_read(passage: Passage):
    """The same passage as a PDF breaks it: full-width digits, and spaces around numbers."""
    wide = passage.text.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    found = read_passage(passage.model_copy(update={"text": wide}))
    assert [(f.metric, f.channel, f.value) for f in found] == [
        (f.metric, f.channel, f.value) for f in read_passage(passage)
    ]


def test_most_values_of_the_passages_are_those_of_the_grammar():
    """The annotators' values, computed by hand, against the grammar's."""
    same = total = 0
    for passage in ALL:
        plain = normalise(passage.text)
        values = {plain.source_span(q.start, q.end): q.value for q in find_quantities(plain.text)}
        for fact in passage.facts:
            if (fact.start, fact.end) in values:
                total += 1
                same += abs(values[fact.start, fact.end]) == pytest.approx(abs(fact.value))
    assert total > 1500
    assert same / total > 0.99


@pytest.mark.parametrize(("name", "floor"), [("held_out_natural", 0.80), ("held_out_dense", 0.72)])
def test_the_reader_holds_its_level_on_passages_it_never_saw(name: str, floor: float):
    assert score_passages(load_passages(name))["metric, channel, value"].f1 >= floor
