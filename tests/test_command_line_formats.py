"""``gongkai annotate export`` and ``import`` as a user runs them."""

from pathlib import Path

import pytest
from gongkai.annotations.formats import FORMATS
from gongkai.annotations.labelled import LabelledChannel, LabelledText, labelled_lines
from gongkai.app.cli import app
from typer.testing import CliRunner, Result

TEXTS = [
    LabelledText(id="a", text="𠮷林微博", channels=(LabelledChannel(channel="weibo", start=2, end=4),)),
    LabelledText(id="b", text="抖音😀"),
]


def gongkai(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"".join(labelled_lines(TEXTS)))
    return path


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_is_exported_is_imported_equal(corpus: Path, tmp_path: Path, name: str):
    done = gongkai("annotate", "export", corpus, "--format", name, "-o", tmp_path / "new" / "out")
    assert (done.exit_code, "nothing was left out" in done.stderr) == (0, True), done.stderr
    done = gongkai(
        "annotate", "import", tmp_path / "new" / "out", "--format", name, "-o", tmp_path / "back.jsonl"
    )
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "back.jsonl").read_bytes() == corpus.read_bytes()


def test_the_export_says_what_it_leaves_out(tmp_path: Path):
    marks = tuple(LabelledChannel(channel="weibo", start=start, end=4) for start in (2, 3))
    path = tmp_path / "texts.jsonl"
    path.write_bytes(b"".join(labelled_lines([TEXTS[0].model_copy(update={"channels": marks})])))
    done = gongkai("annotate", "export", path, "--format", "conll-bio", "-o", tmp_path / "out")
    assert done.exit_code == 0
    assert "left out: 1 channels that overlap others (a)" in done.stderr


def test_a_task_that_cannot_be_imported_is_named_and_the_rest_written(corpus: Path, tmp_path: Path):
    gongkai("annotate", "export", corpus, "--format", "brat", "-o", tmp_path / "out")
    (tmp_path / "out" / "a.txt").write_text("吉林微博", "utf-8")
    done = gongkai("annotate", "import", tmp_path / "out", "--format", "brat", "-o", "-")
    assert done.exit_code == 1
    assert done.stdout.encode() == b"".join(labelled_lines(TEXTS[1:]))
    assert (
        "not imported: a.txt: text: differs from the text exported as 'a' from character 0 on" in done.stderr
    )


def test_wrong_use_is_told_and_nothing_is_overwritten(corpus: Path, tmp_path: Path):
    assert gongkai("annotate", "export", corpus, "--format", "word", "-o", tmp_path / "out").exit_code == 2
    done = gongkai("annotate", "export", corpus, "--format", "jsonl", "-o", tmp_path)
    assert (done.exit_code, "not an empty folder" in done.stderr) == (2, True)
    assert gongkai("annotate", "import", tmp_path / "none", "--format", "brat", "-o", "-").exit_code == 2
    (tmp_path / "empty").mkdir()
    done = gongkai(
        "annotate", "import", tmp_path / "empty", "--format", "brat", "-o", tmp_path / "back.jsonl"
    )
    assert (done.exit_code, (tmp_path / "back.jsonl").exists()) == (2, False)
