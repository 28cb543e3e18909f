"""How many pieces a PDF would draw by forms inside forms: a file of a kilobyte may ask for billions."""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .streams import in_bytes, is_content, is_form

_OBJECT = re.compile(rb"(?<!\d)(\d{1,9})\s+\d{1,5}\s+obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_REFERENCE = re.compile(rb"(?<!\d)(\d{1,9})\s+\d{1,5}\s+R\b")
_DRAWS = re.compile(rb"\bDo\b")
_PACKED = re.compile(rb"/Type\s*/ObjStm\b")
_FIRST = re.compile(rb"/First\s+(\d{1,9})\b")
_DEFLATED = re.compile(rb"/Fl(?:ateDecode)?\b")
_OUTDATED = re.compile(rb"/LZW(?:Decode)?\b")
_GUESSED = 10
"""Of pieces drawn by a content packed in an outdated way, which is not unpacked here."""
_LONGEST = 4096
"""Bytes of a dictionary."""
_LARGEST = 48 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Object:
    """What an object refers to; ``draws`` counts what its content draws by name; None where it is no content."""

    references: frozenset[int]
    draws: int | None = None
    is_form: bool = False


def pieces_drawn(raw: bytes) -> int:
    """Return at most how many forms and images all contents of a PDF draw, those inside forms counted each time.

    Every name that a content draws is taken for the form that draws most among those that the content can reach.
    """
    objects = _objects(raw)
    costs: dict[int, int] = {}
    contents = (told for told in objects.values() if told.draws and not told.is_form)
    forms = [number for number, told in objects.items() if told.is_form]
    most = max((_cost(form, objects, costs) for form in forms), default=1)
    return most + sum((told.draws or 0) * most for told in contents)


def _cost(form: int, objects: Mapping[int, _Object], costs: dict[int, int]) -> int:
    """What a form draws with all inside it, itself included; forms that draw themselves count once."""
    waiting = [(form, False)]
    while waiting:
        number, is_done = waiting.pop()
        inner = _reached(number, objects)
        if is_done:
            deepest = max((costs.get(other, 1) for other in inner), default=1)
            costs[number] = 1 + (objects[number].draws or 0) * max(deepest, 1)
        elif number not in costs:
            costs[number] = 1
            waiting.append((number, True))
            waiting += [(other, False) for other in inner if other not in costs]
    return costs[form]


def _reached(form: int, objects: Mapping[int, _Object]) -> list[int]:
    """The forms that an object refers to, directly or through dictionaries."""
    found: list[int] = []
    seen = {form}
    waiting = list(objects[form].references)
    while waiting:
        number = waiting.pop()
        told = objects.get(number)
        if told is None or number in seen:
            continue
        seen.add(number)
        if told.is_form:
            found.append(number)
        elif told.draws is None:
            waiting += told.references
    return found


def _objects(raw: bytes) -> dict[int, _Object]:
    found: dict[int, _Object] = {}
    places = list(_OBJECT.finditer(raw))
    for index, place in enumerate(places):
        end = places[index + 1].start() if index + 1 < len(places) else len(raw)
        stream = _STREAM.search(raw, place.end(), min(end, place.end() + _LONGEST))
        head = raw[place.end() : stream.start() if stream else min(end, place.end() + 16 * _LONGEST)]
        if stream is None:
            _add(found, int(place[1]), _Object(_references(head)))
        elif _PACKED.search(head):
            for number, body in _unpacked(head, _content(raw, head, stream.end())):
                _add(found, number, _Object(_references(body)))
        elif is_content(head):
            draws = _draws(raw, head, stream.end())
            _add(found, int(place[1]), _Object(_references(head), draws, is_form(head)))
    return found


def _add(found: dict[int, _Object], number: int, told: _Object) -> None:
    """Add an object; a file may hold several versions of one, of which all count."""
    before = found.get(number)
    if before is None:
        found[number] = told
        return
    draws = max((count for count in (before.draws, told.draws) if count is not None), default=None)
    references = before.references | told.references
    found[number] = _Object(references, draws, before.is_form or told.is_form)


def _references(text: bytes) -> frozenset[int]:
    return frozenset(int(number) for number in _REFERENCE.findall(text))


def _draws(raw: bytes, head: bytes, start: int) -> int:
    """How often a content draws something by its name."""
    if _OUTDATED.search(head):
        return _GUESSED
    return sum(1 for _ in _DRAWS.finditer(_content(raw, head, start)))


def _content(raw: bytes, head: bytes, start: int) -> bytes:
    packed = in_bytes(raw, head, start)
    if not _DEFLATED.search(head):
        end = raw.find(b"endstream", start)
        return bytes(packed[: (len(raw) if end < 0 else end) - start])
    try:
        return zlib.decompressobj().decompress(packed, _LARGEST)
    except zlib.error:
        return b""


def _unpacked(head: bytes, content: bytes) -> Iterator[tuple[int, bytes]]:
    """The objects of an object stream (ISO 32000-1, 7.5.7)."""
    first = _FIRST.search(head)
    if not first:
        return
    at = int(first[1])
    numbers = _integers(content[:at].split())
    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    for index, (number, offset) in enumerate(pairs):
        end = pairs[index + 1][1] if index + 1 < len(pairs) else len(content)
        yield number, content[at + offset : at + end]


def _integers(words: Iterable[bytes]) -> list[int]:
    return [int(word) for word in words if word.isdigit() and len(word) < 10]
