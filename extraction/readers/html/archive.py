"""Web pages saved in one file with all they show (MHTML)."""

import email
import re
from email.message import Message

from ..errors import UnreadableFileError

_MOST_MULTIPARTS = 20
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_HEADER = re.compile(rb"\s*(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){1,40}", re.IGNORECASE)
_LONGEST_HEADER = 1 << 14

Page = tuple[bytes, str | None, str | None]
"""A page's bytes, the encoding and the address that its header tells."""


def is_archive(raw: bytes) -> bool:
    """Whether the bytes are an e-mail message that holds a page rather than a page."""
    header = _HEADER.match(raw[:_LONGEST_HEADER])
    return header is not None and b"mime-version" in header.group().lower()


def pages_in(raw: bytes) -> list[Page]:
    """Return the pages in an archive, the outermost first.

    Raises `UnreadableFileError` when there is none, or parts lie inside each other without end.
    """
    if len(_MULTIPART.findall(raw)) > _MOST_MULTIPARTS:
        raise UnreadableFileError("this web archive holds other archives; save the page itself anew")
    try:
        message = email.message_from_bytes(raw)
        parts = [part for part in message.walk() if part.get_content_type() in _PAGES]
        pages = [_page(part) for part in parts]
    except (RecursionError, ValueError, LookupError):
        raise UnreadableFileError("this web archive is damaged; save the page anew") from None
    if not pages:
        raise UnreadableFileError("this web archive holds no page; save the page anew")
    return pages


_PAGES = ("text/html", "application/xhtml+xml")


def _page(part: Message) -> Page:
    payload = part.get_payload(decode=True)
    charset = part.get_param("charset")
    address = part.get("Content-Location") or part.get("Snapshot-Content-Location")
    return (
        payload if isinstance(payload, bytes) else b"",
        charset if isinstance(charset, str) else None,
        str(address) if address else None,
    )
