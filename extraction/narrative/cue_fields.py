"""The other fields of a fact typed by cues: where, when, of whom, and what exactly."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from ...annotations.kinds import Period, Scope
from .clauses import Mention, Sentence, known_words, tokens_between
from .lexicon import Lexicon, Thing, Token
from .passage import Passage
from .readings import Reading, Scene

_NEAR = 8
_TOUCHING = 2
_OWNER_BEFORE = 12
_OWNER_NEAR = 4
_ANY_OUTLET = frozenset({"new_media", "multiple", "news_media"})
_SITES = frozenset({"website", "gov_portal", "app"})
_LIST_MARKS = ("、", "等", "和", "及", "与", "/", "+", '"', "(", "或", "暨", "以及")
_BREAKS = (",", ";", "。", ":", "在", "并", "通过")
# The last character of a branch's name; without one the body speaks of itself or of all its branches.
_BRANCH_NAME = re.compile("[一-鿿](?<![各年月日个由与和及在向对经为本])")
_LONGEST_HEADING = 14
_LONGEST_PARAGRAPH = 600
_EACH_REACH = 3
_EACH = ("各", "均", "分别各")
_LONGEST_BRACKET = 12
_ONE_SITE = frozenset({("website",), ("app",)})
_WAYS = frozenset({"online", "in_person", "hotline", "mail"})
_LIST_REACH = 12
_LONGEST_NEIGHBOUR = 400
_IN_ALL = re.compile("总|累计")
_YEAR = re.compile(r"(20\d\d)年")
_PERIODS: dict[str, Period] = {
    "average": "average", "cumulative": "cumulative", "snapshot": "snapshot", "year": "year", "quarter": "quarter",
}  # fmt: skip


class ChannelReader:
    """The channels of a passage's quantities, read sentence by sentence in order.

    It holds what the look-up order of the guidelines needs: the channel the sentence has been speaking of, and that
    of the sentence before.
    """

    def __init__(self, words: Lexicon, passage: Passage) -> None:
        self._words = words
        self._passage = passage
        self._number = -2
        self._number_of_last_figure = -2
        self._head: tuple[str, ...] = ()
        self._before: tuple[str, ...] = ()
        self._by_place: list[tuple[str, ...]] = []
        self._spread: list[str] = []
        self._tokens_before: tuple[Token, ...] | None = None
        self._turned = False

    def begin(self, sentence: Sentence) -> None:
        """Start the next sentence that holds quantities."""
        text = self._passage.text
        adjoining = (
            sentence.number == self._number + 1 and "\n" not in text[sentence.start - 1 : sentence.start]
        )
        self._before = self._head if adjoining else ()
        self._number_of_last_figure = self._number
        self._number = sentence.number
        single = len(set(self._by_place)) <= 1
        self._head = self._before if single and self._words.details.match(text, sentence.start) else ()
        self._by_place = []
        self._spread = []
        self._tokens_before = None

    def read(self, scene: Scene, place: int) -> list[tuple[str, ...]]:
        """Return the channels named for a quantity, nearest first; several sets where 各 spreads it over them."""
        mention = scene.sentence.mentions[place]
        text = self._passage.text
        if place in scene.referents:
            self._by_place.append(self._by_place[scene.referents[place]])
            return [self._by_place[-1]]
        self._turn(mention)
        own = self._in_bracket_behind(scene, mention) or self._cluster(mention.left)
        on_sites = any(
            "website" in self._words.channel_uses[r.thing.channel] for r in scene.readings[place][:1]
        )
        if own == ("online",) and on_sites:
            own = self._site(mention) or (self._head if self._head in _ONE_SITE else own)
        behind = self._cluster(mention.right[:2]) if not own else ()
        inherited = self._inherited(mention)
        self._by_place.append(own or behind or inherited)
        if own:
            self._head = own
        if not own and (self._is_sum(scene, mention) or self._is_elsewhere(mention)):
            self._head = self._by_place[-1] = ()
            return [()]
        listed = self._listed_before(scene, place) if not own else ()
        if listed:
            return [listed]
        several = list(dict.fromkeys(own or self._head))
        if len(several) > 1:
            if self._is_each(mention):
                return [(code,) for code in several]
            if any("distributed" in t.codes("role") for t in mention.left):
                self._spread = several
        if self._spread and not (own and mention.previous is not None and len(set(own)) == 1):
            code = self._spread.pop(0)
            self._by_place[-1] = (code,) if self._spread else tuple(several)
            return [(code,)]
        found: list[tuple[str, ...]] = [own, behind, inherited, self._head]
        if scene.readings[place] and scene.readings[place][0].source == "zero":
            found = [own]
        codes = next((codes for codes in found if codes), ())
        codes = codes or self._all_through(scene, place) or self._neighbour(scene, place)
        codes = codes or (() if self._turned else self._heading(scene))
        if self._combine(frozenset(codes)) in _ANY_OUTLET and self._words.taken.search(
            text, mention.gap, mention.quantity.start
        ):
            codes = ("news_media",)
        if codes:
            self._by_place[-1] = codes
        return [codes]

    def fitting(self, reading: Reading, assigned: Sequence[tuple[str, ...]]) -> list[str | None]:
        """Return the channels a thing can have among those named, one for each set of `read`."""
        uses = self._words.channel_uses[reading.thing.channel]
        default = reading.thing.default_channel
        fitting = [
            default if default in codes else self._combine(uses.intersection(codes)) for codes in assigned
        ]
        return [code or default for code in fitting or [None]]

    def _neighbour(self, scene: Scene, place: int) -> tuple[str, ...]:
        """The channel of the sentence before, where that sentence speaks of the same thing without a figure."""
        number = scene.sentence.number - 1
        readings = scene.readings[place]
        if number < 0 or not readings:
            return ()
        thing = readings[0].thing
        if self._number_of_last_figure == number:
            return self._before if thing.channel == "reach" else ()
        start, end = self._passage.sentences[number]
        if "\n" in self._passage.text[end : scene.sentence.start] or end - start > _LONGEST_NEIGHBOUR:
            return ()
        if self._tokens_before is None:
            self._tokens_before = known_words(self._passage.text, (start, end), self._words)
        return self._announced(scene, place, self._tokens_before) or self._shared(thing, self._tokens_before)

    def _shared(self, thing: Thing, before: Sequence[Token]) -> tuple[str, ...]:
        """The channel named in the sentence before, whose tokens are given, where it speaks of the same thing."""
        objects = (code for token in before for code in token.codes("object"))
        if thing.generic or all(self._words.things[code].family != thing.family for code in objects):
            return ()
        codes = self._words.channel_uses[thing.channel].intersection(self._cluster(before))
        return () if self._combine(codes) == "multiple" else tuple(codes)

    def _announced(self, scene: Scene, place: int, before: Sequence[Token]) -> tuple[str, ...]:
        """The outlet that the sentence before, whose tokens are given, names for what the quantity counts."""
        start, end = self._passage.sentences[scene.sentence.number - 1]
        text, quantity = self._passage.text, scene.sentence.mentions[place].quantity
        announced = self._words.announced.get(scene.readings[place][0].thing.channel)
        if announced is None or not announced.search(text, start, end):
            return ()
        if self._words.open_channel.search(text, scene.sentence.start, quantity.start):
            return ()
        codes = self._cluster(before)
        return codes if len(set(codes)) == 1 else ()

    def _heading(self, scene: Scene) -> tuple[str, ...]:
        """The channel that the short heading of the paragraph names ("1.门户网站。")."""
        text, start = self._passage.text, scene.sentence.start
        line = text.rfind("\n", max(0, start - _LONGEST_PARAGRAPH), start) + 1
        end = text.find("。", line, min(line + _LONGEST_HEADING, start))
        if end < 0 or (line == 0 and start > _LONGEST_PARAGRAPH):
            return ()
        return self._cluster(self._words.find(text, line, end))

    def _all_through(self, scene: Scene, place: int) -> tuple[str, ...]:
        """The one way in which all came ("12件,均通过网站提交")."""
        mention = scene.sentence.mentions[place]
        match = self._words.all_through.match(self._passage.text, mention.quantity.end)
        if match is None:
            return ()
        return self._cluster(tokens_between(scene.sentence.tokens, match.start(), match.end()))

    def _is_elsewhere(self, mention: Mention) -> bool:
        text = self._passage.text
        return self._words.elsewhere.search(text, mention.clause, mention.quantity.start) is not None

    def _is_sum(self, scene: Scene, mention: Mention) -> bool:
        """Whether a quantity sums up a list of channels before it."""
        if mention.previous is None or len({codes for codes in self._by_place[-_LIST_REACH:-1] if codes}) < 2:
            return False
        gap = self._passage.text[mention.gap : mention.quantity.start].lstrip(",;、:")
        larger = mention.quantity.value > scene.sentence.mentions[mention.previous].quantity.value
        return larger and gap.startswith(self._words.sums)

    def _listed_before(self, scene: Scene, place: int) -> tuple[str, ...]:
        """The channels of the list before that a reach in all ("总阅读量", "累计播放量") sums up."""
        reading = next(iter(scene.readings[place]), None)
        if reading is None or reading.token is None or reading.thing.channel != "reach":
            return ()
        if not _IN_ALL.search(self._passage.text, reading.token.start - 2, reading.token.start + 2):
            return ()
        if len(self._by_place) > 1 and len(self._by_place[-2]) > 1:
            return self._by_place[-2]
        codes = {code for known in self._by_place[-_LIST_REACH:-1] for code in known}
        return tuple(codes) if len(codes) > 1 else ()

    def _site(self, mention: Mention) -> tuple[str, ...]:
        """The site named in a clause that goes on to say 网上."""
        sites = [
            owned_channel(t, self._passage, self._words)
            for t in mention.left
            if t.start >= mention.clause and t.has("channel")
        ]
        return tuple(code for code in sites if code in _SITES)[-1:]

    def _turn(self, mention: Mention) -> None:
        """Forget the channel where the next item of a numbered list begins; a way in holds for its clause only."""
        text = self._passage.text
        if self._words.next_item.search(text, mention.gap, mention.quantity.start):
            self._head = ()
            self._turned = True
        else:
            self._turned = False
            clause = text.rfind(";", mention.gap, mention.quantity.start) >= 0
            if clause and set(self._head) <= _WAYS:
                self._head = ()
                self._turned = True

    def _is_each(self, mention: Mention) -> bool:
        """Whether the number holds for each of the channels named before it ("微博、微信各发布12条")."""
        text, at = self._passage.text, mention.quantity.start
        if "各" in text[max(mention.gap, at - _EACH_REACH) : at]:
            return True
        ends = [t.end for t in mention.left if t.has("channel")]
        return bool(ends) and text.startswith(_EACH, ends[-1])

    def _in_bracket_behind(self, scene: Scene, mention: Mention) -> tuple[str, ...]:
        """The channel a bracket right behind the number names ("918条(微博)")."""
        text, end = self._passage.text, mention.quantity.end
        close = text.find(")", end, end + _LONGEST_BRACKET) if text.startswith("(", end) else -1
        if close < 0:
            return ()
        inside = tokens_between(scene.sentence.tokens, end + 1, close)
        return self._cluster(inside) if inside and inside[0].end - inside[0].start == close - end - 1 else ()

    def _inherited(self, mention: Mention) -> tuple[str, ...]:
        if self._turned:
            return ()
        place = mention.previous if mention.previous is not None else mention.parent
        return self._by_place[place] if place is not None and place < len(self._by_place) else ()

    def _cluster(self, tokens: Sequence[Token]) -> tuple[str, ...]:
        """The codes of the channels that are named together last before the quantity."""
        text = self._passage.text
        codes: list[str] = []
        at: int | None = None
        for token in reversed(tokens):
            if not token.has("channel"):
                if codes and token.has("verb") and not token.has("object"):
                    break
                continue
            if at is not None:
                between = text[token.end : at]
                linked = len(between) <= _TOUCHING or any(mark in between for mark in _LIST_MARKS)
                if len(between) > 2 * _NEAR or not linked or any(mark in between for mark in _BREAKS):
                    break
            codes.append(owned_channel(token, self._passage, self._words))
            at = token.start
        return tuple(reversed(codes))

    def _combine(self, codes: frozenset[str]) -> str | None:
        """The one code for channels named together."""
        if len(codes) <= 1:
            return next(iter(codes), None)
        return next((code for code, members in self._words.channel_groups if codes <= members), "multiple")


def owned_channel(token: Token, passage: Passage, words: Lexicon) -> str:
    """Return the channel a word names, a site told apart by its owner."""
    code = token.codes("channel")[0]
    if code == "website" and not passage.government:
        start = max(0, token.start - _OWNER_BEFORE)
        for match in words.other_owner.finditer(passage.text, start, token.end):
            if match.end() >= token.start - _OWNER_NEAR and match.group() not in passage.title:
                return "gov_portal"
        for match in words.parent_body.finditer(passage.text, start, token.end):
            if match.end() >= token.start - _OWNER_NEAR and _is_parent(match.group(), passage.title, words):
                return "gov_portal"
    if code == "gov_portal" and passage.government:
        return "website"
    return code


def _is_parent(owner: str, title: str, words: Lexicon) -> bool:
    """Whether the body that reports is a part of ``owner``."""
    at = title.find(owner)
    return at >= 0 and words.part_of_body.match(title, at + len(owner)) is not None


def period_of(scene: Scene, mention: Mention, reading: Reading) -> Period:
    """Return the time a figure covers: as its clause says, else as its kind has it."""
    for token in reversed(mention.left):
        if token.start < mention.clause and reading.thing.period == "snapshot":
            break
        for code in token.codes("period"):
            summed = code == "snapshot" and "累计" in scene.passage.text[token.end : mention.quantity.start]
            return "cumulative" if summed else _PERIODS[code]
    if reading.thing.period == "snapshot":
        return "snapshot"
    years = {int(y) for y in _YEAR.findall(scene.passage.text, mention.clause, mention.quantity.start)}
    other = scene.passage.year is not None and years and scene.passage.year not in years
    return "other" if other and reading.role in ("total", "part") else "year"


def scope_of(scene: Scene, mention: Mention) -> Scope:
    """Return whose figure it is, by the last body named before it in the sentence."""
    tokens, text = scene.sentence.tokens, scene.passage.text
    last = bisect_left(tokens, mention.quantity.start, key=lambda t: t.start)
    for token in reversed(tokens[max(0, last - 24) : last]):
        for code in token.codes("scope"):
            if code == "wider":
                return "own" if scene.passage.government else "wider"
            named = text[max(0, token.start - 1) : token.start]
            own = code == "own" or not _BRANCH_NAME.match(named) or token.word in scene.passage.title
            return "own" if own else "unit"
    return "own"
