"""The corpus: every file reads, covers the scheme, and keeps its parts apart."""

from collections import Counter
from pathlib import Path

import pytest
from gongkai.annotations.corpus import (
    CORPUS_FOLDER,
    CorpusError,
    part_of,
    read_corpus,
    read_corpus_file,
    try_corpus_file,
)
from gongkai.annotations.labelled import LabelledText, is_passage
from gongkai.annotations.passages import narrative_of
from gongkai.annotations.scheme import scheme
from gongkai.annotations.similarity import nearest_neighbours
from gongkai.eval.corpus_check import NEAR, RARE, check_texts

CORPUS = read_corpus()


def whole_reports() -> list[LabelledText]:
    return [text for text in CORPUS if not is_passage(text)]


def test_the_corpus_is_as_large_as_it_should_be():
    passages = [text for text in CORPUS if is_passage(text)]
    about_problems = [text for text in passages if text.sections[0].label == "problems"]
    assert len(passages) - len(about_problems) >= 300
    assert len(about_problems) >= 100
    assert len(whole_reports()) >= 60


def test_no_text_of_the_corpus_has_an_error():
    assert [finding for finding in check_texts(CORPUS) if finding.severity == "error"] == []


def test_ids_are_unique():
    assert [text_id for text_id, n in Counter(text.id for text in CORPUS).items() if n > 1] == []


def test_every_metric_and_channel_occurs_often_enough_to_be_learned():
    metrics = Counter(fact.metric for text in CORPUS for fact in text.facts)
    channels = Counter(fact.channel for text in CORPUS for fact in text.facts)
    assert {metric: metrics[metric] for metric in scheme().metrics if metrics[metric] < RARE} == {}
    assert {channel: channels[channel] for channel in scheme().channels if channels[channel] < RARE} == {}


def test_every_theme_section_role_period_scope_and_hedge_occurs():
    known = scheme()
    themes = {
        theme for text in CORPUS for item in (*text.problems, *text.improvements) for theme in item.themes
    }
    assert themes == set(known.themes)
    assert {section.label for text in CORPUS for section in text.sections} == set(known.sections)
    facts = [fact for text in CORPUS for fact in text.facts]
    assert {fact.role for fact in facts} == {"total", "part", "share", "change", "prior"}
    assert {fact.period for fact in facts} == {
        "year",
        "cumulative",
        "snapshot",
        "average",
        "quarter",
        "other",
    }
    assert {fact.scope for fact in facts} == {"own", "wider", "unit", "unclear"}
    assert {fact.hedge for fact in facts} == {"exact", "about", "over", "under"}


def test_agencies_of_all_kinds_and_years_speak():
    assert {text.report.kind for text in CORPUS} == {
        "ministry", "province_police", "city_police", "county_police", "district_police", "traffic_police", "department",
        "government", "township",
    }  # fmt: skip
    assert {text.report.year for text in CORPUS} >= set(range(2008, 2025))


def test_an_agency_lies_in_one_part_only_and_both_parts_are_large():
    parts: dict[str | None, set[str]] = {}
    for text in CORPUS:
        parts.setdefault(text.report.agency, set()).add(part_of(text))
    assert all(len(found) == 1 for found in parts.values())
    share = sum(part_of(text) == "dev" for text in CORPUS) / len(CORPUS)
    assert 0.1 < share < 0.3


def test_no_passage_nearly_repeats_another():
    texts = [narrative_of(text) for text in CORPUS]
    assert [pair for pair in nearest_neighbours(texts) if pair[2] >= NEAR] == []


def test_no_sentence_of_the_real_reports_is_in_the_corpus(seeds: Path):
    """Sentences of 25 characters or more, the official wordings of the form left out."""
    real = {
        sentence.strip()
        for path in seeds.glob("*.txt")
        for sentence in path.read_text("utf-8").replace("\n", "。").split("。")
        if len(sentence.strip()) >= 25
    }
    printed = "".join(text.text or "" for text in CORPUS if is_passage(text))
    assert [sentence for sentence in real if sentence in printed] == []


def document(body: str, head: str = "") -> str:
    return f"=== a-1\nagency: 甲局\nkind: city_police\nregion: 甲省 甲市\nyear: 2020\n{head}---\n{body}\n"


def one(tmp_path: Path, content: str) -> LabelledText:
    path = tmp_path / "a.txt"
    path.write_text(content, "utf-8")
    (text,) = read_corpus_file(path)
    return text


def test_a_document_is_its_head_and_its_text(tmp_path: Path):
    text = one(tmp_path, document("\n公开{3条|info_published}。\n\n", "section: overview\n"))
    assert (text.id, text.text, text.report.agency, text.report.year) == ("a-1", "公开3条。", "甲局", 2020)
    assert (text.report.region.province, text.report.region.city, text.report.region.county) == (
        "甲省",
        "甲市",
        None,
    )
    assert [(s.label, s.start, s.end) for s in text.sections] == [("overview", 0, 5)]


def test_cells_are_given_row_by_row(tmp_path: Path):
    head = "edition: '2021'\ncells:\n  disclosure.normative: 3 _ 12\n  disclosure.fees: 123000(12.3)\n"
    text = one(tmp_path, document("<preamble>题\n<overview>一、总", head))
    values = {cell: (c.value, c.printed) for cell, c in text.cells.items()}
    assert values == {
        "disclosure.normative.issued": (3, "3"),
        "disclosure.normative.repealed": (None, ""),
        "disclosure.normative.in_force": (12, "12"),
        "disclosure.fees.amount": (123000, "12.3"),
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("没有文档", "no document"),
        ("=== a\nagency: 甲\n", "line 1: no line '---'"),
        (document("甲", "colour: red\nsection: overview\n"), "line 1: head: colour"),
        (document("甲", "section: overvew\n"), "no section of the scheme"),
        (document("甲"), "neither 'section'"),
        (document("<overview>甲", "section: overview\n"), "keep one"),
        (document("甲\n乙{3条|nothing}", "section: overview\n"), "line 9: 'nothing' is no metric"),
        (document("\n\n{3条|nothing}", "section: overview\n"), "line 10: 'nothing' is no metric"),
        (document("甲", "section: overview\ncells: {disclosure.fees: 1 2}\n"), "2 figures for 1 columns"),
        (document("甲", "section: overview\ncells: {disclosure.fees: eins}\n"), "'eins' is no figure"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_with_its_line(tmp_path: Path, content: str, message: str):
    path = tmp_path / "a.txt"
    path.write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=message) as caught:
        read_corpus_file(path)
    assert "a.txt" in str(caught.value)


def test_one_bad_document_costs_no_other(tmp_path: Path):
    path = tmp_path / "a.txt"
    good = document("公开{3条|info_published}。", "section: overview\n")
    path.write_text(
        good + document("{3条|nothing}", "section: overview\n") + good.replace("a-1", "a-2"), "utf-8"
    )
    outcomes = list(try_corpus_file(path))
    assert [isinstance(outcome, CorpusError) for outcome in outcomes] == [False, True, False]


def test_the_corpus_ships_with_the_package():
    assert CORPUS_FOLDER.is_dir()
