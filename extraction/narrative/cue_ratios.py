"""Percentages and changes: rates by their names, shares of a total, growth and fall against an earlier period."""

from collections.abc import Sequence
from dataclasses import replace

from .clauses import Mention
from .lexicon import Token
from .readings import Reading, Scene

_CLOSE = 4


def read_change(scene: Scene, mention: Mention) -> Reading | None:
    """Return what grew or fell by the quantity against an earlier period, if the text says so."""
    ratio = mention.quantity.kind in ("percent", "multiple")
    direction = _direction(scene, mention)
    if direction is None:
        return None
    start, falling = direction
    compared = any("compared" in t.codes("role") for t in mention.left)
    if not ratio and not compared:
        return None
    own = [t for t in mention.left if t.start >= mention.clause and t.end <= start]
    named = _grown(scene, own) or scene.previous(mention)
    if named is None:
        return None
    return replace(named, role="change", falling=falling)


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
            if not thing.inherits and (thing.needs is None or scene.context(thing.needs)):
                return Reading(thing, thing.metric, "left", token)
    return None


def read_rates(scene: Scene, mention: Mention) -> tuple[Reading, ...]:
    """Return the rate a percentage is named as, or several ("办复率和满意率均为…")."""
    if mention.quantity.kind == "multiple" or _direction(scene, mention) is not None:
        return ()
    own = [t for t in mention.left if t.start >= mention.clause]
    named: dict[str, Reading] = {}
    at: int | None = None
    for token in (*reversed(own), *mention.right[:1]):
        if at is not None and at - token.end > 1:
            break
        for metric in token.codes("rate"):
            named.setdefault(metric, Reading(scene.words.things["rate"], metric, "rate", token))
            at = token.start
    return tuple(named.values())


def read_share(scene: Scene, mention: Mention) -> Reading | None:
    """Return what a percentage is the share of, if the text calls it a share."""
    if mention.quantity.kind == "multiple":
        return None
    own = [t for t in mention.left if t.start >= mention.clause]
    text, at = scene.passage.text, mention.quantity.start
    shared = (
        any("share" in t.codes("role") for t in own) or scene.words.single_roles.get(text[at - 1]) == "share"
    )
    bracket = mention.parent is not None and mention.previous is None and text[at - 1] == "("
    if not shared and not bracket:
        return None
    named = scene.previous(mention)
    if named is None or (mention.parent is None and mention.gap == mention.clause):
        named = _grown(scene, own) or named
    return None if named is None else replace(named, role="share")
