"""The order of the columns in the table of requests, as its head prints it."""

from .grid import Source
from .template import APPLICANTS, template
from .verdicts import WIDTH

_LONGEST_HEAD = 120


def column_order(source: Source, start: int, first_row: int) -> list[int] | None:
    """Return the place in the print of each official column; another order only when the head plainly prints one.

    ``start`` and ``first_row`` are places in the squeezed text: of the table and of its first row's label. None when the head prints the total before others: what adds up to what is then not known.
    """
    official = list(range(WIDTH))
    head = source.squeezed[max(0, start - _LONGEST_HEAD) : first_row]
    places: dict[str, int] = {}
    for name, words in template().column_heads.items():
        found = [place for word in words if (place := head.rfind(word)) >= 0]
        if not found:
            return official
        places[name] = max(found)
    if sorted(places, key=places.__getitem__) == list(places):
        return official
    places |= {"other_org": head.rfind("其他"), "total": head.rfind("总计")}
    if min(places.values()) < 0:
        return official
    joint = head.rfind("法人")  # a head of two lines: the kinds of bodies stand below this word
    first = {name: place for name, place in places.items() if name in {"natural", "total"}}
    bodies = sorted(places.keys() - first.keys(), key=places.__getitem__)
    before = [name for name in first if joint < 0 or first[name] < joint]
    printed = [*before, *bodies, *(name for name in first if name not in before)]
    if joint < 0:
        printed = sorted(places, key=places.__getitem__)
    return [printed.index(name) for name in APPLICANTS] if printed[-1] == "total" else None
