"""Broken exports: each defect is named by file, task and field, and all the rest is imported."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gongkai.annotations.formats import FORMATS, ImportProblem
from gongkai.annotations.labelled import LabelledChannel, LabelledFact, LabelledProblem, LabelledText
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST = LabelledText(
    id="first",
    text="𠮷林官网发布1203条。",
    channels=(LabelledChannel(channel="website", start=2, end=4),),
    facts=(LabelledFact(start=6, end=11, metric="reads", channel="website", value=7, unit="条", mention=0),),
    problems=(LabelledProblem(start=0, end=2, themes=("data",)),),
)
SECOND = LabelledText(id="second", text="微博", channels=(LabelledChannel(channel="weibo", start=0, end=2),))
THIRD = LabelledText(id="third", text="抖音")
ALL = [FIRST, SECOND, THIRD]
MAIN_FILE = {
    "label-studio": "tasks.json",
    "doccano": "relations.jsonl",
    "conll-bio": "texts.conll",
    "conll-bioes": "texts.conll",
    "docbin": "texts.spacy",
    "jsonl": "labelled.jsonl",
}
Outcome = tuple[list[LabelledText], list[tuple[str, str, str]]]


def read(name: str, folder: Path) -> Outcome:
    """The texts, and of each problem its file, place and field."""
    outcomes = list(FORMATS[name].read(folder))
    problems = [outcome for outcome in outcomes if isinstance(outcome, ImportProblem)]
    assert all(problem.message for problem in problems)
    texts = [outcome for outcome in outcomes if isinstance(outcome, LabelledText)]
    return texts, [(problem.file, problem.where, problem.field) for problem in problems]


def export(name: str, folder: Path) -> None:
    assert FORMATS[name].write(ALL, folder) == []


def rewrite(path: Path, old: str, new: str) -> None:
    before = path.read_bytes().decode()
    assert old in before
    path.write_bytes(before.replace(old, new, 1).encode())


Change = Callable[[Any], None]


def changed_tasks(folder: Path, change: Change) -> Outcome:
    """What is read when ``change`` was made to the tasks of Label Studio."""
    export("label-studio", folder)
    tasks = json.loads((folder / "tasks.json").read_text("utf-8"))
    change(tasks)
    (folder / "tasks.json").write_text(json.dumps(tasks), "utf-8")
    return read("label-studio", folder)


def changed_rows(folder: Path, change: Change) -> Outcome:
    """What is read when ``change`` was made to the relation rows of doccano."""
    export("doccano", folder)
    path = folder / "relations.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return read("doccano", folder)


def without(text: LabelledText, *names: str) -> LabelledText:
    return text.model_copy(update=dict.fromkeys(names, ()))


UNLINKED = FIRST.model_copy(
    update={"channels": (), "facts": (FIRST.facts[0].model_copy(update={"mention": None}),)}
)


def set_text(row: Any, text: str | None) -> None:
    data = row.get("data", row)
    if text is None:
        del data["text"]
    else:
        data["text"] = text


@pytest.mark.parametrize("text", [None, "𠮷林官网"])
def test_a_missing_or_edited_text_costs_its_task_only(tmp_path: Path, text: str | None):
    texts, problems = changed_tasks(tmp_path, lambda tasks: set_text(tasks[0], text))
    assert texts == [SECOND, THIRD]
    assert problems[0] == ("tasks.json", "task 1", "data.text" if text is None else "text")
    (tmp_path / "doccano").mkdir()
    texts, problems = changed_rows(tmp_path / "doccano", lambda rows: set_text(rows[0], text))
    assert texts == [SECOND, THIRD]
    assert problems[0] == ("relations.jsonl", "line 1", "text")


@pytest.mark.parametrize("name", sorted(MAIN_FILE.keys() - {"docbin", "jsonl"}))
def test_a_truncated_file_gives_what_stands_before_the_break(tmp_path: Path, name: str):
    export(name, tmp_path)
    path = tmp_path / MAIN_FILE[name]
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex("抖".encode() if name != "doccano" else b'"entities"') + 1])
    texts, problems = read(name, tmp_path)
    assert texts == [FIRST, SECOND]
    assert MAIN_FILE[name] in {file for file, _, _ in problems}
    assert (name == "conll-bio" or name == "conll-bioes") or problems[-1] == ("texts.jsonl", "line 3", "text")


def test_a_truncated_docbin_is_named_and_other_files_are_read(tmp_path: Path):
    export("docbin", tmp_path)
    whole = (tmp_path / "texts.spacy").read_bytes()
    (tmp_path / "broken.spacy").write_bytes(whole[: len(whole) // 2])
    assert read("docbin", tmp_path) == (ALL, [("broken.spacy", "", "DocBin")])


def test_a_broken_line_of_jsonl_is_named_and_the_others_are_read(tmp_path: Path):
    export("jsonl", tmp_path)
    rewrite(tmp_path / "labelled.jsonl", '{"id":"second"', '{"id":2')
    assert read("jsonl", tmp_path) == ([FIRST, THIRD], [("labelled.jsonl", "line 2", "id")])


def test_a_text_that_was_exported_and_has_not_come_back_is_named(tmp_path: Path):
    texts, problems = changed_tasks(tmp_path, lambda tasks: tasks.pop(1))
    assert texts == [FIRST, THIRD]
    assert problems == [("texts.jsonl", "line 2", "text")]


def test_a_text_that_came_twice_is_taken_once(tmp_path: Path):
    texts, problems = changed_tasks(tmp_path, lambda tasks: tasks.append(tasks[0]))
    assert texts == ALL
    assert problems == [("tasks.json", "task 4", "id")]


def regions(tasks: Any) -> list[Any]:
    return tasks[0]["predictions"][0]["result"]


def item(tasks: Any, control: str) -> Any:
    return next(result for result in regions(tasks) if result.get("from_name") == control)


def test_an_unknown_label_costs_its_mark_only(tmp_path: Path):
    texts, problems = changed_tasks(
        tmp_path, lambda tasks: item(tasks, "fact")["value"].update(labels=["sales"])
    )
    assert texts == [without(FIRST, "facts"), SECOND, THIRD]
    assert [field for _, _, field in problems] == [
        "fact '1203条' at 6, metric",
        "relation fact-0 to channel-0",
    ]
    assert {place for _, place, _ in problems} == {"task 1"}


def test_an_unknown_choice_costs_its_mark_only(tmp_path: Path):
    texts, problems = changed_tasks(
        tmp_path, lambda tasks: item(tasks, "themes")["value"].update(choices=["food"])
    )
    assert texts == [without(FIRST, "problems"), SECOND, THIRD]
    assert problems == [("tasks.json", "task 1", "problem '𠮷林' at 0, themes")]


def test_a_span_outside_of_the_text_costs_its_mark_only(tmp_path: Path):
    texts, problems = changed_tasks(tmp_path, lambda tasks: item(tasks, "statement")["value"].update(end=99))
    assert texts == [without(FIRST, "problems"), SECOND, THIRD]
    assert problems[0] == ("tasks.json", "task 1", "problem '𠮷林官网发布1203条。' at 0, span")


def test_a_result_of_the_wrong_form_is_named_by_its_place(tmp_path: Path):
    texts, problems = changed_tasks(
        tmp_path, lambda tasks: item(tasks, "statement")["value"].update(start="x")
    )
    assert texts == [without(FIRST, "problems"), SECOND, THIRD]
    assert problems[0][2].endswith("].value.start")


def test_a_relation_to_a_region_that_is_not_there_costs_the_relation_only(tmp_path: Path):
    def drop(tasks: Any) -> None:
        tasks[0]["predictions"][0]["result"] = [r for r in regions(tasks) if r.get("id") != "channel-0"]

    texts, problems = changed_tasks(tmp_path, drop)
    assert texts == [UNLINKED, SECOND, THIRD]
    assert problems == [("tasks.json", "task 1", "relation fact-0 to channel-0")]
    (tmp_path / "doccano").mkdir()
    texts, problems = changed_rows(tmp_path / "doccano", lambda rows: rows[0]["entities"].pop(0))
    assert texts == [UNLINKED, SECOND, THIRD]
    assert problems == [("relations.jsonl", "line 1", "relations[0]")]


def test_a_relation_between_marks_that_have_none_is_named(tmp_path: Path):
    def relate(tasks: Any) -> None:
        regions(tasks).append({"type": "relation", "from_id": "problem-0", "to_id": "channel-0"})

    texts, problems = changed_tasks(tmp_path, relate)
    assert texts == ALL
    assert problems == [("tasks.json", "task 1", "relation problem-0 to channel-0")]


def test_fields_of_a_region_that_is_not_there_are_named(tmp_path: Path):
    def drop(tasks: Any) -> None:
        tasks[0]["predictions"][0]["result"] = [
            r for r in regions(tasks) if r.get("from_name") != "statement"
        ]

    texts, problems = changed_tasks(tmp_path, drop)
    assert texts == [without(FIRST, "problems"), SECOND, THIRD]
    assert problems == [("tasks.json", "task 1", "region 'problem-0'")]


@pytest.mark.parametrize(
    "content", ["", "{", "null", "[1, 2", '{"data": 3}', "\ufeff[", "𠮷", '[{"data": {"text": "a"}}] x']
)
@pytest.mark.parametrize("name", ["label-studio", "doccano"])
def test_what_is_no_export_at_all_is_a_problem_and_no_crash(tmp_path: Path, name: str, content: str):
    suffix = MAIN_FILE[name].split(".")[1]
    (tmp_path / f"broken.{suffix}").write_text(content, "utf-8")
    (tmp_path / f"whole.{suffix}").write_bytes(b"")
    export(name, tmp_path)
    (tmp_path / MAIN_FILE[name]).replace(tmp_path / f"whole.{suffix}")
    texts, problems = read(name, tmp_path)
    assert texts[-3:] == ALL
    assert {file for file, _, _ in problems} <= {f"broken.{suffix}"}
    assert problems or not content or content.startswith("[{")


def test_bytes_that_are_no_utf_8_are_a_problem_and_no_crash(tmp_path: Path):
    for name, file in MAIN_FILE.items():
        folder = tmp_path / name
        folder.mkdir()
        export(name, folder)
        broken = folder / f"broken.{file.rsplit('.', 1)[1]}"
        broken.write_bytes("发布".encode("gb18030"))
        if name == "doccano":
            (folder / file).rename(folder / "all.jsonl")
        if name == "label-studio":
            (folder / file).rename(folder / "project.json")
        texts, problems = read(name, folder)
        assert texts == ALL, name
        assert {file for file, _, _ in problems} == {broken.name}, name


@pytest.mark.parametrize("name", sorted(FORMATS))
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_whatever_happens_to_its_bytes_an_export_is_read_and_damage_is_told(name: str, data: st.DataObject):
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        export(name, folder)
        path = folder / MAIN_FILE.get(name, "first.ann")
        whole = path.read_bytes()
        at = data.draw(st.integers(0, len(whole)))
        until = data.draw(st.integers(at, min(len(whole), at + 40)))
        path.write_bytes(whole[:at] + data.draw(st.binary(max_size=4)) + whole[until:])
        texts, problems = read(name, folder)
    assert problems or len(texts) == 3 or name == "jsonl"  # a line gone without a trace


def test_an_offset_inside_a_pair_of_units_is_named(tmp_path: Path):
    texts, problems = changed_rows(tmp_path, lambda rows: rows[0]["entities"][-1].update(start_offset=1))
    assert texts == [without(FIRST, "problems"), SECOND, THIRD]
    assert problems == [("relations.jsonl", "line 1", "span")]


def test_tags_out_of_their_order_are_named_by_line_and_column(tmp_path: Path):
    export("conll-bioes", tmp_path)
    rewrite(tmp_path / "texts.conll", "\tE-weibo\t", "\tO\t")
    texts, problems = read("conll-bioes", tmp_path)
    assert texts == [FIRST, without(SECOND, "channels"), THIRD]
    lines = (tmp_path / "texts.conll").read_text("utf-8").split("\n")
    opened = next(number for number, line in enumerate(lines, 1) if "B-weibo" in line)
    assert problems == [("texts.conll", f"line {opened}", "CHANNEL")]


def test_a_row_with_a_column_missing_costs_its_text_only(tmp_path: Path):
    export("conll-bio", tmp_path)
    rewrite(tmp_path / "texts.conll", "微\tO\tO\t", "微\tO\t")
    texts, problems = read("conll-bio", tmp_path)
    assert texts == [FIRST, THIRD]
    assert [(file, field) for file, _, field in problems] == [("texts.conll", "columns")]


@pytest.mark.parametrize("form", ["U+D800", "U+110000", "U+0", "微博", ""])
def test_a_form_that_is_no_character_costs_its_text_only(tmp_path: Path, form: str):
    export("conll-bio", tmp_path)
    rewrite(tmp_path / "texts.conll", "微\tO", f"{form}\tO")
    texts, problems = read("conll-bio", tmp_path)
    assert texts == [FIRST, THIRD]
    assert [(file, field) for file, _, field in problems] == [("texts.conll", "FORM")]


@pytest.mark.parametrize("name", ["label-studio", "doccano"])
def test_half_a_pair_of_units_is_no_character(tmp_path: Path, name: str):
    export(name, tmp_path)
    path = tmp_path / MAIN_FILE[name]
    rewrite(path, '"text": "抖音"', '"text": "\\ud83d"')
    texts, problems = read(name, tmp_path)
    assert texts == [FIRST, SECOND]
    assert problems[0][0] == path.name
    assert problems[0][2].endswith("text")


@pytest.mark.parametrize(
    ("old", "new", "field", "left"),
    [
        ("官网", "微博", "text", UNLINKED),
        ("channel-website", "channel-newspaper", "channel '官网' at 2, channel", UNLINKED),
        ("channel-website", "Place", "type", UNLINKED),
        ("T1\tchannel-website 2 4\t官网\n", "", "relation channel", UNLINKED),
        ("Arg2:T1", "Arg2:T9", "relation channel", UNLINKED.model_copy(update={"channels": FIRST.channels})),
        ("A1\tchannel T2 website", "A1\tmood T2 good", "mood", FIRST),
        ("{", "remark: {", "note", FIRST.model_copy(update={"facts": (FIRST.facts[0].model_copy(update={"value": 1203}),)})),
        ("R1", "E1", "annotation", UNLINKED.model_copy(update={"channels": FIRST.channels})),
    ],
)  # fmt: skip
def test_a_broken_line_of_brat_is_named_and_the_others_are_read(
    tmp_path: Path, old: str, new: str, field: str, left: LabelledText
):
    export("brat", tmp_path)
    rewrite(tmp_path / "first.ann", old, new)
    texts, problems = read("brat", tmp_path)
    assert texts == [left, SECOND, THIRD]
    assert problems[0][0] == "first.ann"
    assert field in {found for _, _, found in problems}


def test_an_edited_or_missing_text_of_brat_costs_that_text_only(tmp_path: Path):
    export("brat", tmp_path)
    rewrite(tmp_path / "first.txt", "官网", "官方网站")
    (tmp_path / "second.txt").unlink()
    assert read("brat", tmp_path) == ([THIRD], [("first.txt", "", "text"), ("second.txt", "", "text")])


def test_a_span_of_brat_with_a_gap_over_words_is_named(tmp_path: Path):
    export("brat", tmp_path)
    (tmp_path / "third.ann").write_text("T1\tchannel-douyin 0 1;2 2\t抖 \n", "utf-8")
    rewrite(tmp_path / "first.ann", "problem 0 2\t𠮷林", "problem 0 2;4 6\t𠮷林 发布")
    texts, problems = read("brat", tmp_path)
    assert texts[0] == without(FIRST, "problems")
    assert (problems[0][0], problems[0][2]) == ("first.ann", "span")


def test_marks_that_are_none_stay_behind_and_are_told(tmp_path: Path):
    broken = SECOND.model_copy(
        update={
            "channels": (
                LabelledChannel(channel="weibo", start=0, end=3),
                LabelledChannel(channel="newspaper", start=0, end=1),
                LabelledChannel(channel="weibo", start=1, end=1),
                *SECOND.channels,
            ),
            "facts": (
                LabelledFact(start=0, end=1, metric="reads", channel="weibo", value=1, unit=None, mention=0),
            ),
        }
    )
    unlinked = broken.facts[0].model_copy(update={"mention": None})
    nothing = LabelledText(id="no text", sha256="0" * 64)
    for name in FORMATS.keys() - {"jsonl"}:
        folder = tmp_path / name
        folder.mkdir()
        losses = FORMATS[name].write([broken, nothing, THIRD, THIRD], folder)
        assert [(loss.text_id, loss.count) for loss in losses] == [
            ("second", 3), ("second", 1), ("no text", 1), ("third", 1),
        ]  # fmt: skip
        assert read(name, folder) == ([SECOND.model_copy(update={"facts": (unlinked,)}), THIRD], [])
