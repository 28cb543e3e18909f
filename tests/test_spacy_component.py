"""gongkai in a spaCy pipeline: the same marks as the plain functions give, whatever the tokens are."""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import spacy
from gongkai.annotations.formats import FORMATS, ImportProblem
from gongkai.annotations.formats.docbin import put_marks
from gongkai.annotations.formats.marks import marked_texts
from gongkai.annotations.labelled import LabelledImprovement, LabelledProblem, LabelledText
from gongkai.extraction import components
from gongkai.extraction.components import RULES, Components, learned
from gongkai.extraction.document import Document
from gongkai.extraction.labelling import labelled_record
from gongkai.extraction.narrative.channel_words import ChannelWords
from gongkai.extraction.narrative.reading import Narrative
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import read_document
from gongkai.extraction.spacy_component import ERRORS
from gongkai.models.files import WeightsError
from gongkai.models.runtime import load_reader
from hypothesis import HealthCheck, given, settings
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span

from .labelled_texts import labelled
from .tiny_reader import tiny_reader_folder

SEGMENTERS = ("char", "jieba")
TITLE = "青屏县公安局2023年政府信息公开工作年度报告\n"
PROBLEMS = (
    "存在的主要问题：一是主动公开不够及时，二是政策解读形式单一。下一步，我局将加强业务培训，及时更新信息。"
)
WITHOUT_SPACY = """
import sys
class Absent:
    def find_spec(self, name, *_):
        if name == "spacy":
            raise ModuleNotFoundError("No module named 'spacy'", name=name)
sys.meta_path.insert(0, Absent())
"""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_reader_folder(tmp_path_factory.mktemp("tiny")))


@pytest.fixture(scope="module")
def reports(examples: Path) -> list[Document]:
    return [read_document(path) for path in sorted(examples.glob("*.txt"))]


@pytest.fixture(scope="module")
def found(reports: list[Document], reader: str) -> list[LabelledText]:
    """What the plain functions find in the reports with the reader."""
    return [plain(report, learned(load_reader(Path(reader)))) for report in reports]


def pipeline(segmenter: str = "char", **config: str) -> Language:
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": segmenter}}})
    nlp.add_pipe("gongkai", config=config)
    return nlp


def marks_of(docs: Sequence[Doc]) -> list[LabelledText]:
    """The labelled texts that ``gongkai annotate import`` makes of ``docs``, through a file."""
    with tempfile.TemporaryDirectory() as folder:
        DocBin(store_user_data=True, docs=docs).to_disk(Path(folder) / "texts.spacy")
        back = list(FORMATS["docbin"].read(Path(folder)))
    assert [outcome for outcome in back if isinstance(outcome, ImportProblem)] == []
    return [outcome for outcome in back if isinstance(outcome, LabelledText)]


def plain(report: Document, read: Components) -> LabelledText:
    """What the plain functions find in a report, less the file that they found it in."""
    return unnamed(labelled_record(extract_document(report, read), report))


def unnamed(text: LabelledText) -> LabelledText:
    return text.model_copy(update={"id": "", "source": None, "sha256": None})


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_reports_get_the_marks_that_the_plain_functions_find(
    segmenter: str, reader: str, reports: list[Document], found: list[LabelledText]
):
    docs = list(pipeline(segmenter, reader=reader).pipe(report.text for report in reports))
    assert [unnamed(text) for text in marks_of(docs)] == found
    assert all(text.sections and text.channels and text.facts for text in found)
    assert any(text.cells for text in found)
    wider = [
        span
        for doc in docs
        for group in doc.spans.values()
        for span in group
        if [span.start_char, span.end_char] != group.attrs["offsets"][span.id_]
    ]
    assert bool(wider) == (segmenter == "jieba")


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_problems_and_improvements_come_with_their_links(
    segmenter: str, reports: list[Document], monkeypatch: pytest.MonkeyPatch
):
    # The rules in place of the shipped reader, for a reader with random weights finds no statements.
    monkeypatch.setattr(components, "shipped", lambda: RULES)
    read = marks_of(list(pipeline(segmenter).pipe(report.text for report in reports)))
    assert [unnamed(text) for text in read] == [plain(report, RULES) for report in reports]
    assert any(text.problems for text in read)
    assert any(improvement.addresses for text in read for improvement in text.improvements)


def test_the_fields_of_a_fact_are_reached_from_its_span(reader: str, reports: list[Document]):
    doc = pipeline(reader=reader)(reports[1].text)
    facts = extract_document(reports[1], learned(load_reader(Path(reader)))).facts
    group = doc.spans["facts"]
    for span, fact in zip(group, facts, strict=True):
        fields = {"channel": None, "unit": None, "role": "total", "period": "year", "scope": "own"}
        fields |= group.attrs["fields"][span.id_]
        assert (span.text, span.label_) == (fact.text, fact.metric)
        assert group.attrs["offsets"][span.id_] == [fact.start, fact.end]
        for name in ("channel", "value", "unit", "role", "period", "scope", "confidence"):
            assert fields[name] == getattr(fact, name)


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_a_pipeline_saved_and_loaded_finds_the_same(
    segmenter: str, reader: str, reports: list[Document], found: list[LabelledText], tmp_path: Path
):
    pipeline(segmenter, reader=reader).to_disk(tmp_path / "saved")
    (text,) = marks_of([spacy.load(tmp_path / "saved")(reports[0].text)])
    assert unnamed(text) == found[0]


