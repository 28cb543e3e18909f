"""The learned reader: the same scores in training, in numpy and with its files, and damaged files that are told."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gongkai.extraction.narrative.hints import tag_hints
from gongkai.models import heads
from gongkai.models.decoding import Decoding
from gongkai.models.files import DESCRIPTION, ENCODER, ReaderFile, WeightsError, digests_of, load_files
from gongkai.models.labels import FIELDS, Labels
from gongkai.models.network import Network
from gongkai.models.reader import Reader
from gongkai.models.runtime import load_reader
from gongkai.models.vocabulary import Vocabulary
from gongkai.models.windows import Candidate, Hint, Window
from gongkai.training.batches import Collator, rows_of
from gongkai.training.examples import Example, Item, labels_of
from gongkai.training.export import export_encoder
from gongkai.training.trainer import reader_of
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pad_sequence
from transformers import AutoTokenizer

from .tiny_reader import tiny_base, tiny_network, tiny_reader_folder

SAME = {"rtol": 0, "atol": 1e-4}


@dataclass(frozen=True)
class Untrained:
    """A network with random weights, and the folder of a reader that was exported from it."""

    labels: Labels
    network: Network
    vocabulary: Vocabulary
    folder: Path

    @property
    def reader(self) -> Reader:
        return reader_of(self.network, self.labels, self.vocabulary, words=False)


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Untrained:
    folder, labels = tmp_path_factory.mktemp("tiny"), labels_of([])
    reader = tiny_reader_folder(folder, labels)
    network, vocabulary = tiny_network(str(folder / "base"), labels)
    return Untrained(labels, network, vocabulary, reader)


@pytest.fixture(scope="module")
def unquantised(untrained: Untrained, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The exported reader, its encoder with the 32-bit weights."""
    folder = tmp_path_factory.mktemp("unquantised") / "reader"
    shutil.copytree(untrained.folder, folder)
    export_encoder(untrained.network.encoder, folder / ENCODER)
    described = load_files(untrained.folder)[0].model_copy(update={"digests": digests_of(folder)})
    (folder / DESCRIPTION).write_text(described.model_dump_json(), "utf-8")
    return load_reader(folder)


def span(text: str, words: str) -> tuple[int, int]:
    """Where ``words`` stand in a text."""
    start = text.index(words)
    return start, start + len(words)


def example_of_quantities() -> Example:
    text = "去年通过官方网站发布信息1,203条,其中微博约86条;受理申请3件。"
    mentions = ((*span(text, "官方网站"), 0), (*span(text, "微博"), 1))
    return Example(
        window=Window(text, "主动公开:江州市2022"),
        candidates=(
            Candidate(*span(text, "1,203条"), Hint(3, 1, 0, 2, 1, 0)),
            Candidate(*span(text, "约86条")),
            Candidate(*span(text, "3件"), Hint(metric=0)),
        ),
        facts=((3, 1, 0, 0, 0, 0), (3, 2, 1, 0, 0, 0), (0, -1, -1, -1, -1, -1)),
        weights=(1.0, 0.4, 1.0),
        mentions=mentions,
        named=((*span(text, "网站"), 0), (*span(text, "受理"), 2)),
        mention_hints=tuple(tag_hints(mentions[:1], len(text))),
    )


def example_without_channels() -> Example:
    text = "接待来访群众近3000名。"
    return Example(
        window=Window(text, "总体情况:"),
        candidates=(Candidate(*span(text, "近3000名")),),
        facts=((5, 0, 0, 0, 0, 0),),
        weights=(1.0,),
        mentions=(),
    )


def example_of_statements() -> Example:
    text = "一是公开不够及时。二是已经加强培训,\n提高 Web 水平。"
    problem, measure = span(text, "公开不够及时"), span(text, "已经加强培训,\n提高 Web 水平")
    return Example(
        window=Window(text, "存在的问题:"),
        statements=((*problem, 0), (*measure, 1)),
        statement_hints=tuple(tag_hints([(*problem, 0)], len(text))),
        items=(
            Item(*problem, (0, 2), None, ruled=(2, 3)),
            Item(*measure, (), True),
            Item(*span(text, "二"), (1,), False),
        ),
    )


def example_of_lines() -> Example:
    text = "第一部分 概述\n \n全年公开12条。"
    blank = (text.index("\n") + 1, text.index("\n") + 2)
    lines = ((*span(text, "第一部分 概述"), 0), (*blank, 1), (*span(text, "全年公开12条。"), 2))
    return Example(window=Window(text, "分节:"), lines=lines)


QUANTITIES = example_of_quantities()
EXAMPLES = (example_of_lines(), QUANTITIES, example_of_statements(), example_without_channels())


