"""A record as labelled text: what a program read, in the form in which people annotate."""

from ..annotations.labelled import LabelledText
from .document import Document
from .readers import UnreadableFileError, read_document
from .record import Record
from .rereading import reread_tables


def reread(record: Record) -> Document:
    """Return the document that ``record`` was made from, read again from its file; doubtful figures of scans too.

    Raises `UnreadableFileError` when the file is gone, cannot be read, or is not the one the record was read from.
    """
    document = read_document(record.report.source)
    if document.sha256 != record.report.sha256:
        raise UnreadableFileError("changed since its record was made; extract it again")
    return as_extracted(document, record)


def as_extracted(document: Document, record: Record) -> Document:
    """Return a document as read with the text that ``record`` was made from: of scans doubtful figures read again."""
    if any(error.component == "rereading" for error in record.errors):
        return document  # that failed, and the record stands on the text as it was first read
    return reread_tables(document)


def labelled_record(record: Record, document: Document | None) -> LabelledText:
    """Return the marks of ``record``, on the text of the ``document`` that it was read from where that is at hand."""
    report = record.report.model_dump(
        mode="json", exclude={"source", "sha256", "reader", "published", "pages"}
    )
    return LabelledText.model_validate(
        {
            "id": (record.report.sha256 or record.report.source)[:16],
            "source": record.report.source,
            "sha256": record.report.sha256,
            "text": document and document.text,
            "report": report,
            "sections": [s.model_dump(exclude={"heading"}) for s in record.sections],
            "cells": {
                cell: {"value": statistic.value, "printed": statistic.printed}
                for cell, statistic in record.statistics.items()
                if statistic.status != "absent"
            },
            "channels": [c.model_dump(exclude={"text"}) for c in record.channels],
            "facts": [f.model_dump(exclude={"text", "sentence", "section", "places"}) for f in record.facts],
            "problems": [p.model_dump(exclude={"text", "sentence", "places"}) for p in record.problems],
            "improvements": [
                i.model_dump(exclude={"text", "sentence", "places"}) for i in record.improvements
            ],
        }
    )
