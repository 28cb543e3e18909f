"""What LibreOffice turns into DOCX: Word before 2007 (DOC), WPS, RTF and OpenDocument (ODT)."""

import io
import re
from collections import Counter
from dataclasses import replace
from typing import Any, cast

import olefile

from ...document import Document, Gap
from ..errors import UnreadableFileError
from .docx import read_docx
from .ooxml import open_package
from .soffice import to_docx
from .word97 import has_password, stored_text, table_name

_DIGITS = re.compile(r"[0-9]+")
_RTF, _ZIP = b"{\\rtf", b"PK\x03\x04"
_PASSWORD = "the file has a password: remove it, or save a copy without one"
_OTHERS = {
    "Workbook": "an Excel workbook",
    "Book": "an Excel workbook",
    "PowerPoint Document": "a presentation",
    "__properties_version1.0": "an e-mail message",
}
_ENCRYPTED = {"EncryptionInfo", "EncryptedPackage"}
_TEXT_TYPE = b"application/vnd.oasis.opendocument.text"
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_UNPRINTED = (f"{_ODF % 'text'}tracked-changes", f"{_ODF % 'office'}annotation")
_PARTING = tuple(f"{_ODF % 'text'}{name}" for name in ("p", "h", "s", "tab", "line-break"))
_SHOWN = 5


def read_office(raw: bytes, source: str, sha256: str) -> Document:
    """Return the document that the bytes of a DOC, WPS, RTF or ODT file are, converted by LibreOffice.

    Numbers that the file stores (DOC, ODT) but that LibreOffice did not hand on are told as a gap.

    Raises `UnreadableFileError` when LibreOffice is not installed, cannot read the file or takes too long, when the file
    has a password or is no text document, and for all that `read_docx` raises it for.
    """
    stored: str | None = None
    if raw.startswith(_RTF):
        ending = ".rtf"
    elif raw.startswith(_ZIP):
        ending, stored = ".odt", _stored_in_odt(raw)
    else:
        ending, stored = ".doc", _stored_in_doc(raw)
    document = read_docx(to_docx(raw, ending), source, sha256)
    lost = _lost_numbers(stored, document.text) if stored else []
    gaps = (*document.gaps, Gap(_lost_message(lost))) if lost else document.gaps
    return replace(document, reader="office", gaps=gaps)


def _stored_in_odt(raw: bytes) -> str | None:
    """An OpenDocument file's text as it is stored.

    Raises `UnreadableFileError` when the file has a password, grows beyond the limits, or is no text document.
    """
    package = open_package(raw)
    if not (package.content("mimetype") or b"").startswith(_TEXT_TYPE):
        raise UnreadableFileError(
            "this is an OpenDocument file that is no text (a spreadsheet or slides): save its text as DOCX first"
        )
    if b"encryption-data" in (package.content("META-INF/manifest.xml") or b""):
        raise UnreadableFileError(_PASSWORD)
    root = package.part("content.xml")
    if root is None:
        return None
    for element in list(root.iter(*_UNPRINTED)):
        element.clear(keep_tail=True)
    for element in root.iter(*_PARTING):
        element.text = f"\n{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"
    return "".join(map(str, root.itertext()))


def _stored_in_doc(raw: bytes) -> str | None:
    """A file's text as Word before 2007 stores it, None where it is of an older or another kind.

    Raises `UnreadableFileError` when the file has a password or is no text document.
    """
    try:
        with cast(Any, olefile.OleFileIO(io.BytesIO(raw))) as ole:
            told = {"/".join(path) for path in ole.listdir()}
            if told >= _ENCRYPTED:
                raise UnreadableFileError(_PASSWORD)
            if "WordDocument" not in told:
                other = next((words for name, words in _OTHERS.items() if name in told), None)
                if other:
                    raise UnreadableFileError(
                        f"this is {other}, not a text document: save its text as DOCX first"
                    )
                return None
            stream: bytes = ole.openstream("WordDocument").read()
            if has_password(stream):
                raise UnreadableFileError(_PASSWORD)
            name = table_name(stream)
            return stored_text(stream, ole.openstream(name).read()) if name in told else None
    except UnreadableFileError:
        raise
    except (
        Exception
    ):  # a damaged directory may raise anything; LibreOffice then says whether it can read the file
        return None


def _lost_numbers(stored: str, text: str) -> list[str]:
    """The numbers that are stored more often than they were read."""
    lost = Counter(_DIGITS.findall(stored)) - Counter(_DIGITS.findall(text))
    return list(lost.elements())


def _lost_message(lost: list[str]) -> str:
    shown = ", ".join(lost[:_SHOWN]) + (" ..." if len(lost) > _SHOWN else "")
    return (
        f"{len(lost)} numbers of the file ({shown}) are missing in what LibreOffice made of it: they may be hidden or deleted "
        "text, or a table that was lost; compare with the file, or save it as DOCX in Word or WPS"
    )
