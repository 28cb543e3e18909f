"""What is evaluated: predictions read from a file, or made now by a reader."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..annotations.labelled import LabelledFileError, LabelledText, is_passage, read_labelled
from ..extraction.components import RULES, Components
from ..extraction.document import Document
from ..extraction.labelling import labelled_record
from ..extraction.pipeline import extract_document, extract_section
from ..extraction.readers import read_document
from ..extraction.readers.text import text_blocks
from ..extraction.record import Record
from .gold import GoldError, report_path

Reader = Callable[[LabelledText], LabelledText]
"""Takes a text, of a passage with its section, and returns it with the marks that were predicted."""


def reading_with(components: Components) -> Reader:
    """Return a reader: what ``components`` find in a passage, whose section and report are known, or in a whole report.

    A gold text must hold its text (`with_texts`).
    """

    def read(text: LabelledText) -> LabelledText:
        assert text.text is not None
        document = Document(
            text.text,
            text_blocks(text.text),
            text.source or text.id,
            text.sha256 or "",
            "text",
            title=_title(text) if is_passage(text) else None,
        )
        if is_passage(text):
            record = extract_section(document, text.sections[0].label, components)
        else:
            record = extract_document(document, components)
        return labelled_record(record, document).model_copy(update={"id": text.id})

    return read


def _title(passage: LabelledText) -> str | None:
    """The title of the report that a passage comes from, which its readers knew."""
    report = passage.report
    return (
        f"{report.agency}{report.year}年政府信息公开工作年度报告" if report.agency and report.year else None
    )


def read_by_rules(text: LabelledText) -> LabelledText:
    """Return what the rules find in a passage or a whole report."""
    return reading_with(RULES)(text)


def without_marks(text: LabelledText) -> LabelledText:
    """Return ``text`` with its sections only, as a reader is given it."""
    hidden: dict[str, Any] = {"cells": {}, "channels": (), "facts": (), "problems": (), "improvements": ()}
    return text.model_copy(update=hidden)


def with_texts(gold: Sequence[LabelledText], reports: Path | None) -> list[LabelledText]:
    """Return gold texts with their text, read from the folder ``reports`` where it is not in the gold itself.

    Raises `GoldError` when a report is missing or is not the one the gold was made from.
    """
    return [text if text.text is not None else _with_text(text, reports) for text in gold]


def _with_text(text: LabelledText, reports: Path | None) -> LabelledText:
    if reports is None:
        raise GoldError(f"{text.id}: the gold holds no text; name the folder of its reports with --reports")
    return text.model_copy(update={"text": read_document(report_path(text, reports)).text})


def predictions_of(path: Path, gold: Sequence[LabelledText]) -> list[tuple[LabelledText, LabelledText]]:
    """Return each gold text with its prediction from a file of records or of labelled texts.

    They belong together by the SHA-256 of their source, else by id.

    Raises `GoldError` when a gold text has no prediction, or the file is neither.
    """
    try:
        found = list(_read(path))
    except (OSError, LabelledFileError, ValidationError) as error:
        raise GoldError(f"{path}: {error}") from None
    by_key = {key: text for text in found for key in (text.sha256, text.id) if key}
    pairs: list[tuple[LabelledText, LabelledText]] = []
    for text in gold:
        prediction = by_key.get(text.sha256 or "") or by_key.get(text.id)
        if prediction is None:
            raise GoldError(f"{path}: no prediction for {text.source or text.id}")
        pairs.append((text, prediction))
    return pairs


def _read(path: Path) -> Iterable[LabelledText]:
    with path.open("rb") as lines:
        if b'"schema_version"' not in lines.readline():
            yield from read_labelled(path)
            return
        lines.seek(0)
        for line in lines:
            yield labelled_record(Record.model_validate_json(line), None)