def test_a_pipeline_with_a_section_keeps_it_when_saved(reader: str, tmp_path: Path):
    nlp = pipeline(reader=reader, section="overview.disclosure")
    nlp.to_disk(tmp_path / "saved")
    doc = spacy.load(tmp_path / "saved")("全年发布信息1203条。")
    assert [span.label_ for span in doc.spans["sections"]] == ["overview.disclosure"]


def test_a_section_is_read_as_what_it_is_told_to_be(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(components, "shipped", lambda: RULES)
    doc = pipeline(section="problems")(PROBLEMS)
    assert [(span.text, span.label_) for span in doc.spans["sections"]] == [(PROBLEMS, "problems")]
    assert len(doc.spans["problems"]) == 2
    assert doc.spans["improvements"]
    assert doc.user_data[ERRORS] == []

    doc = pipeline(section="overview.disclosure")("全年通过微博发布信息1203条。")
    (fact,) = doc.spans["facts"]
    (mention,) = doc.spans["channels"]
    assert (fact.text, fact.label_, mention.text, mention.label_) == (
        "1203条",
        "info_published",
        "微博",
        "weibo",
    )
    assert doc.spans["facts"].attrs["fields"][fact.id_]["value"] == 1203
    assert doc.spans["facts"].attrs["links"][fact.id_] == [mention.id_]
    assert list(doc.spans["problems"]) == []


def test_an_empty_text_of_a_section_has_no_marks(reader: str):
    doc = pipeline(reader=reader, section="problems")("")
    assert set(doc.spans) == {"sections", "channels", "facts", "problems", "improvements"}
    assert not any(doc.spans.values())
    assert doc.user_data[ERRORS] == []


def test_what_is_no_report_is_told_and_does_not_stop_the_others():
    nlp = pipeline()
    with pytest.warns(UserWarning, match="gongkai: masthead: the text is empty"):
        nothing, report = nlp.pipe([" ", TITLE + "一、总体情况\n全年通过微博发布信息1203条。\n"])
    assert nothing.user_data[ERRORS] == ["masthead: the text is empty"]
    assert report.user_data[ERRORS] == []
    assert report.spans["facts"]


def test_marks_with_labels_that_the_scheme_lacks_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch):
    named = Narrative(channels=(ChannelWords("weibo", 0, 2), ChannelWords("tidings", 3, 5)))
    monkeypatch.setattr(components, "shipped", lambda: Components(RULES.sections, lambda *_: named))
    nlp = pipeline(section="overview.disclosure")
    with pytest.warns(UserWarning, match="left out: 1 marks outside of the text or with labels"):
        doc = nlp("微博和邸报")
    assert [(span.text, span.label_) for span in doc.spans["channels"]] == [("微博", "weibo")]
    assert len(doc.user_data[ERRORS]) == 1


def test_a_section_that_the_scheme_does_not_have_is_refused_with_those_it_has(reader: str):
    with pytest.raises(ValueError, match=r"'overview\.disclosed' is no section .*overview\.disclosure"):
        pipeline(reader=reader, section="overview.disclosed")


def test_a_folder_without_a_reader_is_refused_by_name(reader: str, tmp_path: Path):
    with pytest.raises(WeightsError, match=r"nowhere.reader\.json cannot be read .*gongkai train"):
        pipeline(reader=str(tmp_path / "nowhere"))
    cut = tmp_path / "cut"
    cut.mkdir()
    for path in Path(reader).iterdir():
        (cut / path.name).write_bytes(path.read_bytes())
    (cut / "encoder.onnx").write_bytes(b"")
    with pytest.raises(WeightsError, match=r"cut.encoder\.onnx is damaged"):
        pipeline(reader=str(cut))


@pytest.mark.parametrize("language", ["zh", "en", "xx"])
@given(text=labelled())
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_marks_that_cut_through_tokens_come_back_as_they_were(language: str, text: LabelledText):
    """``xx`` takes a run of Chinese as one token."""
    doc = spacy.blank(language)(text.text or "")
    (marked,) = marked_texts([text], [])
    put_marks(marked, doc)
    assert marks_of([doc]) == [text]


def test_a_span_that_a_program_moved_is_where_it_was_moved_to():
    text = LabelledText(
        id="a",
        text="one two three",
        problems=(LabelledProblem(start=1, end=2, themes=("data",)),),
        improvements=(LabelledImprovement(start=5, end=6, themes=(), addresses=(0,)),),
    )
    doc = spacy.blank("en")("one two three")
    (marked,) = marked_texts([text], [])
    put_marks(marked, doc)
    doc.spans["problems"][0] = Span(doc, 2, 3, "problem", span_id="problem-0")
    (back,) = marks_of([doc])
    moved = LabelledProblem(start=8, end=13, themes=("data",))
    assert back == text.model_copy(update={"problems": (moved,)})


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_spacy_finds_the_component_without_gongkai_being_imported():
    run = python("import spacy; assert 'gongkai' in spacy.blank('zh').factory_names")
    assert (run.returncode, run.stderr) == (0, "")


def test_making_a_pipeline_without_the_component_does_not_load_the_extraction():
    run = python(
        "import sys, spacy, gongkai.extraction.spacy_component; spacy.blank('zh');"
        "assert 'gongkai.extraction.pipeline' not in sys.modules"
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_gongkai_needs_spacy_only_for_the_component():
    run = python("import sys, gongkai; gongkai.extract; assert 'spacy' not in sys.modules")
    assert (run.returncode, run.stderr) == (0, "")
    run = python(WITHOUT_SPACY + "import gongkai.extraction.spacy_component")
    assert run.stderr.strip().endswith(
        "gongkai's component for spaCy needs spaCy; install it with: pip install 'gongkai[annotate]'"
    )
