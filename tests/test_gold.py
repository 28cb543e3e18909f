"""The gold set fits its reports, and the first edition reads them as well as it is said to."""

from pathlib import Path

import pytest
from gongkai import extract
from gongkai.annotations.labelled import LabelledText
from gongkai.annotations.scheme import scheme
from gongkai.eval.gold import GoldError, load_gold, report_path
from gongkai.eval.predictions import read_by_rules, with_texts
from gongkai.eval.score import MAIN, score_texts, total
from gongkai.extraction.readers import read_document

GOLD = load_gold()
BY_NAME = pytest.mark.parametrize("gold", GOLD, ids=[gold.id for gold in GOLD])


@BY_NAME
def test_gold_marks_lie_in_the_text_and_carry_known_labels(gold: LabelledText, seeds: Path):
    text = read_document(report_path(gold, seeds)).text
    known = scheme()
    assert set(gold.cells) == {
        cell for t in ("disclosure", "applications", "proceedings") for cell in known.tables[t]
    }
    assert {section.label for section in gold.sections} <= set(known.sections)
    for fact in gold.facts:
        assert fact.metric in known.metrics
        assert fact.channel is None or fact.channel in known.channels
    for mark in (*gold.sections, *gold.facts, *gold.problems, *gold.improvements):
        span = text[mark.start : mark.end]
        assert span == span.strip() != ""
    for statement in (*gold.problems, *gold.improvements):
        assert set(statement.themes) <= set(known.themes)
    for improvement in gold.improvements:
        assert all(0 <= index < len(gold.problems) for index in improvement.addresses)


@BY_NAME
def test_every_cell_of_the_real_reports_is_right(gold: LabelledText, seeds: Path):
    record = extract(report_path(gold, seeds))
    wrong = {
        cell: (record.statistics[cell].status, record.statistics[cell].value, want.value)
        for cell, want in gold.cells.items()
        if record.statistics[cell].value != want.value
        or (want.value is None) != (record.statistics[cell].status == "blank")
    }
    assert wrong == {}


@BY_NAME
def test_every_section_of_the_real_reports_is_found(gold: LabelledText, seeds: Path):
    record = extract(report_path(gold, seeds))
    assert [s.label for s in record.sections] == [s.label for s in gold.sections]


@BY_NAME
def test_title_agency_and_year_of_the_real_reports_are_right(gold: LabelledText, seeds: Path):
    report = extract(report_path(gold, seeds)).report
    assert (report.title, report.agency, report.year, report.edition) == (
        gold.report.title,
        gold.report.agency,
        gold.report.year,
        gold.report.edition,
    )


@BY_NAME
def test_the_tables_of_the_real_reports_add_up(gold: LabelledText, seeds: Path):
    """Every identity inside the tables can be assessed or has nothing but blanks; none fails (checked by hand)."""
    checks = [c for c in extract(report_path(gold, seeds)).checks if not c.facts]
    assert len(checks) > 40
    assert [c.id for c in checks if c.outcome == "fail"] == []


def test_a_report_that_is_not_the_golds_is_refused(tmp_path: Path):
    gold = GOLD[0]
    with pytest.raises(GoldError, match="missing"):
        report_path(gold, tmp_path)
    (tmp_path / f"{gold.source}").write_text("另一份报告", encoding="utf-8")
    with pytest.raises(GoldError, match="not the file"):
        report_path(gold, tmp_path)


def test_the_first_edition_holds_its_level(seeds: Path):
    """A floor just under the figures in eval/RESULTS.md, so that a change that loses facts is noticed."""
    scores = total(score_texts([(gold, read_by_rules(gold)) for gold in with_texts(GOLD, seeds)]))
    assert scores.marks[MAIN].f1 >= 0.94
    assert scores.marks["problems"].f1 >= 0.95
    assert scores.marks["improvements"].f1 >= 0.95
