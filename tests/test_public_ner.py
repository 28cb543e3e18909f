"""Public NER data: its two formats, and the whole command on a handful of made-up sentences."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import torch
import typer
from gongkai.eval import public_ner
from gongkai.eval.public_ner import PublicDataError, Sentence, read_sentences
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from .tiny_reader import tiny_base

SETTINGS = (
    "network.layers=2",
    "network.hidden=32",
    "network.dropout=0",
    "optimiser.epochs=3",
    "optimiser.batch=4",
    "optimiser.encoder_rate=0.003",
    "optimiser.heads_rate=0.01",
    "optimiser.precision=fp32",
)
SENTENCES = (
    (("王芳", "PER"), ("在", ""), ("云岭市公安局", "ORG"), ("工作", "")),
    (("李", "PER"), ("去了", ""), ("青石镇", "LOC")),
    (("他说", ""), ("青石镇", "LOC"), ("云岭市公安局", "ORG")),
)
TIMES = 40
"""How often the train part has each sentence."""
LONGEST = 20
"""In place of the module's own, which would make the tests slow."""
FAR = (("他说，" * 8, ""), ("王芳", "PER"), ("去了", ""), ("青石镇", "LOC"))
"""Longer than a window; the entities lie behind the first cut."""
ACROSS = (("，" * (LONGEST - 1), ""), ("王芳", "PER"), ("去了", ""))
MARKED = "# Results\n<!-- public ner -->\nold\n<!-- /public ner -->\nrest\n"

Parts = Sequence[tuple[str, str]]
"""Pieces of a sentence with their entity types, empty for what is none."""


def bmes(parts: Parts, inside: str = "M") -> str:
    """A sentence's lines with BMES tags, or BIOES ones."""
    lines: list[str] = []
    for text, label in parts:
        marks = ["S"] if len(text) == 1 else ["B", *[inside] * (len(text) - 2), "E"]
        lines += [f"{c} {f'{mark}-{label}' if label else 'O'}" for c, mark in zip(text, marks, strict=True)]
    return "\n".join(lines) + "\n"


def bio(parts: Parts) -> str:
    """A sentence's lines with BIO tags, each character's place in its word behind it."""
    lines: list[str] = []
    for text, label in parts:
        for place, c in enumerate(text):
            lines.append(f"{c}{place}\t{('I-' if place else 'B-') + label if label else 'O'}")
    return "\n".join(lines) + "\n"


def sentence(parts: Parts) -> Sentence:
    entities: list[tuple[int, int, str]] = []
    at = 0
    for text, label in parts:
        if label:
            entities.append((at, at + len(text), label))
        at += len(text)
    return Sentence("".join(text for text, _ in parts), tuple(entities))


def read(folder: Path, content: str) -> list[Sentence]:
    path = folder / "part.txt"
    path.write_text(content, "utf-8")
    return read_sentences(path)


def test_bmes_tags_become_entities_and_blank_lines_no_sentences(tmp_path: Path):
    content = "\n\n".join(bmes(parts) for parts in SENTENCES) + "\n\n\n \n"
    assert read(tmp_path, content) == [
        Sentence("王芳在云岭市公安局工作", ((0, 2, "PER"), (3, 9, "ORG"))),
        Sentence("李去了青石镇", ((0, 1, "PER"), (3, 6, "LOC"))),
        Sentence("他说青石镇云岭市公安局", ((2, 5, "LOC"), (5, 11, "ORG"))),
    ]


def test_only_the_character_itself_is_text_even_where_it_is_a_digit_a_blank_or_half_an_emoji(tmp_path: Path):
    content = "王0\tB-PER.NAM\n芳1\tI-PER.NAM\n310\tO\n11\tO\n\ufffd\ufffd0\tO\n\u30000\tO\n 1\tO"
    assert read(tmp_path, content) == [Sentence("王芳31\ufffd\u3000 ", ((0, 2, "PER.NAM"),))]


def test_a_blank_before_a_blank_and_a_tag_is_text(tmp_path: Path):
    assert read(tmp_path, "王 S-PER\n  O\n李 S-PER\n") == [Sentence("王 李", ((0, 1, "PER"), (2, 3, "PER")))]


@pytest.mark.parametrize(
    ("tags", "entities"),
    [
        ("O I-A I-A O", ((1, 3, "A"),)),
        ("B-A I-B I-B O", ((0, 1, "A"), (1, 3, "B"))),
        ("M-A M-A E-A O", ((0, 3, "A"),)),
        ("O B-A M-A M-A", ((1, 4, "A"),)),
        ("O E-A O S-A", ((1, 2, "A"), (3, 4, "A"))),
        ("B-A M-A B-A E-A", ((0, 2, "A"), (2, 4, "A"))),
        ("B-A E-A M-A E-A", ((0, 2, "A"), (2, 4, "A"))),
        ("B-A S-A M-A O", ((0, 1, "A"), (1, 2, "A"), (2, 3, "A"))),
    ],
)
def test_an_entity_that_lacks_its_first_or_last_tag_counts(
    tmp_path: Path, tags: str, entities: tuple[tuple[int, int, str], ...]
):
    lines = [f"{c} {tag}" for c, tag in zip("甲乙丙丁", tags.split(), strict=True)]
    assert read(tmp_path, "\n".join(lines)) == [Sentence("甲乙丙丁", entities)]


