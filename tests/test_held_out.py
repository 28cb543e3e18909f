"""Passages that the rules never saw: well annotated, and read as well as RESULTS.md says."""

from pathlib import Path

import pytest
from gongkai.annotations.corpus import NATURAL_FOLDER, read_corpus
from gongkai.annotations.labelled import LabelledText
from gongkai.eval.corpus_check import check_text
from gongkai.eval.gold import load_gold
from gongkai.eval.predictions import read_by_rules
from gongkai.eval.score import MAIN, score_texts, total
from gongkai.extraction.narrative.quantities import find_quantities
from gongkai.extraction.normalise import normalise

FOLDER = Path(__file__).resolve().parent.parent / "eval" / "passages"
SETS = {name: load_gold(FOLDER / f"{name}.jsonl") for name in ("held_out_natural", "held_out_dense")}
PASSAGES = [passage for passages in SETS.values() for passage in passages]
ALL = [*PASSAGES, *load_gold(FOLDER / "blind"), *read_corpus(NATURAL_FOLDER)]


@pytest.mark.parametrize("passage", ALL, ids=[passage.id for passage in ALL])
def test_nothing_is_wrong_with_the_annotations(passage: LabelledText):
    assert [finding for finding in check_text(passage) if finding.severity == "error"] == []


def test_texts_have_names_of_their_own():
    assert len({text.id for text in (*ALL, *read_corpus())}) == len(ALL) + len(read_corpus())


def test_no_agency_of_the_blind_texts_is_known_from_the_corpus():
    known = {text.report.agency for text in (*read_corpus(), *read_corpus(NATURAL_FOLDER))}
    assert not known & {text.report.agency for text in load_gold(FOLDER / "blind")}


@pytest.mark.parametrize("passage", PASSAGES[::10], ids=[passage.id for passage in PASSAGES[::10]])
def test_spacing_and_width_of_characters_do_not_change_what_is_read(passage: LabelledText):
    """The same passage as a PDF breaks it: full-width digits."""
    wide = (passage.text or "").translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    found = read_by_rules(passage.model_copy(update={"text": wide}))
    assert [(f.metric, f.channel, f.value) for f in found.facts] == [
        (f.metric, f.channel, f.value) for f in read_by_rules(passage).facts
    ]


def test_most_values_of_the_passages_are_those_of_the_grammar():
    """The annotators' values, computed by hand, against the grammar's."""
    same = found = 0
    for passage in PASSAGES:
        plain = normalise(passage.text or "")
        values = {plain.source_span(q.start, q.end): q.value for q in find_quantities(plain.text)}
        for fact in passage.facts:
            if (fact.start, fact.end) in values:
                found += 1
                same += abs(values[fact.start, fact.end]) == pytest.approx(abs(fact.value))
    assert found > 1000
    assert same / found > 0.99


@pytest.mark.parametrize(("name", "floor"), [("held_out_natural", 0.80), ("held_out_dense", 0.72)])
def test_the_reader_holds_its_level_on_passages_it_never_saw(name: str, floor: float):
    pairs = [(passage, read_by_rules(passage)) for passage in SETS[name]]
    assert total(score_texts(pairs)).marks[MAIN].f1 >= floor