def trained_scores(
    untrained: Untrained, examples: Sequence[Example], *, hints: bool, words: bool
) -> dict[str, np.ndarray]:
    """What the network itself says of ``examples`` in one batch, as the training loop gives it to it."""
    network, labels = untrained.network, untrained.labels
    rows = rows_of(examples, untrained.vocabulary, words=words)
    collator = Collator(
        network.shapes,
        untrained.vocabulary,
        len(labels.themes),
        hints=float(hints),
        masked=0,
        dropped_mentions=0,
    )
    with torch.inference_mode():
        scores = network(collator(list(rows))["batch"])
    return {name: score.numpy() for name, score in scores.items()}


def in_text(scores: np.ndarray, example: Example) -> np.ndarray:
    """The rows of a batch's scores of characters that are those of the window's text."""
    first = len(example.window.prefix) + 2
    return heads.log_softmax(scores[first : first + len(example.window.text)])


@pytest.mark.parametrize("words", [False, True])
@pytest.mark.parametrize("hinted", [False, True])
def test_what_is_read_scores_as_it_did_in_training(untrained: Untrained, hinted: bool, words: bool):
    scores = trained_scores(untrained, EXAMPLES, hints=hinted, words=words)
    reader = reader_of(untrained.network, untrained.labels, untrained.vocabulary, words=words)
    weights, facts = reader.weights, untrained.network.shapes.facts
    read: dict[str, list[np.ndarray]] = {
        "items": [],
        "lines": [],
        **{f"facts.{i}": [] for i in range(len(facts))},
    }
    windows = [each.window for each in EXAMPLES]
    for n, (example, states) in enumerate(zip(EXAMPLES, reader.states(windows), strict=True)):
        length = len(example.window.text)
        assert len(states) == length
        for name, told, tagger in (
            ("mentions", example.mention_hints, heads.mention_scores),
            ("statements", example.statement_hints, heads.statement_scores),
        ):
            found = tagger(weights, states, (told or [0] * length) if hinted else None)
            np.testing.assert_allclose(found, in_text(scores[name][n], example), **SAME)
        ruled = [item.ruled for item in example.items] if hinted else None
        read["items"].append(
            heads.item_scores(weights, states, [(i.start, i.end) for i in example.items], ruled)
        )
        read["lines"].append(heads.line_scores(weights, states, [(a, b) for a, b, _ in example.lines]))
        of_fields = heads.fact_scores(
            weights,
            states,
            [(c.start, c.end) for c in example.candidates],
            [c.hint if hinted else Hint() for c in example.candidates],
            [
                (a, b, label + 1)
                for a, b, label in (*(example.mentions or ()), *(example.named[1:] if hinted else ()))
            ],
            facts,
        )
        for i, found in enumerate(of_fields):
            read[f"facts.{i}"].append(found)
    scores["lines"] = heads.log_softmax(scores["lines"])
    for name, found in read.items():
        np.testing.assert_allclose(np.concatenate(found), scores[name], err_msg=name, **SAME)
    assert len(scores["facts.0"]) == 4
    assert len(scores["items"]) == len(scores["lines"]) == 3


def test_hints_word_boundaries_and_mentions_change_what_is_scored(untrained: Untrained):
    told = trained_scores(untrained, [QUANTITIES], hints=True, words=True)
    alone = trained_scores(untrained, [QUANTITIES], hints=False, words=True)
    unsegmented = trained_scores(untrained, [QUANTITIES], hints=True, words=False)
    unnamed = trained_scores(untrained, [replace(QUANTITIES, mentions=())], hints=True, words=True)
    for name in ("mentions", "facts.0", "facts.1"):
        assert not np.allclose(told[name], alone[name], **SAME)
        assert not np.allclose(told[name], unsegmented[name], **SAME)
    assert not np.allclose(told["facts.1"], unnamed["facts.1"], **SAME)
    np.testing.assert_allclose(told["facts.0"], unnamed["facts.0"], **SAME)


def test_a_mention_speaks_for_its_own_channel_only(untrained: Untrained):
    weights, facts = untrained.reader.weights, untrained.network.shapes.facts
    (states,) = untrained.reader.states([QUANTITIES.window])
    spans, hints = [(c.start, c.end) for c in QUANTITIES.candidates], [Hint()] * 3
    mention = (*span(QUANTITIES.window.text, "官方网站"), 2)
    unnamed = heads.fact_scores(weights, states, spans, hints, [], facts)[1]
    named = heads.fact_scores(weights, states, spans, hints, [mention], facts)[1]
    assert (named[:, 2] > unnamed[:, 2]).all()
    np.testing.assert_allclose(np.delete(named, 2, 1), np.delete(unnamed, 2, 1), **SAME)


