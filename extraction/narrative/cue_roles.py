"""Roles that only arithmetic or the whole passage can tell: the parts of a sum, the outcomes of the requests received."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .passage import Draft, Passage
from .quantities import Quantity

_REACH = 12
_LONGEST_LIST = 24
_FEW = 4
_REQUESTS = "applications_"
_INTAKE = frozenset({"applications_received", "applications_handled"})
_OUTCOMES = frozenset(
    f"applications_{outcome}"
    for outcome in (
        "granted",
        "partly_granted",
        "refused",
        "unavailable",
        "unprocessed",
        "other",
        "withdrawn",
    )
)
_CLOSED = frozenset({"applications_answered", "applications_carried_out"})
_DISPUTES = frozenset({"reviews", "lawsuits"})
_PUBLISHED = frozenset(
    {"info_published", "enforcement_published", "finance_published", "documents_published", "interpretations"}
)
_PROPOSALS = frozenset({"proposals", "proposals_npc", "proposals_cppcc"})
_NOT_COUNTED = frozenset({"share", "change", "prior"})


def with_parts(
    drafts: Sequence[Draft], quantities: Sequence[Quantity], passage: Passage, sums: tuple[str, ...]
) -> list[Draft]:
    """Return the drafts of a passage, totals that are members of a printed sum or of the intake made parts.

    ``sums`` are the words before a sum that closes a list.
    """
    settled = list(drafts)
    counted = [i for i, draft in enumerate(settled) if draft.role not in _NOT_COUNTED and draft.value > 0]
    parts = set(_members(settled, counted, quantities, passage, sums))
    parts.update(_of_intake(settled, counted))
    for i in parts:
        if settled[i].role == "total":
            settled[i] = replace(settled[i], role="part")
    return settled


def _members(
    drafts: Sequence[Draft],
    counted: Sequence[int],
    quantities: Sequence[Quantity],
    passage: Passage,
    sums: tuple[str, ...],
) -> Iterator[int]:
    """The counts that add up exactly to one before them, or to a sum right behind them."""
    for place, i in enumerate(counted):
        total = drafts[i]
        if total.value < _FEW or total.role == "part":
            continue
        for start in range(place + 1, min(len(counted), place + 1 + _REACH)):
            run = _run(drafts, counted[start : start + _LONGEST_LIST], total)
            if run:
                yield from run
        first = quantities[total.quantity].start
        before = quantities[total.quantity - 1].end if total.quantity else 0
        gap = passage.text[max(before, first - _REACH) : first]
        if place and any(word in gap for word in sums):
            behind = counted[max(0, place - _LONGEST_LIST) : place][::-1]
            yield from _run(drafts, behind, total) or ()


def _run(drafts: Sequence[Draft], places: Sequence[int], total: Draft) -> list[int] | None:
    """The first of ``places`` whose values add up to the total, if there are several."""
    left, run = total.value, list[int]()
    for i in places:
        draft = drafts[i]
        left -= draft.value
        if (
            draft.metric in _CLOSED
            or left < 0
            or abs(draft.sentence - total.sentence) > _FEW
            or not _alike(draft, total)
        ):
            return None
        run.append(i)
        if left == 0:
            plain = len(run) > 2 or all(drafts[j].metric == total.metric for j in run)
            related = plain or _PROPOSALS.issuperset({total.metric, *(drafts[j].metric for j in run)})
            return run if len(run) > 1 and (related or total.value > _REACH) else None
    return None


def _alike(part: Draft, total: Draft) -> bool:
    """Whether one count may be a member of the other by what they count."""
    if part.metric == total.metric:
        return True
    pair = {part.metric, total.metric}
    requests = part.metric.startswith(_REQUESTS) and total.metric.startswith(_REQUESTS)
    return requests or pair <= _PUBLISHED or pair <= _PROPOSALS


def _of_intake(drafts: Sequence[Draft], counted: Sequence[int]) -> Iterator[int]:
    """Ways in, kinds of applicants and outcomes of requests whose larger total the passage printed before."""
    largest: dict[str, float] = {}
    for i in counted:
        draft = drafts[i]
        intake = max((largest.get(metric, 0) for metric in _INTAKE), default=0)
        if draft.metric in _OUTCOMES and intake >= draft.value:
            yield i
        elif draft.metric in _INTAKE | _DISPUTES and (draft.channel or draft.subject):
            if largest.get(draft.metric, 0) >= draft.value:
                yield i
        elif draft.metric in _INTAKE | _DISPUTES:
            largest[draft.metric] = max(largest.get(draft.metric, 0), draft.value)
