"""What the annotation tools gave back, and what annotators may do to it.

``data/exports`` holds exports of Label Studio 1.23.2 and doccano 1.8.4: the texts of ``original.jsonl`` were exported,
imported into the program, edited in a browser (Chromium), and exported by the program.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gongkai.annotations.formats import FORMATS, ImportProblem
from gongkai.annotations.formats.utf16 import character_offsets, utf16_offsets
from gongkai.annotations.labelled import (
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledText,
    read_labelled,
)

EXPORTS = Path(__file__).parent / "data" / "exports"


def original() -> list[LabelledText]:
    return list(read_labelled(EXPORTS / "original.jsonl"))


def read(name: str, folder: Path) -> tuple[list[LabelledText], list[ImportProblem]]:
    outcomes = list(FORMATS[name].read(folder))
    texts = [outcome for outcome in outcomes if isinstance(outcome, LabelledText)]
    return texts, [outcome for outcome in outcomes if isinstance(outcome, ImportProblem)]


def words(text: LabelledText, mark: Any) -> str:
    return (text.text or "")[mark.start : mark.end]


def test_units_of_javascript_count_an_astral_character_twice():
    assert utf16_offsets("a𠮷\r\n😀") == [0, 1, 3, 4, 5, 7]
    assert character_offsets("a𠮷b") == {0: 0, 1: 1, 3: 2, 4: 3}


def test_label_studio_brings_back_what_was_exported_and_what_an_annotator_changed():
    (first, second), problems = read("label-studio", EXPORTS / "label_studio")
    before, untouched = original()
    assert second == untouched
    assert (first.id, first.source, first.report, first.cells) == (
        before.id,
        before.source,
        before.report,
        before.cells,
    )
    assert first.sections == before.sections
    assert [(words(first, c), c.channel) for c in first.channels] == [
        ("林市😀", "wechat_video"),  # drawn in the browser, behind 𠮷
        ("官网", "website"),
        ("微博", "weibo"),
    ]
    added, *kept = first.facts
    assert (words(first, added), added.metric, added.value, added.hedge) == (
        "发布",
        "meetings",
        -0.5,
        "exact",
    )
    edited = before.facts[0].model_copy(update={"role": "prior", "mention": 1})
    moved = [fact.model_copy(update={"mention": 2}) for fact in before.facts[1:]]
    assert kept == [edited, *moved]
    assert (first.problems, first.improvements) == (before.problems, before.improvements)
    assert [str(problem) for problem in problems] == [
        "project-export.json: task 1: fact '安局' at 5, value: "
        "'安局' is not one number in plain digits; give its value"
    ]


@pytest.mark.parametrize("shape", ["doccano_relations", "doccano_sequence"])
def test_doccano_brings_back_what_was_exported_and_a_span_drawn_behind_an_astral_character(shape: str):
    (first, second), problems = read("doccano", EXPORTS / shape)
    before, untouched = original()
    assert problems == []
    assert second == untouched
    drawn = LabelledChannel(channel="weibo", start=1, end=4)
    assert words(first, drawn) == "林市😀"
    moved = [fact.model_copy(update={"mention": (fact.mention or 0) + 1}) for fact in before.facts]
    assert first == before.model_copy(update={"channels": (drawn, *before.channels), "facts": tuple(moved)})


def exported(name: str, folder: Path, texts: list[LabelledText] | None = None) -> Path:
    assert FORMATS[name].write(texts or original(), folder) == []
    return folder


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_bytes().decode()
    after = change(before)
    assert after != before
    path.write_bytes(after.encode())


def rewrite_tasks(folder: Path, change: Callable[[Any], None]) -> None:
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    change(tasks)
    (folder / "project.json").write_text(json.dumps(tasks), "utf-8")


def test_a_mark_without_fields_has_the_defaults_of_the_scheme_and_the_value_of_its_digits(tmp_path: Path):
    exported("label-studio", tmp_path)
    start = (original()[1].text or "").index("3场")

    def mark(tasks: Any) -> None:
        value = {"start": start, "end": start + 2, "labels": ["press_conferences"]}
        region = {"id": "x", "from_name": "fact", "to_name": "text", "type": "labels", "value": value}
        tasks[1]["annotations"] = [{"result": [region]}]

    rewrite_tasks(tmp_path, mark)
    (_, second), problems = read("label-studio", tmp_path)
    assert problems == []
    assert second.facts == (
        LabelledFact(
            start=start, end=start + 2, metric="press_conferences", channel=None, value=3, unit="场"
        ),
    )


def test_a_fact_linked_to_words_takes_their_channel_whichever_way_the_arrow_points(tmp_path: Path):
    exported("label-studio", tmp_path)

    def unname(tasks: Any) -> None:
        result = tasks[0]["predictions"][0]["result"]
        tasks[0]["predictions"][0]["result"] = [item for item in result if item.get("from_name") != "channel"]
        for item in result:
            if item["type"] == "relation":
                item["from_id"], item["to_id"] = item["to_id"], item["from_id"]

    rewrite_tasks(tmp_path, unname)
    assert read("label-studio", tmp_path) == (original(), [])


def test_the_ground_truth_wins_and_cancelled_annotations_do_not_count(tmp_path: Path):
    exported("label-studio", tmp_path)

    def annotate(tasks: Any) -> None:
        result = tasks[0]["predictions"][0]["result"]
        tasks[0]["annotations"] = [
            {"result": [], "ground_truth": False, "updated_at": "2026-02-01"},
            {"result": result, "ground_truth": True, "updated_at": "2026-01-01"},
            {"result": [], "was_cancelled": True, "ground_truth": True, "updated_at": "2026-03-01"},
        ]

    rewrite_tasks(tmp_path, annotate)
    texts, problems = read("label-studio", tmp_path)
    assert texts == original()
    assert [(problem.where, problem.field) for problem in problems] == [("task 1", "annotations")]


def test_a_label_changed_in_doccano_keeps_the_other_fields(tmp_path: Path):
    exported("doccano", tmp_path)
    (tmp_path / "relations.jsonl").rename(tmp_path / "all.jsonl")
    rewrite(
        tmp_path / "all.jsonl", lambda s: s.replace('"label": "阅读量 fact:reads"', '"label": "fact:visits"')
    )
    (first, _), problems = read("doccano", tmp_path)
    before = original()[0]
    assert problems == []
    assert first.facts[1] == before.facts[1].model_copy(update={"metric": "visits"})


def test_a_label_changed_in_a_column_keeps_the_other_fields(tmp_path: Path):
    exported("conll-bio", tmp_path)
    rewrite(
        tmp_path / "texts.conll",
        lambda s: s.replace("\tB-weibo\t", "\tB-wechat\t").replace("\tI-weibo\t", "\tI-wechat\t"),
    )
    (first, _), problems = read("conll-bio", tmp_path)
    assert problems == []
    assert [c.channel for c in first.channels] == ["website", "wechat"]
    assert first.facts == original()[0].facts


def test_columns_without_our_comments_are_read(tmp_path: Path):
    exported("conll-bioes", tmp_path)
    rewrite(
        tmp_path / "texts.conll",
        lambda s: "".join(x for x in s.splitlines(True) if not x.startswith("# mark")),
    )
    (first, _), problems = read("conll-bioes", tmp_path)
    before = original()[0]
    assert problems == []
    assert (first.channels, first.sections) == (before.channels, before.sections)
    assert [(words(first, f), f.metric, f.value, f.unit) for f in first.facts] == [
        ("1203条", "info_published", 1203, "条"),
        ("８６０条", "reads", 860, "条"),
    ]


def test_a_column_marks_where_two_spans_of_one_label_meet(tmp_path: Path):
    mark = LabelledChannel(channel="weibo", start=0, end=2)
    text = LabelledText(
        id="a", text="微博微博", channels=(mark, LabelledChannel(channel="weibo", start=2, end=4))
    )
    assert read("conll-bio", exported("conll-bio", tmp_path, [text])) == ([text], [])
    tags = [
        row.split("\t")[3]
        for row in (tmp_path / "texts.conll").read_text("utf-8").splitlines()
        if "\t" in row
    ]
    assert tags == ["B-weibo", "I-weibo", "B-weibo", "I-weibo"]


def test_of_marks_that_overlap_a_column_keeps_the_first_and_longest(tmp_path: Path):
    spans = [(0, 2), (1, 4), (1, 3), (4, 5)]
    marks = tuple(LabelledChannel(channel="weibo", start=start, end=end) for start, end in spans)
    facts = tuple(
        LabelledFact(start=5, end=6, metric="reads", channel="weibo", value=3, unit=None, mention=mention)
        for mention in (0, 1, None)
    )
    text = LabelledText(id="a", text="甲乙丙丁戊3", channels=marks, facts=facts)
    losses = FORMATS["conll-bio"].write([text], tmp_path)
    assert [(loss.text_id, loss.what, loss.count) for loss in losses] == [
        ("a", "channels that overlap others", 2),
        ("a", "links to marks that overlap others", 1),
    ]
    (back,), problems = read("conll-bio", tmp_path)
    assert problems == []
    assert back.channels == (marks[0], marks[3])
    assert [fact.mention for fact in back.facts] == [0, None, None]


def test_bioes_closes_its_spans(tmp_path: Path):
    marks = (LabelledChannel(channel="app", start=0, end=3), LabelledChannel(channel="sms", start=3, end=4))
    exported("conll-bioes", tmp_path, [LabelledText(id="a", text="客户端短", channels=marks)])
    tags = [
        row.split("\t")[3]
        for row in (tmp_path / "texts.conll").read_text("utf-8").splitlines()
        if "\t" in row
    ]
    assert tags == ["B-app", "I-app", "E-app", "S-sms"]


def test_brat_writes_a_mark_over_a_line_end_as_one_discontinuous_span(tmp_path: Path):
    text = LabelledText(id="a", text="甲𠮷\r\n乙", problems=(LabelledProblem(start=1, end=5, themes=()),))
    exported("brat", tmp_path, [text])
    assert (tmp_path / "a.ann").read_bytes().decode() == "T1\tproblem 1 2;4 5\t𠮷 乙\n"
    assert read("brat", tmp_path) == ([text], [])


def test_a_number_in_a_note_of_brat_is_the_value(tmp_path: Path):
    exported("brat", tmp_path, [LabelledText(id="a", text="召开三场")])
    (tmp_path / "a.ann").write_text(
        "T1\tfact-press_conferences 2 4\t三场\n#1\tAnnotatorNotes T1\t3\n", "utf-8"
    )
    (text,), problems = read("brat", tmp_path)
    assert problems == []
    assert text.facts == (
        LabelledFact(start=2, end=4, metric="press_conferences", channel=None, value=3, unit=None),
    )


def test_spans_that_a_program_added_to_a_doc_are_read(tmp_path: Path):
    import spacy
    from spacy.tokens import DocBin, Span

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    doc = nlp("发布信息1203条 \n𠮷😀微博")
    doc.spans["channels"] = [span for span in [doc.char_span(13, 15, label="weibo")] if span]
    doc.spans["facts"] = [Span(doc, 2, 4, label="info_published")]
    DocBin(docs=[doc]).to_disk(tmp_path / "mine.spacy")
    (text,), problems = read("docbin", tmp_path)
    assert problems == []
    assert (text.text, [words(text, fact) for fact in text.facts]) == (doc.text, [doc[2:4].text])
    assert [(words(text, c), c.channel) for c in text.channels] == [("微博", "weibo")] * len(
        doc.spans["channels"]
    )


def test_a_remedy_keeps_its_problems_in_their_order(tmp_path: Path):
    problems = tuple(LabelledProblem(start=i, end=i + 1, themes=("data",)) for i in range(3))
    remedy = LabelledImprovement(start=3, end=4, themes=("data",), addresses=(2, 0))
    text = LabelledText(id="a", text="甲乙丙丁", problems=problems, improvements=(remedy,))
    for name in FORMATS:
        folder = tmp_path / name
        folder.mkdir()
        assert read(name, exported(name, folder, [text])) == ([text], [])


def test_exports_in_other_folders_are_not_needed(tmp_path: Path):
    """Without the sidecar everything that the tool itself carries comes back."""
    shutil.copy(EXPORTS / "label_studio" / "project-export.json", tmp_path)
    with_sidecar, _ = read("label-studio", EXPORTS / "label_studio")
    assert read("label-studio", tmp_path)[0] == with_sidecar
