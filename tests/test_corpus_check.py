"""What `gongkai annotate check` finds in labelled texts, and what it leaves alone."""

from pathlib import Path

import pytest
from gongkai.annotations.corpus import part_of
from gongkai.annotations.labelled import (
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledReport,
    LabelledSection,
    LabelledText,
)
from gongkai.eval.corpus_check import Finding, check_text, check_texts

TEXT = "全年通过网站公开12条信息。\n开展培训 3 期。"
FACT = LabelledFact(
    start=8, end=11, metric="info_published", channel="website", value=12, unit="条", mention=0
)
SITE = LabelledChannel(channel="website", start=4, end=6)


def findings(**fields: object) -> list[Finding]:
    return list(check_text(LabelledText.model_validate({"id": "a", "text": TEXT, **fields})))


def kinds(**fields: object) -> list[tuple[str, str]]:
    return [(finding.kind, finding.severity) for finding in findings(**fields)]


def test_a_sound_text_has_no_findings():
    assert (
        findings(
            facts=[FACT],
            channels=[SITE],
            sections=[LabelledSection(label="overview", start=0, end=len(TEXT))],
        )
        == []
    )


@pytest.mark.parametrize(
    ("changes", "kind", "severity"),
    [
        ({"metric": "readings"}, "label", "error"),
        ({"channel": "webseite", "mention": None}, "label", "error"),
        ({"channel": "weibo"}, "link", "error"),
        ({"mention": 7}, "link", "error"),
        ({"start": 7, "end": 70}, "offsets", "error"),
        ({"start": 15, "end": 15}, "offsets", "error"),
        ({"value": 13}, "grammar", "warning"),
        ({"unit": "件"}, "grammar", "warning"),
        ({"hedge": "over"}, "grammar", "warning"),
        ({"start": 9}, "grammar", "warning"),
        ({"start": 0, "end": 2}, "grammar", "warning"),
        ({"start": 11, "end": 17}, "sentence", "warning"),
    ],
)
def test_what_is_wrong_with_a_fact_is_found(changes: dict[str, object], kind: str, severity: str):
    assert (kind, severity) in kinds(facts=[FACT.model_copy(update=changes)], channels=[SITE])


def test_blank_edges_are_found():
    blank = FACT.model_copy(
        update={"start": TEXT.index(" 3"), "end": TEXT.index(" 3") + 4, "value": 3, "unit": "期"}
    )
    assert ("edges", "error") in kinds(facts=[blank], channels=[SITE])


def test_unknown_labels_elsewhere_are_found():
    assert kinds(sections=[LabelledSection(label="summary", start=0, end=4)]) == [("label", "error")]
    assert kinds(problems=[LabelledProblem(start=0, end=4, themes=("lateness",))]) == [("label", "error")]
    assert kinds(improvements=[LabelledImprovement(start=0, end=4, themes=("other",), addresses=(0,))]) == [
        ("link", "error")
    ]


def test_channels_without_words_that_name_them_are_found():
    """A tagger would learn from such a text that those words name no channel."""
    unlinked = FACT.model_copy(update={"mention": None})
    assert kinds(facts=[unlinked]) == [("link", "warning")]
    assert kinds(facts=[unlinked], channels=[SITE]) == []


def test_the_same_fact_twice_is_found():
    assert ("copies", "warning") in kinds(facts=[FACT, FACT], channels=[SITE])


def test_a_text_whose_file_has_changed_is_found(tmp_path: Path):
    source = tmp_path / "report.txt"
    source.write_text(TEXT, "utf-8")
    (found,) = findings(source=str(source), sha256="0" * 64)
    assert (found.kind, found.severity) == ("source", "error")
    assert "has changed" in found.message


def passage(name: str, agency: str, words: str) -> LabelledText:
    return LabelledText(id=name, text=words, report=LabelledReport(agency=agency))


def test_a_passage_that_comes_again_in_the_other_part_leaks():
    agencies = [f"第{n}局" for n in range(40)]
    train = next(a for a in agencies if part_of(passage("x", a, "")) == "train")
    dev = next(a for a in agencies if part_of(passage("x", a, "")) == "dev")
    words = "全年通过门户网站主动公开各类政府信息12条，同比增长三成，办理群众来信若干。"
    other = "举办新闻发布会，邀请市民走进警营，向社区发放宣传手册并解答咨询。"
    leaks = [
        finding.text_id
        for finding in check_texts(
            [
                passage("a", train, words),
                passage("b", dev, words.replace("12", "345")),
                passage("c", dev, other),
            ]
        )
        if finding.kind == "leakage"
    ]
    assert leaks == ["a", "b"]
    same = check_texts([passage("a", train, words), passage("b", train, words)])
    assert [finding for finding in same if finding.kind == "leakage"] == []


def test_rare_labels_are_named():
    (metrics,) = (
        f
        for f in check_texts([LabelledText(id="a", text=TEXT, facts=(FACT,))])
        if "metric with 1 " in f.message
    )
    assert "info_published" in metrics.message
