"""The baselines' readers: each learns a dozen small documents, survives its own saving, and odd texts."""

import json
from functools import partial
from pathlib import Path

import pytest
from gongkai.annotations.labelled import LabelledReport, LabelledSection, LabelledText, labelled_lines
from gongkai.eval.baselines import bilstm_crf, cue_bag, spacy_ner, spacy_spancat
from gongkai.eval.baselines.bilstm_network import TAGS, Network, spans_of, tags_of
from gongkai.eval.baselines.marks import Mark, without_overlaps
from gongkai.eval.baselines.measure import Measured, measure
from gongkai.eval.baselines.readers import TrainedReader
from gongkai.eval.baselines.results import NoPlaceError, results_table, write_between_markers
from gongkai.eval.baselines.watching import best_state, held_back
from gongkai.eval.predictions import without_marks
from gongkai.eval.score import MAIN, score_text, total
from hypothesis import given
from hypothesis import strategies as st
from torch import manual_seed, randint

from .marked_texts import marked_text
from .test_command_line import gongkai

SENTENCES = (
    "全年通过[门户网站|website]发布信息{%d条|info_published@website}。",
    "[微博|weibo]发布信息{%d条|info_published@weibo}，阅读量{%d万次|reads@weibo =%d0000}。",
    "[微信公众号|wechat]推送信息{%d条|info_published@wechat}。",
    "召开新闻发布会{%d场|press_conferences}，收到申请{%d件|applications_received}。",
    "因政府信息公开{未发生|reviews =0 unit:- ; lawsuits =0 unit:-}行政复议和行政诉讼。",
    "我局辖区设派出所%d个，民警%d名，破获案件%d起。",
)
LOADERS = {
    "spacy_ner": (partial(spacy_ner.train, epochs=30), spacy_ner.load),
    "spacy_spancat": (partial(spacy_spancat.train, epochs=20), spacy_spancat.load),
    "bilstm_crf": (partial(bilstm_crf.train, epochs=150), bilstm_crf.load),
    "cue_bag": (cue_bag.train, cue_bag.load),
}


def labelled(number: int, markup: str, agency: str = "云岭市公安局") -> LabelledText:
    text = marked_text(markup, id=f"t{number}", report=LabelledReport(agency=agency))
    whole = LabelledSection(label="overview.disclosure", start=0, end=len(text.text or ""))
    return text.model_copy(update={"sections": (whole,)})


@pytest.fixture(scope="module")
def documents() -> list[LabelledText]:
    """A dozen documents of five sentences in turn, all of one agency, so that none is held back from learning."""
    texts: list[LabelledText] = []
    for number in range(12):
        order = [SENTENCES[(number + step) % len(SENTENCES)] for step in range(5)]
        values = [(number * 7 + place * 3) % 89 + 2 for place in range(len(order))]
        filled = [s.replace("%d", str(v)) for s, v in zip(order, values, strict=True)]
        texts.append(labelled(number, "".join(filled)))
    return texts


@pytest.fixture(scope="module", params=list(LOADERS))
def trained(request: pytest.FixtureRequest, documents: list[LabelledText]) -> tuple[str, TrainedReader]:
    train, _ = LOADERS[request.param]
    return request.param, train(documents, 1)


def test_a_reader_learns_its_own_training_texts(
    trained: tuple[str, TrainedReader], documents: list[LabelledText]
):
    _, reader = trained
    marks = total([score_text(text, reader(without_marks(text))) for text in documents]).marks
    assert marks[MAIN].f1 > 0.85
    assert marks["fact spans, exact"].f1 > 0.9


def test_a_reader_finds_the_channels_of_a_text_it_has_not_seen(trained: tuple[str, TrainedReader]):
    _, reader = trained
    found = reader(LabelledText(id="new", text="微信公众号推送信息517条。召开新闻发布会6场，收到申请9件。"))
    assert [(fact.metric, fact.channel, fact.value) for fact in found.facts] == [
        ("info_published", "wechat", 517),
        ("press_conferences", None, 6),
        ("applications_received", None, 9),
    ]
    mention = found.facts[0].mention
    assert mention is not None
    assert found.channels[mention].channel == "wechat"


def test_a_saved_reader_reads_as_before(
    trained: tuple[str, TrainedReader], documents: list[LabelledText], tmp_path: Path
):
    name, reader = trained
    reader.save(tmp_path)
    loaded = LOADERS[name][1](tmp_path)
    assert [loaded(text) for text in documents] == [reader(text) for text in documents]


def test_a_reader_starts_from_the_text_alone(
    trained: tuple[str, TrainedReader], documents: list[LabelledText]
):
    _, reader = trained
    assert reader(documents[0]) == reader(without_marks(documents[0]))


@pytest.mark.parametrize(
    "text", [None, "", "\n 　\n", "。", "没有数字", "𠮷" * 600, "1" * 700, "１２条 ３ 条\n"]
)
def test_odd_texts_are_read_without_harm(trained: tuple[str, TrainedReader], text: str | None):
    _, reader = trained
    found = reader(LabelledText(id="odd", text=text))
    assert all(0 <= fact.start < fact.end <= len(text or "") for fact in found.facts)


def test_sections_that_overlap_are_read_once(trained: tuple[str, TrainedReader]):
    _, reader = trained
    text = "一、总体情况\n召开新闻发布会6场。\n收到申请9件。"
    inner = text.index("召开")
    sections = (
        LabelledSection(label="overview", start=0, end=len(text)),
        LabelledSection(label="overview.disclosure", start=inner, end=len(text)),
    )
    found = reader(LabelledText(id="nested", text=text, sections=sections))
    assert [fact.value for fact in found.facts] == [6, 9]


