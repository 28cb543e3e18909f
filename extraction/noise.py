"""What belongs to the page and not to the report: navigation, share bars, page counters, signatures."""

import re

from .headings import wording
from .normalise import NormalText

_TAIL = 1200
_HEAD = 3000
_TITLE_LINE = re.compile(r"公开.{0,16}(?:报告|年报)\W{0,3}\Z")


def noise_at_head(normal: NormalText, source: str, end: int) -> int:
    """Return where the report begins in the normalised text before ``end``, after the page's own lines.

    Lines without a sentence between such lines and the report's title (a menu) belong to the page as well.
    """
    noise, reached = wording().noise, 0
    unbroken, menu = True, True
    for start, stop in printed_lines(normal, source, 0, min(end, _HEAD)):
        line = normal.text[start:stop]
        if noise.match(line):
            reached = stop if unbroken else reached
        elif _TITLE_LINE.search(line):
            return start if reached and menu else reached
        else:
            unbroken, menu = False, menu and "。" not in line
    return reached


def noise_at_tail(normal: NormalText, source: str, start: int, end: int) -> int:
    """Return where the report's own text in the normalised ``[start, end)`` ends, before the signature."""
    known, text = wording(), normal.text
    position, dated = end, False
    for begin, stop in reversed(printed_lines(normal, source, max(start, end - _TAIL), end)):
        sentence = max(text.rfind("。", begin, stop - 1) + 1, begin)
        line = text[sentence:stop]
        signature = known.signature.match(line)
        may_sign = dated or text[max(0, sentence - 8) : sentence].rstrip().endswith("。")
        if not (known.noise.match(line) or signature or (may_sign and known.signer.match(line))):
            break
        dated = bool(signature)
        position = sentence
        if sentence > begin:
            break
    return position


def printed_lines(normal: NormalText, source: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the lines of the normalised ``[start, end)`` as the source breaks them, blank ones left out."""
    lines: list[tuple[int, int]] = []
    while start < end:
        line_end = source.find("\n", normal.source_start(start), normal.source_end(end - 1))
        stop = min(max(normal.index_at(line_end), start), end) if line_end >= 0 else end
        line = normal.text[start:stop]
        if line.strip():
            lines.append((start + len(line) - len(line.lstrip()), start + len(line.rstrip())))
        start = max(stop, start + 1)
    return lines
