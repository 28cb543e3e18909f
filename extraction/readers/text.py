"""Plain text: finding the encoding, and the lines."""

import codecs
import re

from ..document import Block, Document
from .errors import UnreadableFileError

_LINE = re.compile(r"[^\r\n]*[^\s]")
_HANZI = re.compile("[\u4e00-\u9fff]+")
_FOREIGN = re.compile(
    "[\u0370-\u052f\u3040-\u312f\ue000-\uf8ff]"
)  # Greek, Cyrillic, kana, bopomofo, private use
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")

_COMMON_SHARE = (
    0.85  # of the hanzi; ordinary Chinese has 0.98, other encodings read as GB18030 stay below 0.7
)
_SAMPLE = 1 << 16


def read_text(raw: bytes, source: str, sha256: str) -> Document:
    """Return the document that the bytes of a plain text are.

    Raises `UnreadableFileError` when they are empty or their encoding was not recognised.
    """
    text = decode(raw)
    if not text.strip():
        raise UnreadableFileError("the file is empty: there is no text in it")
    return Document(text, text_blocks(text), source, sha256, "text")


def decode(raw: bytes) -> str:
    """Return the text of ``raw``, without a byte order mark, line ends as they are.

    UTF-8 and UTF-16 with or without byte order mark, and GB18030 with its subsets GBK and GB2312. A multi-byte
    character cut off at the very end of a truncated file is dropped.

    Raises `UnreadableFileError` when it is none of these.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _try(raw, "utf-16")
        if text is not None:
            return text
    text = _try(raw, "utf-8-sig")
    if text is not None and not _is_binary(text):
        return text
    if b"\x00" in raw[:_SAMPLE]:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _try(raw, encoding)
            if text is not None and _is_chinese(text) and not _is_binary(text):
                return text
        raise UnreadableFileError(
            "this is a binary file of a kind that cannot be read; save the report as PDF, DOCX or plain text"
        )
    text = _try(raw, "gb18030")
    if text is not None and _is_chinese(text) and not _is_binary(text):
        return text
    raise UnreadableFileError(
        "the encoding was not recognised (tried UTF-8, UTF-16 and GB18030); convert the file to UTF-8"
    )


def text_blocks(text: str) -> tuple[Block, ...]:
    """Return one block for each line that is not blank, from its first character to its last non-blank one."""
    return tuple(Block(*match.span()) for match in _LINE.finditer(text))


def _try(raw: bytes, encoding: str) -> str | None:
    """Decode strictly, but forgive a character cut off by the end of the file."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(raw)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str) -> bool:
    """Whether most letters are hanzi, and common ones (GB 2312 level 1: lead bytes B0 to D7), as in any prose."""
    sample = text[:_SAMPLE]
    hanzi = "".join(_HANZI.findall(sample))
    if len(_FOREIGN.findall(sample)) >= (1 - _COMMON_SHARE) * len(hanzi):
        return False
    leads = hanzi.encode("gb18030", "ignore")[::2]
    return sum(0xB0 <= lead <= 0xD7 for lead in leads) >= _COMMON_SHARE * len(hanzi)


def _is_binary(text: str) -> bool:
    """Whether control characters say that this is no text."""
    sample = text[:_SAMPLE]
    return len(_CONTROL.findall(sample)) > len(sample) // 200