def test_tables_are_not_read(trained: tuple[str, TrainedReader]):
    _, reader = trained
    text = "召开新闻发布会6场。"
    table = (LabelledSection(label="applications_table", start=0, end=len(text)),)
    assert reader(LabelledText(id="table", text=text, sections=table)).facts == ()


def test_training_without_facts_says_what_is_missing():
    bare = [labelled(0, "我局设派出所5个。"), labelled(1, "民警30名。")]
    with pytest.raises(ValueError, match="facts"):
        cue_bag.train(bare, 0)


spans = st.builds(
    lambda start, size, label: Mark(start, start + size, label),
    st.integers(0, 30),
    st.integers(1, 6),
    st.sampled_from(["reads", "channel:weibo"]),
)


@given(st.lists(spans, max_size=12))
def test_tags_hold_exactly_the_spans_they_were_made_of(marks: list[Mark]):
    flat = without_overlaps(marks)
    assert spans_of(tags_of(flat, 40)) == [((m.start, m.end), m.kind) for m in flat]


@given(st.integers(0, 10_000))
def test_an_untrained_network_decodes_legal_tags_only(seed: int):
    manual_seed(seed)
    network = Network(characters=20, labels=3, embedding=4, hidden=4).eval()
    network.forbid_illegal()
    states, mask = network.states(randint(1, 20, (3, 12)))
    for tags in network.best_tags(states, mask):
        marks = [Mark(*span, "reads" if kind == "fact" else "channel:weibo") for span, kind in spans_of(tags)]
        assert tags_of(marks, 12) == tags
    assert len(TAGS) == 9


def test_no_agency_is_both_learnt_from_and_watched():
    texts = [labelled(n, "无", agency=f"第{n % 30}局") for n in range(90)]
    learnt, watched = held_back(texts)
    assert len(learnt) + len(watched) == 90
    assert watched
    assert {t.report.agency for t in learnt}.isdisjoint(t.report.agency for t in watched)


def test_the_best_epoch_is_kept_and_training_ends_when_nothing_gets_better():
    scores = iter([0.1, 0.5, *[0.3] * 50])
    epochs: list[int] = []
    kept = best_state(lambda: epochs.append(0), lambda: next(scores), lambda: len(epochs), 50)
    assert kept == 2
    assert len(epochs) < 20


@pytest.fixture(scope="module")
def perfect(documents: list[LabelledText]) -> Measured:
    by_id = {text.id: text for text in documents}
    return measure("copy", lambda text: by_id[text.id], {"dev part": documents})


def test_a_reader_that_finds_all_and_one_that_finds_nothing_are_measured_so(
    perfect: Measured, documents: list[LabelledText]
):
    nothing = measure("nothing", lambda text: text, {"dev part": documents})
    table = results_table([perfect, nothing], ["dev part", "real reports"])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line]
    assert [row[0] for row in rows[2:]] == ["copy", "nothing"]
    assert [row[1] for row in rows[2:]] == [
        "1.000 (1.00–1.00) / 1.000 / 1.000",
        "0.000 (0.00–0.00) / 0.000 / 0.000",
    ]
    assert {row[2] for row in rows[2:]} == {"–"}


def test_readers_are_compared_with_the_one_of_reference(perfect: Measured, documents: list[LabelledText]):
    nothing = measure("nothing", lambda text: text, {"dev part": documents})
    same = measure("same", lambda text: text, {"dev part": documents})
    table = results_table([perfect, nothing, same], ["dev part"], "nothing")
    ends = [
        line.split("|")[2].split(";")[1:] for line in table.splitlines() if "1.00" in line or "0.00" in line
    ]
    assert len(documents) > 1
    assert float(ends[0][0].split()[-1]) <= 0.5
    assert ends[1] == []
    assert ends[2] == [" p 1.000 "]


def test_the_table_replaces_what_stood_between_the_markers_and_nothing_else(tmp_path: Path):
    path = tmp_path / "RESULTS.md"
    path.write_text("# A\nb\n<!-- baselines -->\nold\nold\n<!-- /baselines -->\n\nc\n", "utf-8")
    write_between_markers(path, "| new |")
    assert path.read_text("utf-8") == "# A\nb\n<!-- baselines -->\n| new |\n<!-- /baselines -->\n\nc\n"


@pytest.mark.parametrize(
    "content",
    [
        "# A\n",
        "<!-- baselines -->\n",
        "<!-- /baselines -->\n<!-- baselines -->\n",
        "<!-- baselines -->\n" * 2,
    ],
)
def test_a_document_without_its_markers_is_refused_and_left_alone(tmp_path: Path, content: str):
    path = tmp_path / "RESULTS.md"
    path.write_text(content, "utf-8")
    with pytest.raises(NoPlaceError, match="baselines"):
        write_between_markers(path, "| new |")
    assert path.read_text("utf-8") == content


def test_a_saved_reader_is_evaluated_from_its_folder(documents: list[LabelledText], tmp_path: Path):
    folder = tmp_path / "cue_bag"
    folder.mkdir()
    cue_bag.train(documents, 0).save(folder)
    (tmp_path / "gold.jsonl").write_bytes(b"".join(labelled_lines(documents)))
    done = gongkai("eval", folder, "--gold", tmp_path / "gold.jsonl", "-o", tmp_path / "scores")
    assert done.returncode == 0, done.stderr
    saved = json.loads((tmp_path / "scores" / "scores.json").read_text("utf-8"))
    assert saved["scores"][MAIN]["f1"] > 0.9
    wrong = gongkai("eval", tmp_path, "--gold", tmp_path / "gold.jsonl")
    assert wrong.returncode == 2
    assert "no saved reader" in wrong.stderr
