"""Zeros told in words: one negation may be about several things ("未发生行政复议、行政诉讼")."""

from collections.abc import Sequence

from .clauses import Mention
from .lexicon import Thing, Token
from .readings import Reading, Scene

_DISPUTES = frozenset({"reviews", "lawsuits"})


def read_zero(scene: Scene, mention: Mention) -> tuple[Reading, ...]:
    """Return the things a told zero is about: those behind it, else those before it, else what its verb implies."""
    words = scene.words
    tokens = scene.zero_reach(mention)
    near = tokens or [t for t in mention.left if t.start >= mention.clause]
    if any(t.has("off_target") for t in near):
        return ()
    found = _zero_things(scene, mention, tokens)
    text = scene.passage.text[mention.quantity.start : mention.quantity.end]
    code = next((code for cue, code in words.zero_verbs.items() if text.endswith(cue)), None)
    if not found and not any(t.has("object") for t in tokens):
        found = _zero_things(scene, mention, mention.left)
        if code is not None:
            found = [reading for reading in found if reading.metric != "applications_received"]
    if not found:
        if code is None and not tokens:
            code = words.section_objects.get(scene.passage.label)
        found = [Reading(words.things[code], words.things[code].metric, "section", None)] if code else []
    return tuple(found)


def _zero_things(scene: Scene, mention: Mention, tokens: Sequence[Token]) -> list[Reading]:
    found: dict[str, Reading] = {}
    for place, token in enumerate(tokens):
        following = tokens[place + 1] if place + 1 < len(tokens) else None
        for code in token.codes("object"):
            thing = scene.words.things[code]
            if code not in scene.words.zero_objects or (thing.needs and not scene.context(thing.needs)):
                continue
            # "因信息公开申请行政复议" speaks of reviews only, "依申请公开诉求" of requests only.
            if code == "application" and _touches(token, following, disputes=True):
                continue
            if (
                place
                and "application" in tokens[place - 1].codes("object")
                and _touches(tokens[place - 1], token)
            ):
                continue
            clause = scene.passage.text[mention.clause : token.end]
            metric = next((m for word, m in thing.by_text.items() if word in clause), None)
            metric = metric or _by_verb(scene, mention, thing) or thing.metric
            found.setdefault(metric, Reading(thing, metric, "zero", token))
    told = scene.passage.text[mention.quantity.start : mention.quantity.end]
    if len(found) > 1 and (
        "processing_fee" in found or any(v in told for v in scene.words.zero_not_requests)
    ):
        found.pop("applications_received", None)
    return list(found.values())


def _by_verb(scene: Scene, mention: Mention, thing: Thing) -> str | None:
    """By the verb negated ("也未废止"), or the one right behind the negation ("无废止")."""
    end = mention.quantity.end
    tokens = (
        *scene.words.find(scene.passage.text, mention.quantity.start, end),
        *(t for t in scene.zero_reach(mention)[:1] if t.start == end),
    )
    return next((thing.by_verb[c] for t in tokens for c in t.codes("verb") if c in thing.by_verb), None)


def _touches(token: Token, following: Token | None, disputes: bool = False) -> bool:
    """Whether a word runs on into the next, which is one for reviews or lawsuits (``disputes``) or is not."""
    if following is None or following.start != token.end:
        return False
    return disputes is not _DISPUTES.isdisjoint(following.codes("object"))
