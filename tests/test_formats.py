"""Exchange formats: what goes out comes back, and what a format has no place for is told."""

import tempfile
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from gongkai.annotations.formats import FORMATS, ImportProblem
from gongkai.annotations.labelled import LabelledFact, LabelledSection, LabelledText
from hypothesis import HealthCheck, given, settings

from .labelled_texts import batches

slowly = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def there_and_back(name: str, texts: list[LabelledText]) -> tuple[list[LabelledText], Counter[str]]:
    """What comes back, which must be free of problems, and how much of what was told to be lost."""
    with tempfile.TemporaryDirectory() as folder:
        losses = FORMATS[name].write(texts, Path(folder))
        back = list(FORMATS[name].read(Path(folder)))
    assert [outcome for outcome in back if isinstance(outcome, ImportProblem)] == []
    counts: Counter[str] = Counter()
    for loss in losses:
        counts[loss.what] += loss.count
    return [outcome for outcome in back if isinstance(outcome, LabelledText)], counts


def resolved(text: LabelledText) -> Counter[Any]:
    """The marks of a text with their links by what they lead to, so that they can be compared one by one."""
    found: Counter[Any] = Counter()
    for name in ("sections", "channels", "problems"):
        found.update((name, repr(mark)) for mark in getattr(text, name))
    for fact in text.facts:
        words = None if fact.mention is None else repr(text.channels[fact.mention])
        found["facts", repr(fact.model_copy(update={"mention": None})), words] += 1
    for improvement in text.improvements:
        answered = tuple(repr(text.problems[index]) for index in improvement.addresses)
        found["improvements", repr(improvement.model_copy(update={"addresses": ()})), answered] += 1
    return found


def bare(text: LabelledText) -> LabelledText:
    empty: dict[str, Any] = dict.fromkeys(("sections", "channels", "facts", "problems", "improvements"), ())
    return text.model_copy(update=empty)


@pytest.mark.parametrize("name", ["docbin", "jsonl", "label-studio"])
@given(texts=batches)
@slowly
def test_everything_comes_back(name: str, texts: list[LabelledText]):
    assert there_and_back(name, texts) == (texts, Counter())


@pytest.mark.parametrize("shape", ["relations.jsonl", "sequence_labelling.jsonl"])
@given(texts=batches)
@slowly
def test_both_shapes_of_doccano_bring_back_everything_but_empty_texts(shape: str, texts: list[LabelledText]):
    with tempfile.TemporaryDirectory() as folder:
        losses = FORMATS["doccano"].write(texts, Path(folder))
        for path in Path(folder).glob("[rs]*.jsonl"):
            if path.name != shape:
                path.unlink()
        back = list(FORMATS["doccano"].read(Path(folder)))
    assert back == [text for text in texts if text.text]
    assert [loss.text_id for loss in losses] == [text.id for text in texts if not text.text]


def without_line_ends_at_edges(text: LabelledText) -> tuple[LabelledText, Counter[str]]:
    """What brat can carry of a text, and what not."""
    printed = text.text or ""
    lost: Counter[str] = Counter()

    def narrowed(mark: Any) -> Any:
        words = printed[mark.start : mark.end]
        start = mark.end - len(words.lstrip(LINE_ENDS))
        end = mark.start + len(words.rstrip(LINE_ENDS))
        lost["marks of nothing but line ends"] += start >= end
        lost["line ends at the edge of a mark"] += (mark.start, mark.end) != (start, end) and start < end
        return mark.model_copy(update={"start": start, "end": end}) if start < end else None

    def kept(index: int | None, marks: list[Any]) -> int | None:
        """The place of a mark among those that are left; None, and a loss, where it is not."""
        if index is None or marks[index] is None:
            lost["links to them"] += index is not None
            return None
        return sum(mark is not None for mark in marks[:index])

    channels = [narrowed(mark) for mark in text.channels]
    problems = [narrowed(mark) for mark in text.problems]
    facts = [
        fact.model_copy(update={"mention": kept(fact.mention, channels)})
        for fact in map(narrowed, text.facts)
        if fact is not None
    ]
    improvements = [
        mark.model_copy(
            update={"addresses": tuple(i for old in mark.addresses if (i := kept(old, problems)) is not None)}
        )
        for mark in map(narrowed, text.improvements)
        if mark is not None
    ]
    marks = {"sections": map(narrowed, text.sections), "channels": channels, "problems": problems}
    left = {name: tuple(mark for mark in some if mark is not None) for name, some in marks.items()}
    return text.model_copy(update=left | {"facts": tuple(facts), "improvements": tuple(improvements)}), +lost


@given(batches)
@slowly
def test_brat_loses_the_line_ends_at_the_edges_of_marks_and_tells_it(texts: list[LabelledText]):
    back, lost = there_and_back("brat", texts)
    expected = [without_line_ends_at_edges(text) for text in texts]
    assert back == [text for text, _ in expected]
    assert lost == sum((told for _, told in expected), Counter())


def overlapping(one: Any, other: Any) -> bool:
    """Whether two marks of one layer cannot both stand in its column."""
    if isinstance(one, LabelledSection) and ("." in one.label) != ("." in other.label):
        return False
    if isinstance(one, LabelledFact) and (one.start, one.end) == (other.start, other.end):
        return False
    return one.start < other.end and other.start < one.end


@pytest.mark.parametrize("name", ["conll-bio", "conll-bioes"])
@given(texts=batches)
@slowly
def test_conll_loses_marks_that_overlap_and_tells_how_many(name: str, texts: list[LabelledText]):
    back, lost = there_and_back(name, texts)
    assert [bare(text) for text in back] == [bare(text) for text in texts]
    lost_marks: Counter[str] = Counter()
    for text, read in zip(texts, back, strict=True):
        crowded = False
        for layer in ("sections", "channels", "facts", "problems", "improvements"):
            marks, kept = list(getattr(text, layer)), list(getattr(read, layer))
            crowded |= any(overlapping(one, two) for one, two in combinations(marks, 2))
            assert not any(overlapping(one, two) for one, two in combinations(kept, 2))
            gone = [
                span
                for span, n in (Counter(map(span_of, marks)) - Counter(map(span_of, kept))).items()
                for _ in range(n)
            ]
            assert len(gone) == len(marks) - len(kept)
            lost_marks[f"{layer} that overlap others"] += len(gone)
        changed = (resolved(text) - resolved(read)).total()
        assert (changed == 0) == (not crowded)
        assert (read == text) == (not crowded)
    told_links = lost.pop("links to marks that overlap others", 0)
    assert lost == +lost_marks
    changed = sum(
        ((resolved(text) - resolved(read)).total() for text, read in zip(texts, back, strict=True)), 0
    )
    assert 0 <= changed - lost_marks.total() <= told_links


def span_of(mark: Any) -> tuple[int, int]:
    return mark.start, mark.end
