"""The example reports, each in another layout, against what their authors know to be in them."""

import json
from pathlib import Path
from typing import Any

import pytest
from gongkai import Record, extract
from gongkai.extraction.normalise import normalise

FOLDER = Path(__file__).parent.parent / "examples"
TRUTH = Path(__file__).parent / "data" / "examples"
STEMS = sorted(path.stem for path in FOLDER.glob("*.txt"))
BY_STEM = pytest.mark.parametrize("stem", STEMS)


def read(stem: str) -> tuple[Record, dict[str, Any]]:
    truth = json.loads((TRUTH / f"{stem}.json").read_text("utf-8"))
    return extract(FOLDER / f"{stem}.txt"), truth


def test_there_are_examples_and_each_has_its_truth():
    assert len(STEMS) >= 6
    assert sorted(path.stem for path in TRUTH.glob("*.json")) == STEMS


@BY_STEM
def test_every_cell_is_right(stem: str):
    record, truth = read(stem)
    assert record.report.edition == truth["edition"]
    values = {cell: statistic.value for cell, statistic in record.statistics.items()}
    wrong = {
        cell: (values.get(cell), want) for cell, want in truth["cells"].items() if values.get(cell) != want
    }
    assert wrong == {}


@BY_STEM
def test_who_when_and_which_sections(stem: str):
    record, truth = read(stem)
    assert record.status == "ok"
    assert same_title(record.report.title, truth["title"])
    assert (record.report.agency, record.report.year) == (truth["agency"], truth["year"])
    assert [s.label for s in record.sections if s.label != "noise"] == truth["sections"]


def same_title(printed: str | None, wanted: str) -> bool:
    """Whether two titles are the same but for full-width forms and layout."""
    return "".join(normalise(printed or "").text.split()) == "".join(normalise(wanted).text.split())


@BY_STEM
def test_failed_checks_are_the_planted_ones(stem: str):
    record, truth = read(stem)
    failed = [check.id for check in record.checks if check.outcome == "fail" and check.severity == "error"]
    assert bool(failed) == (truth["failed_checks_expected"] != "none"), failed


def test_problems_and_improvements_are_counted_right_but_for_one_at_most():
    off = 0
    for stem in STEMS:
        record, truth = read(stem)
        off += abs(len(record.problems) - truth["problems"])
        off += abs(len(record.improvements) - truth["improvements"])
    assert off <= 1


def test_most_facts_are_found_with_their_metric_channel_and_value():
    hits = found = wanted = 0
    for stem in STEMS:
        record, truth = read(stem)
        have = [(f.metric, f.channel, f.value) for f in record.facts]
        want = [(f["metric"], f["channel"], f["value"]) for f in truth["facts"]]
        found += len(have)
        wanted += len(want)
        for fact in want:
            if fact in have:
                have.remove(fact)
                hits += 1
    assert 2 * hits / (found + wanted) >= 0.75
