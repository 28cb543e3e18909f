"""The cue-bag baseline: logistic regression over the number grammar's quantities, and over their links to channels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from ...annotations.labelled import LabelledChannel, LabelledText
from .assemble import Found, Typed, assemble, metrics_of_quantities, told_of
from .channel_dictionary import ChannelFinder, learn_channel_words
from .cue_features import link_cues, quantity_cues, reachable
from .cue_model import CueModel, learn_model, load_model
from .habits import Habits, learn_habits
from .marks import labelled_marks, span_in
from .narrative import Stretch, read_narrative

_NONE = "none"
_YES, _NO = "linked", "apart"
_WORDS = "channel_words.json"


@dataclass(frozen=True, slots=True)
class CueBag:
    """The trained reader. ``links`` is None where the training texts link no quantity to a mention."""

    metrics: CueModel
    links: CueModel | None
    words: dict[str, str]
    finder: ChannelFinder
    habits: Habits

    def __call__(self, text: LabelledText) -> LabelledText:
        """Return ``text`` with the channels and facts found."""
        return assemble(text, [self._found(stretch) for stretch in read_narrative(text)], self.habits)

    def save(self, folder: Path) -> None:
        """Write models, words and habits into ``folder``."""
        self.metrics.save(folder, "metrics")
        if self.links:
            self.links.save(folder, "links")
        (folder / _WORDS).write_bytes(orjson.dumps(self.words))
        self.habits.save(folder)

    def _found(self, stretch: Stretch) -> Found:
        mentions = self.finder.find(stretch.normal.text)
        cues = [quantity_cues(stretch, place) for place in range(len(stretch.quantities))]
        best = self.metrics.probabilities(cues).argmax(axis=1)
        named = [self.metrics.labels[int(number)] for number in best]
        typed = [
            Typed(place, metric)
            for place, label in enumerate(named)
            if label != _NONE
            for metric in label.split("+")
        ]
        told = [
            one
            for each in self._linked(stretch, typed, mentions)
            for one in told_of(stretch, each, mentions, self.habits)
        ]
        return Found(stretch, mentions, told)

    def _linked(
        self, stretch: Stretch, typed: Sequence[Typed], mentions: Sequence[LabelledChannel]
    ) -> Iterator[Typed]:
        """Each with the mention that is most probably its channel's, if any is more probably so than not."""
        if self.links is None:
            yield from typed
            return
        pairs = [(n, i) for n, one in enumerate(typed) for i in reachable(stretch, one.quantity, mentions)]
        cues = [link_cues(stretch, typed[n].quantity, typed[n].metric, i, mentions) for n, i in pairs]
        chances = self.links.probabilities(cues)[:, self.links.labels.index(_YES)]
        best: dict[int, tuple[float, int]] = {}
        for (n, i), chance in zip(pairs, chances, strict=True):
            best[n] = max(best.get(n, (0.5, -1)), (float(chance), i))
        for n, one in enumerate(typed):
            _, link = best.get(n, (0.5, -1))
            yield one if link < 0 else Typed(one.quantity, one.metric, mention=link)


def load(folder: Path) -> CueBag:
    """Return the reader that was saved into ``folder``."""
    words: dict[str, str] = orjson.loads((folder / _WORDS).read_bytes())
    links = load_model(folder, "links") if (folder / "links.json").is_file() else None
    return CueBag(load_model(folder, "metrics"), links, words, ChannelFinder(words), Habits.load(folder))


def train(texts: Sequence[LabelledText], seed: int) -> CueBag:
    """Return a reader trained on ``texts``.

    Raises `ValueError` where they hold no facts, or no numbers that are none.
    """
    words = learn_channel_words(texts)
    finder, habits = ChannelFinder(words), learn_habits(texts)
    stretches = [(text, stretch) for text in texts for stretch in read_narrative(text)]
    cues: list[list[str]] = []
    labels: list[str] = []
    pairs: list[tuple[list[str], str]] = []
    for text, stretch in stretches:
        metrics = metrics_of_quantities(stretch, labelled_marks(text, stretch))
        for place in range(len(stretch.quantities)):
            cues.append(quantity_cues(stretch, place))
            labels.append("+".join(sorted(metrics.get(place, ()))) or _NONE)
        pairs += _pairs(text, stretch, finder.find(stretch.normal.text), habits)
    linked = {label for _, label in pairs}
    links = (
        learn_model([c for c, _ in pairs], [label for _, label in pairs], seed) if len(linked) > 1 else None
    )
    return CueBag(learn_model(cues, labels, seed), links, words, finder, habits)


def _pairs(
    text: LabelledText, stretch: Stretch, mentions: Sequence[LabelledChannel], habits: Habits
) -> Iterator[tuple[list[str], str]]:
    """The cues of each fact and mention within reach, and whether the mention is the one to link it to."""
    places = {(q.start, q.end): place for place, q in enumerate(stretch.quantities)}
    for fact in text.facts:
        place = places.get(span_in(stretch, fact.start, fact.end) or (-1, -1))
        if place is None:
            continue
        near = reachable(stretch, place, mentions)
        right = [
            i
            for i in near
            if _tells(stretch, Typed(place, fact.metric, mention=i), fact.channel, mentions, habits)
        ]
        link = _nearest(right, stretch.quantities[place].start, mentions)
        for i in near:
            yield link_cues(stretch, place, fact.metric, i, mentions), _YES if i == link else _NO


def _tells(
    stretch: Stretch, typed: Typed, channel: str | None, mentions: Sequence[LabelledChannel], habits: Habits
) -> bool:
    return any(told.channel == channel for told in told_of(stretch, typed, mentions, habits))


def _nearest(places: Iterable[int], start: int, mentions: Sequence[LabelledChannel]) -> int | None:
    """The last of the mentions before ``start``, else the first behind it."""
    ordered = sorted(places)
    before = [i for i in ordered if mentions[i].end <= start]
    return before[-1] if before else next(iter(ordered), None)
