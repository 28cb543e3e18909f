"""One file in, one record out."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from .components import Components, shipped
from .document import Document
from .masthead import Masthead, read_masthead
from .merge import Findings, merge
from .narrative.reading import Narrative
from .readers import UnreadableFileError, read_document
from .record import ErrorRecord, Record, ReportInfo
from .rereading import reread_tables
from .sections import labelled_section
from .tables import TablesReading, check_tables, read_tables

_T = TypeVar("_T")


def extract(path: str | Path, components: Components | None = None) -> Record:
    """Return the record of the report at ``path``, read by the shipped reader unless other ``components`` are given.

    Never raises for what the file is or holds: a file that cannot be read gives a record with status ``failed``, one
    that is no annual report ``not_a_report``, both with a message in ``errors``.

    Raises `models.files.WeightsError` where the shipped reader's files are missing or damaged.
    """
    try:
        document = read_document(path)
    except UnreadableFileError as error:
        return failed_record(str(path), "reader", str(error))
    return extract_document(document, components)


def extract_document(document: Document, components: Components | None = None) -> Record:
    """Return the record of a document already read. A component that fails costs its own part only."""
    read = components or shipped()
    errors: list[tuple[str, str]] = []

    def run(component: str, step: Callable[[], _T], otherwise: _T) -> _T:
        try:
            return step()
        except Exception as error:  # whatever a real report brings, the other components' findings must stand
            errors.append((component, f"stopped unexpectedly, please report this file: {error!r}"))
            return otherwise

    document = run("rereading", lambda: reread_tables(document), document)
    sections = run("sections", lambda: read.sections(document), ())
    head: Masthead | None = run("masthead", lambda: read_masthead(document, sections), None)
    if head and not head.is_report:
        errors.append(("masthead", head.reason or "this is no annual report on information disclosure"))
        return merge(document, Findings(head, "none", sections, errors=errors))
    tables = run("tables", lambda: read_tables(document, sections), TablesReading("none", ()))
    checks = run("checks", lambda: check_tables(tables.cells), ())
    narrative = run("narrative", lambda: read.narrative(document, sections), Narrative())
    return merge(
        document,
        Findings(
            masthead=head,
            edition=_edition(tables, head),
            sections=sections,
            cells=tables.cells,
            checks=checks,
            channels=narrative.channels,
            facts=narrative.facts,
            problems=narrative.problems,
            improvements=narrative.improvements,
            errors=errors,
        ),
    )


def extract_section(document: Document, label: str, components: Components | None = None) -> Record:
    """Return the record of a document that is the text of one section with this label of the scheme, with its heading or
    without.
    """
    text = document.text
    sections = [labelled_section(text, label, 0, len(text))] if text else []
    told = (components or shipped()).narrative(document, sections)
    found = Findings(
        masthead=None,
        edition="none",
        sections=sections,
        channels=told.channels,
        facts=told.facts,
        problems=told.problems,
        improvements=told.improvements,
    )
    return merge(document, found)


def failed_record(source: str, component: str, message: str) -> Record:
    """The record of a file that could not be read."""
    return Record(
        status="failed",
        errors=[ErrorRecord(component=component, message=message)],
        report=ReportInfo(source=source, sha256=None),
    )


def _edition(tables: TablesReading, head: Masthead | None) -> str:
    """Reports on the years before the first official tables (2019) have an edition of their own."""
    if tables.edition == "none" and head and head.year and head.year < 2019:
        return "legacy"
    return tables.edition
