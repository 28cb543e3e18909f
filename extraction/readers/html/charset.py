"""The text of a web page's bytes: what the page says of its encoding, and what its bytes show."""

import codecs
import re
from functools import cache

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TOLD = re.compile(
    rb"<(?:meta\b|\?xml\b)[^<>]{0,400}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]{2,20})", re.I
)
_HEAD = 1 << 14
_SAMPLE = 20_000
_NOT_ASCII = re.compile("[^\x00-\x7f\u00a0]+")

# Labels of pages (https://encoding.spec.whatwg.org/#names-and-labels), and the superset that such pages are in.
_SUPERSETS = (
    (re.compile(r"gb|x-gbk|csgb|chinese|iso-ir-58|cp936"), "gb18030"),
    (re.compile(r"big5|cn-big5|csbig5|x-x-big5|cp950"), "big5hkscs"),
    (re.compile(r"utf-?8"), "utf-8"),
)
_OTHERS = re.compile(
    r"(?:utf-16(?:le|be)?|iso-?8859-\d{1,2}|windows-125\d|euc-(?:jp|kr)|shift_jis|koi8-[ru])\Z"
)
_CHINESE = ("utf-8", "gb18030", "big5hkscs")
_LEAST_COMMON = 0.5
_CLEARLY = 0.02


def decode_page(raw: bytes, told: str | None = None) -> str:
    """Return the text of a page without byte order mark and NUL characters; never raises.

    ``told`` is the encoding that a header names. A mark decides; then bytes that are UTF-8 throughout; then, among what
    header and page say, UTF-8, GB18030 and Big5, the encoding in which most characters are common Chinese ones. A
    page that names GB2312 or GBK is read as GB18030, their superset. Bytes that are no character become U+FFFD.
    """
    return _decode(raw, told).replace("\x00", "")


def _decode(raw: bytes, told: str | None) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    head = raw[:_HEAD]
    if head.count(0) > len(head) // 8:
        return _wide(raw)
    try:
        return codecs.getincrementaldecoder("utf-8")("strict").decode(raw)
    except UnicodeDecodeError:
        pass
    found = _TOLD.search(head)
    names = [known for known in map(_encoding, (told, found and found[1].decode("ascii"))) if known]
    # The first of equals wins: what is told, unless another encoding fits clearly better.
    return max((raw.decode(name, "replace") for name in dict.fromkeys((*names, *_CHINESE))), key=_common)


def _encoding(label: str | None) -> str | None:
    """The codec for what a page calls its encoding, None for one that cannot be or is no encoding of pages."""
    name = (label or "").strip().lower()
    for pattern, encoding in _SUPERSETS:
        if pattern.match(name):
            return encoding
    return name if _OTHERS.match(name) else None


def _wide(raw: bytes) -> str:
    """UTF-16 without a byte order mark: the tags tell the order."""
    return max(
        (raw.decode(e, "replace") for e in ("utf-16-le", "utf-16-be")), key=lambda text: text.count("<")
    )


def _common(text: str) -> float:
    """The share of common hanzi and punctuation in what is not ASCII, rounded so that near ties are ties."""
    sample = ""
    for run in _NOT_ASCII.finditer(text):
        sample += run.group()
        if len(sample) > _SAMPLE:
            break
    if not sample:
        return 0.0
    share = sum(map(_common_characters().__contains__, sample)) / len(sample)
    return share // _CLEARLY if share >= _LEAST_COMMON else 0.0


@cache
def _common_characters() -> frozenset[str]:
    """Punctuation and the first levels of GB 2312 and Big5, which hold the characters of any prose."""
    trails = range(0xA1, 0xFF)
    simplified = b"".join(bytes((a, b)) for a in range(0xB0, 0xD8) for b in trails).decode("gb2312", "ignore")
    trails = (*range(0x40, 0x7F), *trails)
    traditional = b"".join(bytes((a, b)) for a in range(0xA4, 0xC7) for b in trails).decode("big5", "ignore")
    marks = [
        chr(code) for a, b in ((0x2013, 0x2027), (0x3000, 0x3020), (0xFF01, 0xFF5F)) for code in range(a, b)
    ]
    return frozenset(simplified + traditional + "".join(marks) + "\u00b7")
