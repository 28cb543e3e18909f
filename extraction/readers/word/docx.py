"""Word documents (DOCX): what they print, with the tables' merged cells and the lists' automatic numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ...document import Document, Gap
from ..assemble import Paragraph, Part, assemble
from ..errors import UnreadableFileError
from ..layout import laid_flat, text_of
from .blocks import Reading, read_story
from .numbering import read_numbering
from .ooxml import Element, Package, R, Relationship, W, open_package
from .styles import read_styles

_MAIN = "word/document.xml"
_HEADS = (f"{W}headerReference", f"{W}footerReference")
_NOTE_PARTS = {"footnotes": "footnote", "endnotes": "endnote"}
_CONTENTS = ("目录", "目次")
_WORDS = {"picture": "picture", "chart": "chart", "diagram": "diagram", "sheet": "embedded worksheet"}


def read_docx(raw: bytes, source: str, sha256: str) -> Document:
    """Return the document that the bytes of a DOCX file are, as Word prints it with all tracked changes accepted.

    Notes stand behind the paragraph or table that names them. Heads, feet and the table of contents are noise. Comments
    and hidden text are left out. Pictures, charts and the like of some size are told as gaps.

    Raises `UnreadableFileError` when the file is damaged, has a password, grows beyond the limits of `ooxml.py`, is no
    text document, or has no text.
    """
    package = open_package(raw)
    main = next((found.target for found in _of_kind(package.relationships(""), "officeDocument")), _MAIN)
    root = package.part(main)
    body = root.find(f"{W}body") if root is not None else None
    if root is None or body is None:
        raise UnreadableFileError(
            "this is no Word document, or one whose text is missing: save it as DOCX anew"
        )
    related = package.relationships(main)
    reading = _reading(package, related)
    items = read_story(body, reading)
    gaps = tuple(_gaps(reading))
    parts = _without_contents([*laid_flat(items), *_page_lines(root, package, related, reading)])
    assembled = assemble(parts)
    document = Document(assembled.text, assembled.blocks, source, sha256, "docx", assembled.grids, gaps=gaps)
    if not document.report_end:
        raise UnreadableFileError(_no_text(reading))
    return document


def _of_kind(related: dict[str, Relationship], kind: str) -> Iterator[Relationship]:
    return (found for found in related.values() if found.kind == kind)


def _reading(package: Package, related: dict[str, Relationship]) -> Reading:
    def part(kind: str) -> Element | None:
        found = next(_of_kind(related, kind), None)
        return package.part(found.target) if found else None

    styles = read_styles(part("styles"))
    notes: dict[tuple[str, str], Element] = {}
    for kind, name in _NOTE_PARTS.items():
        root = part(kind)
        for note in () if root is None else root.iterchildren(f"{W}{name}"):
            notes[name, note.get(f"{W}id", "")] = note
    return Reading(styles, read_numbering(part("numbering"), styles), notes)


def _page_lines(
    root: Element, package: Package, related: dict[str, Relationship], reading: Reading
) -> Iterator[Paragraph]:
    """The lines of heads and feet, each once."""
    targets = [related.get(named.get(f"{R}id", "")) for named in root.iter(*_HEADS)]
    told: set[str] = set()
    for target in dict.fromkeys(target.target for target in targets if target):
        part = package.part(target)
        for line in text_of(read_story(part, reading)).split("\n") if part is not None else ():
            if line not in told:
                told.add(line)
                yield Paragraph(line, noise=True)


def _without_contents(parts: list[Part]) -> Iterator[Part]:
    """The parts; the words that head a table of contents are noise as the table itself is."""
    for part, after in zip(parts, [*parts[1:], None], strict=False):
        heads = isinstance(after, Paragraph) and after.noise and isinstance(part, Paragraph)
        if heads and isinstance(part, Paragraph) and "".join(part.text.split()) in _CONTENTS:
            yield Paragraph(part.text, noise=True)
        else:
            yield part


def _gaps(reading: Reading) -> Iterable[Gap]:
    if reading.pictures:
        yield Gap(
            f"the file holds {_counted(reading.pictures)}; what they show was not read: look whether any is a table or "
            "text of the report"
        )
    if reading.chunks:
        yield Gap(
            f"{len(reading.chunks)} embedded files that Word shows as part of the text were not read: open the file in "
            "Word and save it anew, which makes them part of it"
        )


def _counted(pictures: Counter[str]) -> str:
    """2 pictures and 1 chart."""
    told = [f"{n} {_WORDS[kind]}{'s' if n > 1 else ''}" for kind, n in sorted(pictures.items())]
    return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))


def _no_text(reading: Reading) -> str:
    if reading.chunks:
        return (
            "the file has no text of its own, only an embedded file: open it in Word and save it anew, which makes it part "
            "of the text"
        )
    if reading.pictures:
        return (
            f"the file has no text, only {_counted(reading.pictures)} (a scan put into Word): save it as PDF, which is "
            "read as a scan"
        )
    return "the file is empty: there is no text in it"
