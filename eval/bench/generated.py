"""Reports without end for measuring batches: those of the corpus with other agencies, years and numbers, some damaged.

And one report of any length.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

from ...annotations.corpus import read_corpus
from ...annotations.labelled import LabelledText, is_passage

DAMAGED_EVERY = 10
_PLACES = "云岭青屏澄浦望川柳渡岚江瑶海瀚松漠霖溪沧宁石桥泉林湖峰谷原"
_NUMBER = re.compile(r"(?<![\d.])\d+(?![\d.])")
_YEAR = re.compile(r"20[012]\d")
_YEARS = 2015, 2024
_HEADING = re.compile(r"\s*[（(]?[一二三四五六七八九十\d]+[)）、.．]")
_TITLE = "青屏县公安局2023年政府信息公开工作年度报告"
_HEADINGS = "一、总体情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项"


def write_generated(folder: Path, reports: int) -> set[str]:
    """Write so many reports as text files, the same ones each time; return the paths of those that cannot be read.

    Every tenth is damaged: cut off in the middle (which still can be read), empty, not a text, with bytes that no
    encoding has, or half a ZIP file.
    """
    unreadable: set[str] = set()
    for number in range(reports):
        data, is_readable = generated_report(number)
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        if not is_readable:
            unreadable.add(str(path))
    return unreadable


def long_report(characters: int) -> str:
    """Return a report of about so many characters: three sections of prose from as many reports as that needs."""
    prose = _prose()
    lines = [_TITLE]
    for heading in _HEADINGS:
        lines.append(heading)
        left = characters // len(_HEADINGS) - len(heading)
        while left > 0:
            lines.append(next(prose)[:left])
            left -= len(lines[-1]) + 1
    return "\n".join(lines)


def _prose() -> Iterator[str]:
    """The paragraphs of one undamaged report after the other, without those that begin as headings do."""
    for number in count(1):
        data, _ = generated_report(number) if number % DAMAGED_EVERY else (b"", False)
        for line in data.decode().splitlines():
            if line.rstrip().endswith("。") and not _HEADING.match(line):
                yield line


def generated_report(number: int) -> tuple[bytes, bool]:
    """Return the bytes of a report, and whether they can be read."""
    random = Random(number)
    data = _varied(_sources()[number % len(_sources())], random).encode()
    if number % DAMAGED_EVERY:
        return data, True
    damage, is_readable = _DAMAGES[number // DAMAGED_EVERY % len(_DAMAGES)]
    return damage(data, random), is_readable


@cache
def _sources() -> list[LabelledText]:
    return [text for text in read_corpus() if not is_passage(text)]


def _varied(source: LabelledText, random: Random) -> str:
    """The report of another agency on another year, with other numbers in its prose; its tables stay as they add up."""
    text = source.text or ""
    agency, year = source.report.agency or "", source.report.year or _YEARS[0]
    if agency:
        text = text.replace(agency[:2], "".join(random.choices(_PLACES, k=2)))
    shift = random.randint(*_YEARS) - year

    def number(match: re.Match[str]) -> str:
        old = match[0]
        if _YEAR.fullmatch(old):
            return str(int(old) + shift)
        return old[0] + "".join(random.choices("0123456789", k=len(old) - 1))

    return "".join(
        _NUMBER.sub(number, line) if "。" in line or "年" in line else line
        for line in text.splitlines(keepends=True)
    )


def _cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randint(len(data) // 2, len(data))]


def _emptied(data: bytes, random: Random) -> bytes:
    return b"\n" * random.randint(0, 50)


def _no_text(data: bytes, random: Random) -> bytes:
    return b"\x00\x01" + random.randbytes(len(data))


def _bad_bytes(data: bytes, random: Random) -> bytes:
    return b"".join(data[at : at + 40] + b"\xff\xfe\xc0" for at in range(0, len(data), 40))


def _half_a_zip(data: bytes, random: Random) -> bytes:
    return b"PK\x03\x04" + random.randbytes(len(data) // 2)


_DAMAGES: tuple[tuple[Callable[[bytes, Random], bytes], bool], ...] = (
    (_cut_off, True),
    (_emptied, False),
    (_no_text, False),
    (_bad_bytes, False),
    (_half_a_zip, False),
)