def test_a_readers_answers_are_distributions(untrained: Untrained):
    reader = untrained.reader
    (states,) = reader.states([QUANTITIES.window])
    mentions = reader.mentions(states, None)
    assert all(0 <= m.label < len(untrained.labels.mentions) for m in mentions)
    reading = reader.quantities(states, QUANTITIES.candidates, mentions)
    assert reading.metric.shape == (3, len(untrained.labels.metrics))
    assert reading.channel.shape == (3, len(untrained.labels.channels))
    assert {name: each.shape for name, each in reading.fields.items()} == {
        field: (3, len(untrained.labels.of(field))) for field in FIELDS
    }
    for chances in (
        reading.metric,
        reading.channel,
        *reading.fields.values(),
        np.exp(reader.lines(states, [(0, 9)])),
    ):
        np.testing.assert_allclose(chances.sum(-1), 1, rtol=1e-5)
    themes, done = reader.items(states, [(2, 9), (11, 30)], None)
    assert themes.shape == (2, len(untrained.labels.themes))
    assert done.shape == (2,)
    assert ((themes > 0) & (themes < 1)).all()


def test_a_window_without_anything_to_judge_is_no_error(untrained: Untrained):
    reader = untrained.reader
    states = reader.states([Window(""), Window("公开。")])
    assert [len(each) for each in states] == [0, 3]
    assert reader.states([]) == []
    assert reader.mentions(states[0], None) == []
    assert reader.quantities(states[1], [], []).metric.shape == (0, len(untrained.labels.metrics))
    assert reader.lines(states[1], []).shape == (0, len(untrained.labels.sections))


def likeness(found: np.ndarray, expected: np.ndarray) -> float:
    """The least cosine of the states of a character."""
    norms = np.linalg.norm(found, axis=-1) * np.linalg.norm(expected, axis=-1)
    return float(((found * expected).sum(-1) / norms).min())


windows = st.builds(
    lambda phrases, prefix: Window("".join(phrases), prefix),
    st.lists(
        st.sampled_from(["全年公开", "信息1203条", "。\n", "𠮷Ａx", "受理申请3件,", " "]),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["", "主动公开:江州市2022"]),
)


@settings(max_examples=15)
@given(st.lists(windows, min_size=1, max_size=5))
def test_the_exported_encoder_gives_the_states_of_the_trained_one_and_quantised_nearly_so(
    untrained: Untrained, unquantised: Reader, some: list[Window]
):
    readers = (untrained.reader, unquantised, load_reader(untrained.folder))
    for trained, exported, quantised in zip(*(reader.states(some) for reader in readers), strict=True):
        np.testing.assert_allclose(exported, trained, **SAME)
        assert likeness(quantised, trained) > 0.99


def windows_of_many_lengths() -> list[Window]:
    text = "全年通过网站公开信息1203条,受理申请3件。" * 20
    lengths = (1, 300, 7, 44, 2, 300, 121, *range(3, 120, 3))
    return [Window(text[n % 7 :][:length], "主动公开:" * (n % 2)) for n, length in enumerate(lengths)]


def test_what_a_report_says_elsewhere_does_not_change_how_a_window_is_read(untrained: Untrained):
    reader, some = load_reader(untrained.folder), windows_of_many_lengths()
    for beside, window in zip(reader.states(some), some, strict=True):
        (alone,) = reader.states([window])
        assert len(alone) == len(window.text)
        np.testing.assert_array_equal(beside, alone)


def test_the_padding_of_a_batch_in_training_does_not_change_its_states(untrained: Untrained):
    encoder, some = untrained.network.encoder, windows_of_many_lengths()
    rows = [torch.tensor(untrained.vocabulary.encode(window.text)) for window in some]
    ids = pad_sequence(rows, batch_first=True)
    attention = pad_sequence([torch.ones_like(row) for row in rows], batch_first=True)
    with torch.inference_mode():
        states = encoder(ids, attention, torch.zeros_like(ids))
        for row, padded in zip(rows, states, strict=True):
            (alone,) = encoder(row[None], None, torch.zeros_like(row[None]))
            np.testing.assert_allclose(padded[: len(row)].numpy(), alone.numpy(), **SAME)


def test_a_reader_of_other_labels_reads(tmp_path: Path):
    labels = Labels(mentions=("person", "place"), themes=("late",), sections=("whole",))
    reader = load_reader(tiny_reader_folder(tmp_path, labels))
    assert reader.labels == labels
    (states,) = reader.states([Window("张三在江州。")])
    assert {m.label for m in reader.mentions(states, None)} <= {0, 1}
    themes, _ = reader.items(states, [(0, 2)], None)
    assert themes.shape == (1, 1)


