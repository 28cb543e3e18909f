"""spaCy's DocBin: a Doc of one token a character for each text, with a span group for each layer.

Written: ``texts.spacy`` and the sidecar; read: the ``.spacy`` files of the folder, whatever their tokens are. A span's
label is its mark's, its id the mark's name; the rest lies in the group's ``attrs`` by that name (``fields``, those with
the scheme's default left out; ``links`` to other marks; ``offsets``, exact also where a token reaches over the mark's
edge), the document's own data in ``user_data``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ..labelled import LabelledText
from .exchange import ImportProblem, Loss, Place
from .gather import labelled_text
from .marks import LAYERS, Link, Mark, MarkedText, marked_texts
from .sidecar import Sidecar, read_sidecar, write_sidecar

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, SpanGroup
    from spacy.vocab import Vocab


class _Attrs(BaseModel):
    fields: dict[str, dict[str, Any]] = {}
    links: dict[str, list[str]] = {}
    offsets: dict[str, tuple[int, int]] = {}


def write(texts: Iterable[LabelledText], folder: Path) -> list[Loss]:
    """Write ``texts.spacy`` and the sidecar into ``folder``; marks that are sound lose nothing."""
    import spacy  # noqa: PLC0415
    from spacy.tokens import DocBin  # noqa: PLC0415

    losses: list[Loss] = []
    marked = list(marked_texts(texts, losses))
    vocab = spacy.blank("zh").vocab
    DocBin(store_user_data=True, docs=(_doc(text, vocab) for text in marked)).to_disk(folder / "texts.spacy")
    write_sidecar(marked, folder)
    return losses


def read(folder: Path) -> Iterator[LabelledText | ImportProblem]:
    """Yield the labelled texts of the ``.spacy`` files in ``folder``, and what could not be imported."""
    import spacy  # noqa: PLC0415
    from spacy.tokens import DocBin  # noqa: PLC0415

    sidecar = read_sidecar(folder)
    yield from sidecar.problems
    vocab = spacy.blank("zh").vocab
    for path in sorted(folder.glob("*.spacy")):
        try:
            docs = list(DocBin().from_disk(path).get_docs(vocab))
        except Exception as error:  # zlib, msgpack and spaCy each raise their own on a broken file
            yield ImportProblem(path.name, "", "DocBin", f"cannot be read: {error or type(error).__name__}")
            continue
        for number, doc in enumerate(docs, 1):
            yield from _read_doc(doc, Place(path.name, f"Doc {number}"), sidecar)
    yield from sidecar.missing()


def put_marks(text: MarkedText, doc: Doc) -> None:
    """Set the span groups and the data of ``doc``, whose text is that of ``text``, whatever its tokens are.

    A span takes in every token that its mark touches; ``offsets`` of the group's ``attrs`` are the mark's own.
    """
    from spacy.tokens import SpanGroup  # noqa: PLC0415

    doc.user_data["gongkai"] = text.document.model_dump(mode="json", exclude_defaults=True, exclude={"text"})
    targets: dict[str, list[str]] = {}
    for link in text.links:
        targets.setdefault(link.source, []).append(link.target)
    for layer in LAYERS:
        marks = [mark for mark in text.marks if mark.layer == layer]
        spans = [_span(doc, mark.start, mark.end, mark.label, mark.name) for mark in marks]
        attrs: dict[str, Any] = {
            "fields": {mark.name: mark.fields for mark in marks},
            "links": {mark.name: targets[mark.name] for mark in marks if mark.name in targets},
            "offsets": {mark.name: [mark.start, mark.end] for mark in marks},
        }
        doc.spans[f"{layer}s"] = SpanGroup(doc, name=f"{layer}s", spans=spans, attrs=attrs)


def _doc(text: MarkedText, vocab: Vocab) -> Doc:
    from spacy.tokens import Doc  # noqa: PLC0415

    doc = Doc(vocab, words=list(text.text), spaces=[False] * len(text.text))
    put_marks(text, doc)
    return doc


def _span(doc: Doc, start: int, end: int, label: str = "", name: str = "") -> Span:
    """The tokens that ``[start, end)``, which must lie in the text, touches."""
    span = doc.char_span(start, end, label, alignment_mode="expand", span_id=name)
    assert span is not None
    return span


def _exact(span: Span, told: tuple[int, int] | None) -> tuple[int, int]:
    """The offsets ``told`` of a span, its own where there are none or it was moved since."""
    if told and 0 <= told[0] < told[1] <= len(span.doc.text):
        touched = _span(span.doc, *told)
        if (touched.start, touched.end) == (span.start, span.end):
            return told
    return span.start_char, span.end_char


def _read_doc(doc: Doc, place: Place, sidecar: Sidecar) -> Iterator[LabelledText | ImportProblem]:
    brought = None
    try:
        if "gongkai" in doc.user_data:
            brought = LabelledText.model_validate(doc.user_data["gongkai"])
    except ValidationError as error:
        yield place.refused(error, "user_data.")
        return
    document = sidecar.document(brought.id if brought else place.where, doc.text, place, brought)
    if isinstance(document, ImportProblem):
        yield document
        return
    groups: dict[str, SpanGroup] = dict(doc.spans)
    marks: list[Mark] = []
    links: list[Link] = []
    gone: set[str] = set()
    for layer in LAYERS:
        group = groups.get(f"{layer}s", ())
        attrs = _Attrs()
        try:
            attrs = _Attrs.model_validate(getattr(group, "attrs", {}))
        except ValidationError as error:
            yield place.refused(error, f"spans.{layer}s.attrs.")
        for number, span in enumerate(group):
            name = span.id_ or f"new-{layer}-{number}"
            fields = attrs.fields.get(name, {})
            start, end = _exact(span, attrs.offsets.get(name))
            marks.append(Mark(name, layer, start, end, span.label_, fields))
            links += [Link(name, target) for target in attrs.links.get(name, [])]
        gone |= attrs.fields.keys()
    gone -= {mark.name for mark in marks}
    yield from labelled_text(document, marks, [link for link in links if link.target not in gone], place)
