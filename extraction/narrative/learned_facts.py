"""Facts and channel words as the learned reader finds them: distributions over what each quantity counts, decoded."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import cast

import numpy as np

from ...annotations.kinds import Period, Role, Scope
from ...models.labels import AND, NONE, Labels
from ...models.reader import Reader
from ...models.windows import Array, Candidate, Hint, QuantityReading, Window
from .channel_words import channel_words_in
from .cue_typing import type_by_cues
from .hints import linkable, quantity_hints, tag_hints
from .passage import Draft, Passage
from .prefix import prefix_of
from .quantities import Quantity
from .windowing import Stretch, quantity_stretches

_THING = attrgetter("sentence", "metric", "channel", "role", "period", "scope", "subject")
Named = tuple[str, int, int]
"""A channel, and the span in a passage of the words that name it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A passage as the learned reader is asked about it: its windows, and what the rules made of it.

    ``hinted`` tells whether the reader is shown what the rules made.
    """

    passage: Passage
    quantities: Sequence[Quantity]
    stretches: Sequence[Stretch]
    windows: Sequence[Window]
    drafts: Mapping[int, Sequence[Draft]]
    candidates: Sequence[Candidate]
    named: Sequence[Named]
    hinted: bool


def ask(passage: Passage, quantities: Sequence[Quantity], reader: Reader, *, hinted: bool) -> Asked:
    """Return a passage cut into windows, with the rules' reading of it."""
    drafts = type_by_cues(passage, quantities) if hinted else []
    by_quantity: defaultdict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        by_quantity[draft.quantity].append(draft)
    hints = quantity_hints(drafts, len(quantities), reader.labels) if hinted else [Hint()] * len(quantities)
    candidates = [Candidate(q.start, q.end, hint) for q, hint in zip(quantities, hints, strict=True)]
    stretches = quantity_stretches(passage.text, passage.sentences, quantities)
    windows = [window_of(passage, stretch) for stretch in stretches]
    named = list(channel_words_in(passage))
    return Asked(passage, quantities, stretches, windows, by_quantity, candidates, named, hinted)


def window_of(passage: Passage, stretch: Stretch) -> Window:
    """Return the window of a stretch of a passage."""
    text = passage.text[stretch.start : stretch.end]
    return Window(text, prefix_of(passage.label, passage.title))


def answers(asked: Asked, states: Iterator[Array], reader: Reader) -> tuple[list[Draft], list[Named]]:
    """Return the facts and the channel words of a passage, given the states of its windows, which are
    taken from ``states``.

    Channel words outside of all windows are the rules'.
    """
    drafts: list[Draft] = []
    named: list[Named] = []
    ruled = [(start, end, reader.labels.mentions.index(code)) for code, start, end in asked.named]
    told = tag_hints(ruled, len(asked.passage.text))
    for stretch, state in zip(asked.stretches, states, strict=False):
        at = stretch.start
        mentions = reader.mentions(state, told[at : stretch.end] if asked.hinted else None)
        named += [
            (reader.labels.mentions[m.label], m.start + at, m.end + at)
            for m in mentions
            if m.end + at > stretch.own
        ]
        inside = [asked.candidates[n] for n in stretch.quantities]
        moved = [c._replace(start=c.start - at, end=c.end - at) for c in inside]
        shown = [(a - at, b - at, n) for a, b, n in ruled if at <= a and b <= stretch.end]
        reading = reader.quantities(state, moved, linkable(mentions, shown) if asked.hinted else mentions)
        for place, n in enumerate(stretch.quantities):
            drafts += _drafts(asked, n, place, reading, reader)
    judged = [(stretch.own, stretch.own_end) for stretch in asked.stretches]
    named += [word for word in asked.named if not any(a < word[2] and word[1] < b for a, b in judged)]
    drafts = list(_without_overruled(drafts))
    return drafts, sorted(set(named), key=lambda word: word[1:])


def _without_overruled(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The drafts but those of a figure that is to count several things, for the thing of which the surest figure of its
    sentence tells another number (诉讼1件,没有…复议: the zero is of the reviews alone)."""
    metrics: defaultdict[int, set[str]] = defaultdict(set)
    surest: dict[object, Draft] = {}
    for draft in drafts:
        metrics[draft.quantity].add(draft.metric)
        if draft.confidence > surest.setdefault(_THING(draft), draft).confidence:
            surest[_THING(draft)] = draft
    for draft in drafts:
        other = surest[_THING(draft)]
        surer = other.value != draft.value and other.confidence > draft.confidence
        if not (surer and len(metrics[draft.quantity]) > 1):
            yield draft


def _drafts(asked: Asked, n: int, place: int, reading: QuantityReading, reader: Reader) -> Iterator[Draft]:
    """What the ``n``-th quantity of a passage counts, the one at ``place`` in the reading of its window."""
    labels, quantity = reader.labels, asked.quantities[n]
    chances = reading.metric[place]
    if 1 - chances[0] < reader.decoding.thresholds["fact"]:
        return
    best = 1 + int(chances[1:].argmax())
    channel = int(reading.channel[place].argmax())
    fields = {name: labels.of(name)[int(chance[place].argmax())] for name, chance in reading.fields.items()}
    falls = fields["sign"] == "fall" and fields["role"] == "change"
    draft = Draft(
        quantity=n,
        sentence=_sentence(asked.passage, quantity),
        metric=labels.metrics[best],
        channel=_channel(labels, channel),
        value=-abs(quantity.value) if falls else quantity.value,
        role=cast(Role, fields["role"]),
        period=cast(Period, fields["period"]),
        scope=cast(Scope, fields["scope"]),
        subject=None,
        confidence=round(float(chances[best] * reading.channel[place, channel]), 4),
    )
    for metric in draft.metric.split(AND):
        one = replace(draft, metric=metric)
        yield from _as_told(one, [other for other in asked.drafts.get(n, ()) if other.metric == metric])


def _as_told(draft: Draft, ruled: Sequence[Draft]) -> Iterator[Draft]:
    """The draft with what only the rules tell: the subject, and that the figure holds for each of several channels."""
    channels = {other.channel for other in ruled}
    if len(channels) > 1 and draft.channel in channels:
        yield from (replace(draft, channel=other.channel, subject=other.subject) for other in ruled)
    else:
        same = [other.subject for other in ruled if other.channel == draft.channel]
        yield replace(draft, subject=next(iter(same), None))


def _channel(labels: Labels, number: int) -> str | None:
    name = labels.channels[number]
    return None if name == NONE else name


def _sentence(passage: Passage, quantity: Quantity) -> int:
    ends = np.array([end for _, end in passage.sentences])
    return int(min(np.searchsorted(ends, quantity.start, side="right"), len(ends) - 1))
