"""Where the labels of a table's rows stand, found by wording and put into the order of the form."""

from collections.abc import Sequence
from dataclasses import dataclass

from .grid import Source
from .template import Row

_CLUSTER_GAP = 900
_MAX_HITS = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A row's label: its index in the form and its place in the squeezed text."""

    row: int
    start: int
    end: int


def find_hits(source: Source, rows: Sequence[Row], low: int = 0, high: int | None = None) -> list[Hit]:
    """Return every place between ``low`` and ``high`` of the squeezed text where a row's wording stands."""
    hits: list[Hit] = []
    text = source.squeezed
    high = len(text) if high is None else high
    for index, row in enumerate(rows):
        for key in row.keys:
            place = text.find(key, low, high)
            while place >= 0:
                hits.append(Hit(index, place, place + len(key)))
                place = text.find(key, place + len(key), high)
    hits.sort(key=_by_place)
    return hits


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def best_chain(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits of most rows in the order of the form, the closest together where several are as long."""
    best: list[Hit] = []
    for cluster in _clusters(hits):
        if len({hit.row for hit in cluster}) > len(best):
            chain = _ordered(cluster[:_MAX_HITS])
            if len(chain) > len(best):
                best = chain
    return best


def _clusters(hits: Sequence[Hit]) -> list[list[Hit]]:
    clusters: list[list[Hit]] = []
    for hit in hits:
        if clusters and hit.start - clusters[-1][-1].end < _CLUSTER_GAP:
            clusters[-1].append(hit)
        else:
            clusters.append([hit])
    return clusters


def _ordered(hits: Sequence[Hit]) -> list[Hit]:
    """The longest run of hits with growing rows; among equals the one that spans least text."""
    scores: list[int] = []
    before: list[int] = []
    earlier: list[
        tuple[int, int, int]
    ] = []  # row, end and score, lifted by the end: a gap then costs its length
    for hit in hits:
        score, origin = 1_000_000, -1
        for j, (row, end, reach) in enumerate(earlier):
            if row < hit.row and reach - hit.start > score - 1_000_000 and end <= hit.start:
                score, origin = reach - hit.start + 1_000_000, j
        scores.append(score)
        before.append(origin)
        earlier.append((hit.row, hit.end, score + hit.end))
    if not scores:
        return []
    place = max(range(len(scores)), key=scores.__getitem__)
    chain: list[Hit] = []
    while place >= 0:
        chain.append(hits[place])
        place = before[place]
    return chain[::-1]
