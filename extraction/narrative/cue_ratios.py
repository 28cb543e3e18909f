"""Percentages and changes: rates by their names, shares of a total, growth and fall against an earlier period."""

from collections.abc import Sequence

from .clauses import Mention
from .lexicon import Token
from .readings import NOTHING, Reading, Scene

_CLOSE = 4
_REACH = 60
_SHARED = 18
_FEW = 12
_IN_TURN = "分别"
_AND = ("、", "和", "及", ",", "与")
# Uses of channels that a rate shares with the figure before it.
_PLACED = frozenset({"contact", "service"})


def read_change(scene: Scene, mention: Mention) -> Reading | None:
    """Return what grew or fell by the quantity against an earlier period, if the text says so."""
    ratio = mention.quantity.kind in ("percent", "multiple")
    direction = _direction(scene, mention)
    if direction is None:
        return None
    start, falling = direction
    if not ratio and not _is_compared(scene, mention):
        return None
    own = [t for t in mention.left if t.start >= mention.clause and t.end <= start]
    named = _grown(scene, own) or scene.previous(mention)
    if named is None:
        return None
    return named._replace(role="change", falling=falling)


def _is_compared(scene: Scene, mention: Mention) -> bool:
    """Whether the words before a number, or the figure before it, name an earlier period."""
    previous = scene.previous(mention)
    if previous is not None and previous.role == "prior":
        return True
    start = max(mention.gap, mention.quantity.start - _REACH)
    return scene.words.compared.search(scene.passage.text, start, mention.quantity.start) is not None


def _direction(scene: Scene, mention: Mention) -> tuple[int, bool] | None:
    """Where the word of growth right before a number begins, and whether it tells a fall."""
    text, at = scene.passage.text, mention.quantity.start
    for token in reversed(mention.left):
        if at - token.end > _CLOSE:
            break
        for code in token.codes("role"):
            if code in ("up", "down"):
                return token.start, code == "down"
            if code == "now":
                return None
    single = scene.words.single_roles.get(text[at - 1 : at]) if at > mention.gap else None
    return (at - 1, single == "down") if single in ("up", "down") else None


def _grown(scene: Scene, tokens: Sequence[Token]) -> Reading | None:
    """What a change or share in the same clause is one of."""
    for token in reversed(tokens):
        for metric in token.codes("rate"):
            return Reading(scene.words.things["rate"], metric, "rate", token)
        for code in token.codes("object"):
            thing = scene.words.things[code]
            if (
                thing.metric != NOTHING
                and not thing.inherits
                and (thing.needs is None or scene.context(thing.needs))
            ):
                return Reading(thing, thing.metric, "left", token)
    return None


def read_rates(scene: Scene, mention: Mention) -> tuple[Reading, ...]:
    """Return the rate a percentage is named as, or several ("办复率和满意率均为…")."""
    if mention.quantity.kind == "multiple" or _direction(scene, mention) is not None:
        return ()
    own = [t for t in mention.left if t.start >= mention.clause]
    named: dict[str, Reading] = {}
    previous = scene.previous(mention)
    there = previous is not None and previous.thing.channel in _PLACED
    thing = scene.words.things["rate_there" if there else "rate"]
    role = "prior" if scene.is_prior(mention) else "share"
    if previous is not None and previous.source == "rate" and (role == "prior" or previous.role == "prior"):
        return (previous._replace(role=role),)
    at: int | None = None
    for token in (*reversed(own), *mention.right[:1]):
        if at is not None and at - token.end > 1:
            break
        for metric in token.codes("rate"):
            named.setdefault(metric, Reading(thing, metric, "rate", token, role=role))
            at = token.start
    return tuple(named.values())


def _counted_in_turn(scene: Scene, mention: Mention) -> int | None:
    """The place of the count that one of several shares told together is of ("12件、8件,分别占60%、40%")."""
    mentions, place = scene.sentence.mentions, len(scene.readings)
    text = scene.passage.text
    gap = text[mention.gap : mention.quantity.start]
    if place - 1 in scene.referents and gap in _AND:
        found = scene.referents[place - 1] + 1
    elif _IN_TURN in gap and len(gap) <= _SHARED:
        end = place + 1
        while end < len(mentions) and mentions[end].quantity.kind == "percent" and end - place < _FEW:
            if text[mentions[end].gap : mentions[end].quantity.start] not in _AND:
                break
            end += 1
        found = place - (end - place)
    else:
        return None
    known = (
        0 <= found < place and mentions[found].quantity.kind == "count" and len(scene.readings[found]) == 1
    )
    return found if known else None


def read_share(scene: Scene, mention: Mention) -> Reading | None:
    """Return what a percentage is the share of, if the text calls it a share."""
    if mention.quantity.kind == "multiple":
        return None
    own = [t for t in mention.left if t.start >= mention.clause]
    text, at = scene.passage.text, mention.quantity.start
    place = _counted_in_turn(scene, mention)
    if place is not None:
        scene.referents[len(scene.readings)] = place
        return scene.readings[place][0]._replace(role="share")
    shared = scene.words.shared.search(text, max(mention.clause, at - _SHARED), at) is not None
    bracket = mention.parent is not None and mention.previous is None and text[at - 1] == "("
    if not shared and not bracket:
        return None
    named = scene.previous(mention)
    if named is None or (mention.parent is None and mention.gap == mention.clause):
        named = _grown(scene, own) or named
    return None if named is None else named._replace(role="share")
