"""The words that name what is counted more closely than metric and channel do."""

import re
from bisect import bisect_right

from .clauses import Mention, tokens_between
from .readings import Reading, Scene

_REQUEST = "申请"
_REACH = 20
_ACCOUNT_REACH = 300
_LONGEST_NAME = 32
_LONGEST_ITEM = 12
_NAMED_USES = frozenset({"event", "contact"})
_ACCOUNT_USES = frozenset({"publish", "reach", "owned"})
_ITEM_MARKS = re.compile(r"[、,;:。()]")
_LEAD = re.compile(r"(?:其中|包括|主要|分别|公开|发布|推送|公示|共计|共|含|各类|约|有|的|为|:)+")
_LOOSE = '"《》 \n'


def subject_of(scene: Scene, mention: Mention, reading: Reading) -> str | None:
    """Return the words that name what is counted more closely than metric and channel do, if any."""
    token, things = reading.token, scene.words.things
    if reading.source == "zero":
        return None
    left_over = scene.words.left_over.search(scene.passage.text[mention.clause : mention.quantity.start])
    if left_over:
        return left_over.group()
    if token is not None and (reading.weak or any(things[c].inherits for c in token.codes("object"))):
        plain = token.word.startswith(_REQUEST) or mention.quantity.unit == "元"
        return None if plain else token.word
    use = reading.thing.channel
    name = _item(scene, mention, reading) if reading.role == "part" else None
    name = name or (_account(scene, mention) if use in _ACCOUNT_USES else None)
    if name is None and token is not None:
        told = token.word in scene.words.telling
        quoted = _quoted(scene.passage.text, mention) if use in _NAMED_USES else None
        name = token.word if told else quoted
    return name


def _item(scene: Scene, mention: Mention, reading: Reading) -> str | None:
    """What a member of a list is called: the words between the mark before it and its number."""
    text, at = scene.passage.text, mention.quantity.start
    whole = scene.whole(mention) or (scene.opening[0] if scene.opening else None)
    same = whole is not None and whole.metric == reading.metric
    if not same and reading.thing.channel != "publish":
        return None
    start = max(mention.gap, at - _REACH)
    for mark in _ITEM_MARKS.finditer(text, start, at):
        start = mark.end()
    if any(t.has("channel") for t in mention.left if t.start >= start):
        return None
    lead = _LEAD.match(text, start, at)
    words = text[lead.end() if lead else start : at].strip(_LOOSE)
    return words if 1 < len(words) <= _LONGEST_ITEM else None


def _account(scene: Scene, mention: Mention) -> str | None:
    """The quoted name of the account that the number belongs to, unless another channel has taken over since."""
    at = mention.quantity.start
    accounts = scene.accounts()
    place = bisect_right(accounts, at, key=_end) - 1
    if place < 0 or at - accounts[place].end() > _ACCOUNT_REACH:
        return None
    match = accounts[place]
    for token in tokens_between(scene.sentence.tokens, match.end(), at):
        if token.has("channel"):
            between = scene.passage.text[match.end() : token.start]
            if "," in between or ";" in between:
                return None
    return match.group(1) or match.group(2)


def _end(match: re.Match[str]) -> int:
    return match.end()


def _quoted(text: str, mention: Mention) -> str | None:
    """The quoted name next before the number in its clause."""
    end = mention.quantity.start
    b = text.rfind('"', mention.clause, end)
    a = text.rfind('"', mention.clause, b) if b > mention.clause else -1
    if a >= mention.clause and b - a - 1 <= _LONGEST_NAME and end - b <= _REACH:
        return text[a + 1 : b]
    return None
