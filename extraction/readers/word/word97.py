"""Word's format before 2007: whether a file has a password, and its text as it is stored.

The text is for comparison only: LibreOffice reads the file. Source: Microsoft, [MS-DOC] 2.5 (Fib) and 2.8.35 (PlcPcd).
"""

import struct
from collections.abc import Iterator

_MAGIC = 0xA5EC
_WORD_97 = 0xC1
_ENCRYPTED, _TABLE_1, _OBFUSCATED = 0x0100, 0x0200, 0x8000
_FLAGS, _TEXT_LENGTH, _PIECES = 0x0A, 0x4C, 0x1A2
_FORMATS, _PIECE_TABLE = 1, 2
_COMPRESSED = 0x40000000


def has_password(stream: bytes) -> bool:
    """Whether a ``WordDocument`` stream is encrypted."""
    return len(stream) > _FLAGS + 1 and bool(_number(stream, _FLAGS, "H") & (_ENCRYPTED | _OBFUSCATED))


def table_name(stream: bytes) -> str:
    """Return the name of the stream that holds the piece table."""
    return "1Table" if _number(stream, _FLAGS, "H") & _TABLE_1 else "0Table"


def stored_text(stream: bytes, table: bytes) -> str | None:
    """Return the body's text with its control characters, field instructions left out.

    None where the file is older than Word 97 or damaged.
    """
    try:
        if _number(stream, 0, "H") != _MAGIC or _number(stream, 2, "H") < _WORD_97:
            return None
        length = _number(stream, _TEXT_LENGTH, "i")
        start, size = _number(stream, _PIECES, "I"), _number(stream, _PIECES + 4, "I")
        text = "".join(_pieces(stream, table[start : start + size]))[:length]
    except (struct.error, IndexError, UnicodeDecodeError):
        return None
    return _without_instructions(text)


def _pieces(stream: bytes, clx: bytes) -> Iterator[str]:
    at = 0
    while clx[at] == _FORMATS:
        at += 3 + _number(clx, at + 1, "H")
    if clx[at] != _PIECE_TABLE:
        return
    table = clx[at + 5 : at + 5 + _number(clx, at + 1, "I")]
    count = (len(table) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}I", table)
    for piece in range(count):
        told = _number(table, 4 * (count + 1) + 8 * piece + 2, "I")
        characters = max(0, places[piece + 1] - places[piece])
        if told & _COMPRESSED:
            start = (told & ~_COMPRESSED) // 2
            yield stream[start : start + characters].decode("cp1252", "replace")
        else:
            yield stream[told : told + 2 * characters].decode("utf-16-le", "replace")


def _without_instructions(text: str) -> str:
    """The text without what stands between the begin (13h) of a field and its result (14h)."""
    kept: list[str] = []
    open_fields: list[bool] = []
    for char in text:
        if char == "\x13":
            open_fields.append(False)
        elif char == "\x14" and open_fields:
            open_fields[-1] = True
        elif char == "\x15" and open_fields:
            open_fields.pop()
        elif all(open_fields):
            kept.append(char)
    return "".join(kept)


def _number(data: bytes, offset: int, form: str) -> int:
    return struct.unpack_from(f"<{form}", data, offset)[0]
