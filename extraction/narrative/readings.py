"""What has been read of a sentence so far, and the questions the readers of its next quantity ask about it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...annotations.kinds import Role
from .clauses import Mention, Sentence, tokens_between
from .lexicon import Lexicon, Thing, Token
from .passage import Passage

_LONGEST_REACH = 120
_REACH = 200
_FEW = 4
# Verbs that do not end a list of parts.
_CARRIED = frozenset({"hold"})
_CARRIED_ALIKE = _CARRIED | {"publish", "disclose"}
_REQUESTS = "application"
# "不予公开类" is a class of documents, "不予公开" what became of a request.
_CLASS = "类"
_BEFORE = 18
# The metric of what is counted and is no disclosure work.
NOTHING = "none"
# What follows a list without being a member of it.
_NEVER_PARTS = frozenset({"applications_carried_out", "trainings"})


class Reading(NamedTuple):
    """A quantity read as a count of ``thing``; ``source`` tells what named it and ``token`` the word that did."""

    thing: Thing
    metric: str
    source: str
    token: Token | None
    weak: bool = False
    role: Role = "total"
    falling: bool = False


@dataclass(slots=True)
class Scene:
    """A sentence being read: ``readings`` are those of its quantities so far, in order.

    ``referents`` tells of which count a share is one, where several of each are told in turn.
    """

    passage: Passage
    sentence: Sentence
    words: Lexicon
    readings: list[tuple[Reading, ...]] = field(default_factory=list[tuple[Reading, ...]])
    opening: tuple[Reading, float] | None = None
    referents: dict[int, int] = field(default_factory=dict[int, int])
    _contexts: dict[str, bool] = field(default_factory=dict[str, bool])
    _total: int | None = None
    _objects: frozenset[str] | None = None
    _accounts: list[re.Match[str]] | None = None

    def objects(self) -> frozenset[str]:
        """The things the sentence names anywhere."""
        if self._objects is None:
            self._objects = frozenset(code for t in self.sentence.tokens for code in t.codes("object"))
        return self._objects

    def accounts(self) -> list[re.Match[str]]:
        """The accounts the sentence names in quotation marks."""
        if self._accounts is None:
            # A sentence that begins with a quotation may have lost its first mark to the one before.
            start = self.sentence.start
            torn = start > 0 and self.passage.text.startswith('"', start - 1)
            span = start - torn, self.sentence.end
            quoted = self.passage.text.find('"', *span) >= 0
            self._accounts = list(self.words.account.finditer(self.passage.text, *span)) if quoted else []
        return self._accounts

    def context(self, name: str) -> bool:
        """Whether the sentence or its section speaks of what an object needs."""
        known = self._contexts.get(name)
        if known is None:
            text = self.passage.text[self.sentence.start : self.sentence.end]
            known = self.passage.label in self.words.context_sections[name]
            known = known or any(word in text for word in self.words.context_words[name])
            known = known or (self.opening is not None and self.opening[0].thing.family == name)
            self._contexts[name] = known
        return known

    def fits(self, mention: Mention, thing: Thing) -> bool:
        """Whether the measure word can count the thing."""
        unit = mention.quantity.unit
        kind = self.words.unit_kind(unit)
        if thing.unit_words is not None:
            unit = unit and unit.partition("(")[0]
            return unit in thing.unit_words or kind in thing.by_unit or unit in thing.by_unit
        return kind in thing.kinds

    def accepted(self, mention: Mention, token: Token) -> Thing | None:
        """The thing a word may name for a quantity, if any."""
        fallback: Thing | None = None
        for kind, code in token.senses:
            if kind not in ("object", "weak"):
                continue
            thing = self.words.things[code]
            needed = thing.weak_needs if kind == "weak" else thing.needs
            if not self.fits(mention, thing) or not (needed is None or self.context(needed)):
                continue
            if thing.unless is not None and self.context(thing.unless):
                continue
            if thing.inherits and self._continues(mention, thing):
                return thing
            if thing.family == _REQUESTS and self.passage.text.startswith(_CLASS, token.end):
                continue
            if fallback is None or fallback.inherits:
                fallback = thing
        return fallback

    def _continues(self, mention: Mention, thing: Thing) -> bool:
        """Whether the quantity before is of a kind that the word tells an outcome of."""
        previous = self.previous(mention)
        return previous is not None and previous.thing.code in thing.inherits

    def consumed(self, mention: Mention) -> int:
        """Where the words begin that have not named the quantity before."""
        if mention.previous is None:
            return mention.gap
        ends = [r.token.end for r in self.readings[mention.previous] if r.source == "right" and r.token]
        return max([mention.gap, *ends])

    def previous(self, mention: Mention) -> Reading | None:
        """The reading of the quantity this one may continue: the one before it, or before its bracket."""
        place = mention.previous if mention.previous is not None else mention.parent
        readings = self.readings[place] if place is not None else ()
        return readings[0] if len(readings) == 1 else None

    def previous_count(self, mention: Mention) -> Reading | None:
        """The reading of the last count before a quantity, shares and changes left out, if measured like it."""
        place = mention.previous if mention.previous is not None else mention.parent
        for _ in range(_FEW):
            if place is None or len(self.readings[place]) != 1:
                return None
            previous = self.readings[place][0]
            if previous.role not in ("share", "change"):
                same = previous.thing.mixed or self.same_kind(mention, self.sentence.mentions[place])
                return previous if same and self.fits(mention, previous.thing) else None
            place = self.sentence.mentions[place].previous
        return None

    def earlier(self) -> Iterator[Reading]:
        """The readings of the last few quantities, nearest first."""
        for readings in reversed(self.readings[-_FEW:]):
            if len(readings) == 1:
                yield readings[0]

    def same_kind(self, mention: Mention, other: Mention) -> bool:
        """Whether two quantities are measured alike."""
        before, unit = other.quantity.unit, mention.quantity.unit
        return before == unit or unit is None or self.words.unit_kind(before) == self.words.unit_kind(unit)

    def whole(self, mention: Mention) -> Reading | None:
        """The total a quantity is a member of, where the text says so."""
        place = self.whole_place(mention)
        readings = self.readings[place] if place is not None else ()
        return readings[0] if len(readings) == 1 else None

    def with_role(self, mention: Mention, reading: Reading) -> Reading:
        """The reading with its role in the list it stands in."""
        place = self.whole_place(mention, _CARRIED_ALIKE if self._same_as_total(reading) else _CARRIED)
        self._total = place if mention.parent is None else self._total
        if reading.role != "total":
            return reading
        if self.is_prior(mention):
            return reading._replace(role="prior")
        if place is None or not self.readings[place]:
            highlight = self._is_highlight(mention, reading)
            return reading._replace(role="part") if highlight else self._opened(mention, reading)
        if reading.metric in _NEVER_PARTS:
            return reading
        total = self.sentence.mentions[place].quantity
        larger = mention.quantity.value <= total.value
        return reading._replace(role="part") if larger else reading

    def _is_highlight(self, mention: Mention, reading: Reading) -> bool:
        """Whether a number that only continues the one before it tells of some of that ("87篇，国家级9篇")."""
        if mention.previous is None or reading.source != "inherited":
            return False
        if any(t.has("channel") for t in mention.left):
            return False
        gap = self.passage.text[mention.gap : mention.quantity.start].lstrip(",;、:全年")
        place: int | None = mention.previous
        for _ in range(_FEW):
            if place is None or gap.startswith(self.words.sums):
                return False
            readings = self.readings[place]
            if len(readings) != 1 or readings[0].metric != reading.metric:
                return False
            if readings[0].role == "total":
                return mention.quantity.value < self.sentence.mentions[place].quantity.value
            place = self.sentence.mentions[place].previous
        return False

    def _opened(self, mention: Mention, reading: Reading) -> Reading:
        """A sentence that begins with 其中 details the last total of the sentence before."""
        if self.opening is None or mention.quantity.value > self.opening[1]:
            return reading
        alike = reading.metric == self.opening[0].metric or (
            reading.thing.channel == self.opening[0].thing.channel != "none"
        )
        return reading._replace(role="part") if alike else reading

    def outcome(self, mention: Mention, named: Reading) -> Reading | None:
        """A word that tells only an outcome ("维持"), read as one of what the sentence speaks of."""
        codes = named.thing.inherits
        previous = self.previous(mention)
        if previous is not None and previous.thing.code in codes:
            return named._replace(thing=previous.thing, metric=previous.thing.metric)
        for token in reversed(
            tokens_between(self.sentence.tokens, mention.gap - _REACH, mention.quantity.start)
        ):
            for code in token.codes("object"):
                if code in codes:
                    thing = self.words.things[code]
                    return named._replace(thing=thing, metric=thing.metric)
        return None

    def zero_reach(self, mention: Mention) -> Sequence[Token]:
        """The words a told zero may negate: those behind it in its clause."""
        text = self.passage.text
        start = mention.quantity.end
        end = min(self.sentence.end, start + _LONGEST_REACH)
        for mark in ",;。":
            at = text.find(mark, start, end)
            end = at if at >= 0 else end
        after = mention.ordinal + 1 - self.sentence.mentions[0].ordinal
        if after < len(self.sentence.mentions):
            end = min(end, self.sentence.mentions[after].quantity.start)
        negated = tokens_between(self.sentence.tokens, mention.quantity.start, end)
        return [token for token in negated if token.end > start]

    def _same_as_total(self, reading: Reading) -> bool:
        return self._total is not None and any(r.metric == reading.metric for r in self.readings[self._total])

    def whole_place(self, mention: Mention, carried: frozenset[str] = _CARRIED) -> int | None:
        """The place of the total that a quantity details: before its bracket, before 其中, or still in force."""
        if mention.parent is not None:
            return mention.parent
        if mention.previous is None:
            return None
        gap = self.passage.text[mention.gap : mention.quantity.start]
        if any("part" in t.codes("role") for t in mention.left) or gap.startswith((":", "(")):
            place = self._last_count(mention.previous)
            larger = self.sentence.mentions[place].quantity.value >= mention.quantity.value
            return place if larger or self._total is None else self._total
        verbs = {code for t in mention.left for code in t.codes("verb")}
        broken = ";" in gap and carried is _CARRIED
        return None if broken or verbs - carried else self._total

    def _last_count(self, place: int) -> int:
        """The place of the last count at or before ``place``, shares, changes and earlier figures left out."""
        at: int | None = place
        for _ in range(_FEW):
            if at is None:
                break
            readings = self.readings[at]
            if readings and readings[0].role not in ("share", "change", "prior"):
                return at
            at = self.sentence.mentions[at].previous
        return place

    def is_prior(self, mention: Mention) -> bool:
        """Whether the number is an earlier period's own figure ("去年同期…", "由…增加到")."""
        at = mention.quantity.start
        if self.words.prior.search(self.passage.text, max(self.sentence.start, at - _BEFORE), at):
            return True
        first = next(iter(mention.right), None)
        if first is not None and "now" in first.codes("role") and first.start - mention.quantity.end <= 2:
            return True
        near = [t for t in mention.left if mention.quantity.start - t.end <= 2]
        return any("prior" in t.codes("role") for t in near)
