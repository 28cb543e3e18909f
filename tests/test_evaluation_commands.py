"""`gongkai eval` and `gongkai annotate` as an evaluator and an annotator run them."""

import json
from pathlib import Path

import pytest
from gongkai.annotations.labelled import LabelledText, read_labelled
from gongkai.eval.errors import find_errors, write_error_page
from gongkai.eval.gold import GOLD_FOLDER

from .test_command_line import gongkai

ROOT = Path(__file__).resolve().parent.parent
HELD_OUT = ROOT / "eval" / "passages" / "held_out_natural.jsonl"
CORPUS_FILE = ROOT / "annotations" / "corpus" / "mixed_passages.txt"


@pytest.fixture(scope="module")
def records(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "records.jsonl"
    assert gongkai("extract", *sorted(seeds.glob("*.txt")), "-o", path).returncode == 0
    return path


def test_predictions_are_scored_without_the_reports_at_hand(records: Path, tmp_path: Path):
    done = gongkai("eval", records, "-o", tmp_path / "scores")
    assert done.returncode == 0, done.stderr
    for words in (
        "facts (metric, channel, value)",
        "seqeval",
        "facts by channel",
        "cells",
        "calibration",
        "don't-care",
    ):
        assert words in done.stdout
    saved = json.loads((tmp_path / "scores" / "scores.json").read_text("utf-8"))
    assert saved["texts"] == 5
    assert saved["uncertain_gold_facts"] == 48
    main = saved["scores"]["facts (metric, channel, value)"]
    assert main["low"] <= main["f1"] <= main["high"]
    assert f"{main['f1']:.3f}" in done.stdout


def test_a_run_is_compared_with_another(records: Path, seeds: Path):
    done = gongkai("eval", "learned", "--reports", seeds, "--against", records)
    assert done.returncode == 0, done.stderr
    assert "p = 1.000" in done.stdout  # the records come from the same reader


def test_texts_with_their_labels_serve_as_gold():
    done = gongkai("eval", "rules", "--gold", HELD_OUT)
    assert done.returncode == 0, done.stderr
    assert "40 texts" in done.stdout
    assert "cells" not in done.stdout


def test_a_corpus_scored_against_itself_is_perfect(tmp_path: Path):
    done = gongkai("eval", HELD_OUT, "--gold", HELD_OUT, "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    saved = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    assert {row["f1"] for row in saved["scores"].values()} == {1}
    assert "No errors" in (tmp_path / "errors.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rules"], "--reports"),
        (["nowhere.jsonl"], "nowhere.jsonl"),
        (["rules", "--gold", "nowhere"], "nowhere"),
        ([str(HELD_OUT)], "no prediction for"),
        (["rules", "--gold", str(ROOT / "README.md")], "README.md"),
    ],
)
def test_what_is_missing_is_named(arguments: list[str], message: str):
    done = gongkai("eval", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def passage(facts: list[dict[str, object]]) -> LabelledText:
    text = "全年发布信息120条<b>，粉丝35人。另有会议3次。"
    return LabelledText.model_validate(
        {
            "id": "p",
            "text": text,
            "sections": [{"label": "overview", "start": 0, "end": len(text)}],
            "facts": facts,
        }
    )


def fact(start: int, end: int, metric: str, value: int, **more: object) -> dict[str, object]:
    return {
        "start": start,
        "end": end,
        "metric": metric,
        "channel": None,
        "value": value,
        "unit": None,
        **more,
    }


def test_errors_are_shown_in_their_sentence_the_costliest_first(tmp_path: Path):
    gold = passage([fact(6, 10, "info_published", 120), fact(16, 19, "followers", 35)])
    given = passage(
        [
            fact(6, 10, "documents_published", 120, confidence=0.9),
            fact(24, 26, "meetings", 3, role="part", confidence=0.1),
        ]
    )
    errors = find_errors([(gold, given)])
    assert [(e.kind, e.words) for e in errors] == [
        ("wrong label", "120条"),
        ("missed", "35人"),
        ("false alarm", "3次"),
    ]
    assert [e.cost for e in errors] == [4.2, 3.0, 1.8]  # flat figures weigh 3; times 0.5 plus the confidence
    write_error_page(errors, "Errors of <run>", tmp_path / "errors.html")
    page = (tmp_path / "errors.html").read_text("utf-8")
    assert "全年发布信息<mark>120条</mark>&lt;b&gt;，粉丝35人。" in page
    assert "Errors of &lt;run&gt;" in page
    assert "http" not in page  # opens without a network


def test_agreement_of_a_file_with_itself(tmp_path: Path):
    done = gongkai("annotate", "agreement", CORPUS_FILE, CORPUS_FILE)
    assert done.returncode == 0, done.stderr
    assert "80 texts, 0 disagreements" in done.stdout


def test_agreement_wants_the_same_texts():
    done = gongkai("annotate", "agreement", CORPUS_FILE, HELD_OUT)
    assert done.returncode == 2
    assert "no text in common" in done.stderr


def test_a_sample_is_drawn_from_records_and_can_be_labelled(records: Path, tmp_path: Path):
    done = gongkai("annotate", "sample", records, "-n", "6", "-o", tmp_path / "next.jsonl")
    assert done.returncode == 0, done.stderr
    texts = list(read_labelled(tmp_path / "next.jsonl"))
    assert len(texts) == 6
    assert all(text.text and (text.facts or text.problems) for text in texts)
    assert gongkai("annotate", "check", tmp_path / "next.jsonl").returncode == 0


def test_check_names_file_and_line_and_goes_on(tmp_path: Path):
    head = "=== {}\nagency: 甲局\nkind: township\nregion: _\nyear: 2020\nsection: overview\n---\n"
    path = tmp_path / "a.txt"
    path.write_text(
        head.format("a") + "公开{3条|nothing}。\n" + head.format("b") + "公开{三条|reads =4}。\n", "utf-8"
    )
    done = gongkai("annotate", "check", path)
    assert done.returncode == 1
    assert "a.txt, line 8: 'nothing' is no metric" in done.stdout
    assert "b at 2: value is 4, the number grammar reads 3" in done.stdout
    assert "1 texts: 1 errors" in done.stdout


def test_records_whose_report_is_gone_say_so(records: Path, tmp_path: Path):
    moved = tmp_path / "moved.jsonl"
    line = json.loads(records.read_text("utf-8").splitlines()[0])
    line["report"]["source"] = "gone.txt"
    moved.write_text(json.dumps(line) + "\n", "utf-8")
    done = gongkai("annotate", "sample", moved, "-o", "-")
    assert done.returncode == 2
    assert "gone.txt: there is no such file" in done.stderr


@pytest.mark.parametrize("command", ["agreement", "check", "sample", "export", "import"])
def test_every_command_explains_itself_with_an_example(command: str):
    done = gongkai("annotate", command, "--help")
    assert done.returncode == 0
    assert f"Example: gongkai annotate {command}" in done.stdout


def test_the_gold_ships_with_the_package():
    assert len(list(GOLD_FOLDER.glob("*.json"))) == 5