@given(
    st.lists(
        st.lists(
            st.tuples(st.text("甲乙丙丁3a，", min_size=1, max_size=4), st.sampled_from(("", "A.B", "C-D"))),
            min_size=1,
            max_size=6,
        ),
        max_size=4,
    )
)
def test_every_scheme_reads_back_to_the_same_entities(
    tmp_path_factory: pytest.TempPathFactory, texts: list[list[tuple[str, str]]]
):
    folder = tmp_path_factory.mktemp("schemes")
    texts = [*texts, [("王", "A.B")]]
    expected = [sentence(parts) for parts in texts]
    assert read(folder, "\n".join(map(bmes, texts))) == expected
    assert read(folder, "\n".join(bmes(parts, inside="I") for parts in texts)) == expected
    assert read(folder, "\n".join(map(bio, texts))) == expected


@pytest.mark.parametrize("line", ["甲", "甲 X-PER", "甲 B", " O", "甲 O 乙", "甲\tB-"])
def test_a_line_without_a_character_and_its_tag_is_named(tmp_path: Path, line: str):
    with pytest.raises(PublicDataError, match=r"part\.txt:3: "):
        read(tmp_path, f"王 S-PER\n\n{line}\n")


@pytest.mark.parametrize("content", ["", "\n\n", "甲 O\n乙 O\n"])
def test_a_file_without_entities_is_refused(tmp_path: Path, content: str):
    with pytest.raises(PublicDataError, match="no sentence with an entity"):
        read(tmp_path, content)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Several threads wait for each other on a busy processor, many times longer than so small a network computes."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Both data sets; what is learned is dev and test as well, and one more entity, across a cut, is Weibo's test."""
    folder = tmp_path / "data"
    texts = (*SENTENCES, FAR)
    for name, lines, more in (("resume", bmes, ()), ("weibo", bio, (ACROSS,))):
        (folder / name).mkdir(parents=True)
        for part in ("train", "dev", "test"):
            found = {"train": texts * TIMES, "dev": texts, "test": (*texts, *more)}[part]
            (folder / name / f"{part}.txt").write_text("\n".join(map(lines, found)), "utf-8")
    return folder


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "RESULTS.md"
    path.write_text(MARKED, "utf-8")
    monkeypatch.setattr(public_ner, "RESULTS", path)
    monkeypatch.setattr(public_ner, "LONGEST", LONGEST)
    return path


def command(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(public_ner.main)
    return CliRunner().invoke(app, list(map(str, arguments)))


def cells(document: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in row.split("|")[1:-1]] for row in document.splitlines() if row[:1] == "|"
    ]


def test_what_was_learned_is_found_again_and_the_table_written(data: Path, results: Path, base: str):
    outcome = command(data, "--base", base, *SETTINGS)
    assert outcome.exit_code == 0, outcome.output
    written = results.read_text("utf-8")
    assert written.startswith("# Results\n<!-- public ner -->\n| data set |")
    assert written.endswith("\n<!-- /public ner -->\nrest\n")
    assert written.split("<!-- public ner -->\n")[1].split("\n<!-- /public ner -->")[0] in outcome.stdout
    assert str(data.parent) not in written
    assert str(Path(base).parent) not in written
    rows = cells(written)[2:]
    assert [(row[0], row[-1]) for row in rows if "FLAT with BERT" in row[1]] == [
        ("resume", "95.86"),
        ("weibo", "68.55"),
    ]
    resume, weibo = (row for row in rows if row[1].startswith("gongkai"))
    assert resume == ["resume", "gongkai, 2 layers, no words", "0", "100.00", "100.00", "100.00", "100.00"]
    # Eight entities of nine: what lies across a cut stays gold of its whole sentence.
    assert weibo[:4] == ["weibo", "gongkai, 2 layers, no words", "0", "100.00"]
    assert weibo[5] == "88.89"


def test_one_data_set_with_word_boundaries_and_two_seeds_is_printed_only(
    data: Path, results: Path, base: str
):
    chosen = ("network.words=true", "network.layers=null")
    outcome = command(data, "--base", base, "--only", "resume", "--seeds", "3,5", *SETTINGS, *chosen)
    assert outcome.exit_code == 0, outcome.output
    ours = [row for row in cells(outcome.stdout) if row[1].startswith("gongkai")]
    assert [row[:3] for row in ours] == [
        ["resume", "gongkai, all layers, word boundaries", "3"],
        ["resume", "gongkai, all layers, word boundaries", "5"],
    ]
    assert {row[-1] for row in ours} == {"100.00"}
    assert results.read_text("utf-8") == MARKED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("optimiser.epoch=3",), "optimiser.epoch"),
        (("--seeds", "0;1"), "0;1"),
        (("--only", "msra"), "msra"),
    ],
)
def test_wrong_use_is_told(data: Path, results: Path, base: str, arguments: tuple[str, ...], told: str):
    outcome = command(data, "--base", base, *arguments)
    assert outcome.exit_code == 2
    assert told in outcome.output
    assert results.read_text("utf-8") == MARKED


def test_a_base_that_is_none_is_told(data: Path, results: Path, tmp_path: Path):
    outcome = command(data, "--base", tmp_path / "nothing")
    assert outcome.exit_code == 2
    assert "there is no folder" in outcome.output


def test_a_missing_file_is_named(data: Path, results: Path, base: str):
    (data / "weibo" / "dev.txt").unlink()
    outcome = command(data, "--base", base)
    assert outcome.exit_code == 2
    assert "dev.txt" in outcome.output


def test_without_markers_nothing_is_trained(data: Path, results: Path, base: str):
    results.write_text("# Results\n", "utf-8")
    outcome = command(data, "--base", base)
    assert outcome.exit_code == 2
    assert "<!-- /public ner -->" in outcome.output
    assert results.read_text("utf-8") == "# Results\n"
