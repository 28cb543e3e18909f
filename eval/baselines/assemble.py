"""From what a reader found in the stretches of a text to the text with its channels and facts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...annotations.kinds import Number
from ...annotations.labelled import LabelledChannel, LabelledFact, LabelledText
from ...annotations.matching import overlap
from ...extraction.narrative.quantities import Quantity
from .habits import Habits
from .links import linked_mention, named_channels
from .marks import Mark, mentions_among
from .narrative import Stretch

_FALL = re.compile(r"(?:下降|减少|降低|下滑|回落|压减)[了达约近超]?$")
_USUAL = ("total", "year", "own")


@dataclass(frozen=True, slots=True)
class Typed:
    """A quantity of a stretch (by its index) with what it counts and where.

    ``mention`` is the index of the words that name the channel among the stretch's mentions, None where no single
    one does.
    """

    quantity: int
    metric: str
    channel: str | None = None
    mention: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader found in a stretch; the places of ``mentions`` lie in the stretch, in order."""

    stretch: Stretch
    mentions: Sequence[LabelledChannel]
    typed: Sequence[Typed]


def assemble(text: LabelledText, found: Iterable[Found], habits: Habits) -> LabelledText:
    """Return ``text`` with the channels and facts found, in place of any it had.

    Value, unit and hedge are the number grammar's, role, period and scope the metric's most frequent ones.
    """
    channels: list[LabelledChannel] = []
    facts: list[LabelledFact] = []
    for part in found:
        normal, before = part.stretch.normal, len(channels)
        for mention in part.mentions:
            start, end = normal.source_span(mention.start, mention.end)
            channels.append(LabelledChannel(channel=mention.channel, start=start, end=end))
        for typed in part.typed:
            quantity = part.stretch.quantities[typed.quantity]
            start, end = normal.source_span(quantity.start, quantity.end)
            role, period, scope = habits.fields.get(typed.metric, _USUAL)
            facts.append(
                LabelledFact(
                    start=start,
                    end=end,
                    metric=typed.metric,
                    channel=typed.channel,
                    value=_signed(normal.text, quantity),
                    unit=quantity.unit,
                    hedge=quantity.hedge,
                    role=role,
                    period=period,
                    scope=scope,
                    mention=None if typed.mention is None else before + typed.mention,
                    origin="model",
                )
            )
    return text.model_copy(update={"channels": tuple(channels), "facts": tuple(facts)})


def linked(stretch: Stretch, marks: Sequence[Mark], habits: Habits) -> Found:
    """Return the facts that the ``marks`` of a stretch tell.

    A mark of a metric counts for the quantity it shares most characters with; one without a quantity is dropped. The
    channel is that of the mention it is linked to by rule (`links.linked_mention`).
    """
    mentions = mentions_among(marks)
    typed: list[Typed] = []
    for place, metrics in sorted(metrics_of_quantities(stretch, marks).items()):
        quantity = stretch.quantities[place]
        for metric in sorted(metrics):
            reach = habits.reach.get(metric, "sentence")
            span = (quantity.start, quantity.end)
            link = linked_mention(stretch.normal.text, span, mentions, stretch.sentences, reach)
            typed += told_of(stretch, Typed(place, metric, mention=link), mentions, habits)
    return Found(stretch, mentions, typed)


def metrics_of_quantities(stretch: Stretch, marks: Iterable[Mark]) -> dict[int, set[str]]:
    """Return the metrics that ``marks`` give to quantities, by the quantities' indices."""
    metrics: dict[int, set[str]] = {}
    for mark in marks:
        place = _snapped(mark, stretch.quantities) if mark.metrics else None
        if place is not None:
            metrics.setdefault(place, set()).update(mark.metrics)
    return metrics


def told_of(
    stretch: Stretch, typed: Typed, mentions: Sequence[LabelledChannel], habits: Habits
) -> list[Typed]:
    """Return what a quantity tells that is linked to ``typed.mention``, channels filled in (`named_channels`)."""
    if typed.mention is None:
        return [typed]
    quantity = stretch.quantities[typed.quantity]
    span = (quantity.start, quantity.end)
    named = named_channels(stretch.normal.text, span, typed.mention, mentions, habits.sums)
    return [replace(typed, channel=channel, mention=mention) for channel, mention in named]


def _snapped(mark: Mark, quantities: Sequence[Quantity]) -> int | None:
    """The index of the quantity that shares most characters with a mark."""
    best = max(range(len(quantities)), key=lambda i: overlap(mark, quantities[i]), default=None)
    return best if best is not None and overlap(mark, quantities[best]) else None


def _signed(text: str, quantity: Quantity) -> Number:
    """The quantity's value, negative where the words right before it tell a fall."""
    falls = _FALL.search(text, max(0, quantity.start - 3), quantity.start)
    return -abs(quantity.value) if falls else quantity.value