def test_what_a_reader_is_told_of_is_kept(untrained: Untrained, tmp_path: Path):
    folder = shutil.copytree(untrained.folder, tmp_path / "reader")
    decoding = Decoding(
        temperatures={**Decoding().temperatures, "metric": 1.7},
        trust={**Decoding().trust, "channel": 0.7},
        thresholds={"fact": 0.4, "theme": 0.3, "done": 0.6},
    )
    told = ReaderFile(
        labels=untrained.labels,
        vocabulary=untrained.vocabulary,
        decoding=decoding,
        words=True,
        about={"base": "tiny", "dev": {"facts": 0.5}},
        digests=digests_of(folder),
    )
    (folder / DESCRIPTION).write_text(told.model_dump_json(), "utf-8")
    assert load_files(folder)[0] == told
    reader = load_reader(folder)
    assert (reader.words, reader.vocabulary) == (True, untrained.vocabulary)
    assert reader.decoding == decoding


def test_a_higher_temperature_makes_a_reader_less_sure_but_no_other_label_likelier(untrained: Untrained):
    sure = untrained.reader
    hot = Decoding(temperatures={**Decoding().temperatures, "metric": 3.0})
    unsure = replace(sure, decoding=hot)
    (states,) = sure.states([QUANTITIES.window])
    before, after = (r.quantities(states, QUANTITIES.candidates, []) for r in (sure, unsure))
    assert (after.metric.max(-1) < before.metric.max(-1)).all()
    assert (after.metric.argmax(-1) == before.metric.argmax(-1)).all()
    np.testing.assert_array_equal(after.channel, before.channel)


def test_trust_in_the_rules_makes_their_label_likelier_and_only_where_they_gave_one(untrained: Untrained):
    plain = untrained.reader
    trusting = replace(plain, decoding=Decoding(trust={**Decoding().trust, "metric": 2.0}))
    ruled = [c._replace(hint=c.hint._replace(metric=5)) for c in QUANTITIES.candidates]
    asked = [*ruled, Candidate(ruled[0].start, ruled[0].end)]
    (states,) = plain.states([QUANTITIES.window])
    before, after = (reader.quantities(states, asked, []).metric for reader in (plain, trusting))
    assert (after[:-1, 5] > before[:-1, 5]).all()
    np.testing.assert_allclose(after[-1], before[-1], rtol=1e-5)


def test_characters_have_the_numbers_of_the_encoders_own_tokenizer(tmp_path: Path):
    base = tiny_base(tmp_path)
    _, vocabulary = tiny_network(base, labels_of([]))
    text = "公开 12,345条(《条例》)𠮷。"
    tokenizer = AutoTokenizer.from_pretrained(base)
    numbers = [vocabulary.begin, *vocabulary.encode(text), vocabulary.end]
    assert numbers[1:-1] == tokenizer(text, add_special_tokens=False)["input_ids"]
    assert [numbers[0], numbers[-1]] == [tokenizer.cls_token_id, tokenizer.sep_token_id]
    assert vocabulary.encode("\n\t ") == vocabulary.encode("   ")


def flipped(data: bytes) -> bytes:
    """``data`` with one bit changed in its middle."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


DAMAGES: list[tuple[str, str, Callable[[bytes], bytes | None]]] = [
    (name, told, damage)
    for name in (ENCODER, "heads.safetensors", "reader.json")
    for told, damage in (
        ("missing", lambda data: None),
        ("empty", lambda data: b""),
        ("truncated", lambda data: data[: len(data) // 2]),
        ("garbled", lambda data: b"\x00\xff" * 50),
    )
] + [
    (ENCODER, "changed", flipped),
    ("heads.safetensors", "changed", flipped),
    ("reader.json", "of another kind", lambda data: b'{"model_type": "bert"}'),
    ("reader.json", "of no fields", lambda data: b"[]"),
]


@pytest.mark.parametrize(("name", "damage"), [pytest.param(n, d, id=f"{n} {told}") for n, told, d in DAMAGES])
def test_a_missing_or_damaged_file_is_named_with_the_remedy(
    untrained: Untrained, tmp_path: Path, name: str, damage: Callable[[bytes], bytes | None]
):
    folder = shutil.copytree(untrained.folder, tmp_path / "reader")
    data = damage((folder / name).read_bytes())
    if data is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(data)
    with pytest.raises(WeightsError) as error:
        load_reader(folder)
    assert str(folder / name) in str(error.value)
    assert "gongkai train" in str(error.value)


def test_a_mended_reader_is_read_after_all(untrained: Untrained, tmp_path: Path):
    folder = tmp_path / "reader"
    with pytest.raises(WeightsError, match=r"reader\.json cannot be read"):
        load_reader(folder)
    shutil.copytree(untrained.folder, folder)
    assert load_reader(folder).labels == untrained.labels
