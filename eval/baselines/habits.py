"""What a reader knows of each metric beside its words: counted on labelled texts, used when facts are assembled."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from ...annotations.kinds import Period, Role, Scope
from ...annotations.labelled import LabelledChannel, LabelledFact, LabelledText, Model
from .links import Reach, linked_mention, list_key, named_channels
from .marks import labelled_marks, mentions_among, span_in
from .narrative import Span, Stretch, read_narrative

_REACHES: tuple[Reach, ...] = get_args(Reach)
_FILE = "habits.json"
_SEEN = 2
"""A list of channels is summed up under the channel that facts gave it at least this often."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A labelled fact in its stretch, with the mentions there."""

    stretch: Stretch
    mentions: Sequence[LabelledChannel]
    fact: LabelledFact
    span: Span

    def link(self, reach: Reach) -> int | None:
        text, sentences = self.stretch.normal.text, self.stretch.sentences
        return linked_mention(text, self.span, self.mentions, sentences, reach)

    def named(self, link: int, sums: Mapping[str, str]) -> list[tuple[str, int | None]]:
        return named_channels(self.stretch.normal.text, self.span, link, self.mentions, sums)


class Habits(Model):
    """``fields`` has the most frequent role, period and scope of a metric, ``reach`` how far its figures look for
    their channel, ``sums`` the channel of one figure over several listed (``douyin+kuaishou``: ``short_video``).
    """

    fields: dict[str, tuple[Role, Period, Scope]]
    reach: dict[str, Reach]
    sums: dict[str, str]

    def save(self, folder: Path) -> None:
        """Write a JSON file into ``folder``."""
        (folder / _FILE).write_text(self.model_dump_json(), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Habits":
        """Return what `save` wrote into ``folder``."""
        return cls.model_validate_json((folder / _FILE).read_bytes())


def learn_habits(texts: Iterable[LabelledText]) -> Habits:
    """Return the habits of the metrics in ``texts``, whose channel mentions must be marked.

    A metric's reach is the one that finds the right channel (or rightly none) for most of its facts.
    """
    fields: defaultdict[str, Counter[tuple[Role, Period, Scope]]] = defaultdict(Counter)
    told: list[_Told] = []
    for text in texts:
        for fact in text.facts:
            fields[fact.metric][fact.role, fact.period, fact.scope] += 1
        told += [one for stretch in read_narrative(text) for one in _told(text, stretch)]
    sums = _sums(told)
    return Habits(
        fields={metric: seen.most_common(1)[0][0] for metric, seen in fields.items()},
        reach=_reaches(told, sums),
        sums=sums,
    )


def _told(text: LabelledText, stretch: Stretch) -> Iterator[_Told]:
    mentions = mentions_among(labelled_marks(text, stretch))
    for fact in text.facts:
        span = span_in(stretch, fact.start, fact.end)
        if span:
            yield _Told(stretch, mentions, fact, span)


def _sums(told: Iterable[_Told]) -> dict[str, str]:
    """The channel of one figure over several listed, by the list's key, where it is seen often enough."""
    seen: defaultdict[str, Counter[str | None]] = defaultdict(Counter)
    for one in told:
        link = one.link("sentence")
        if link is not None and len(one.named(link, {})) == 1:
            seen[list_key(one.stretch.normal.text, link, one.mentions)][one.fact.channel] += 1
    usual = {key: counts.most_common(1)[0] for key, counts in seen.items() if "+" in key}
    return {key: channel for key, (channel, times) in usual.items() if channel and times >= _SEEN}


def _reaches(told: Iterable[_Told], sums: Mapping[str, str]) -> dict[str, Reach]:
    right: defaultdict[str, Counter[Reach]] = defaultdict(Counter)
    for one in told:
        for reach in _REACHES:
            link = one.link(reach)
            named = {None} if link is None else {channel for channel, _ in one.named(link, sums)}
            right[one.fact.metric][reach] += one.fact.channel in named
    return {metric: max(_REACHES, key=lambda reach, s=seen: s[reach]) for metric, seen in right.items()}
