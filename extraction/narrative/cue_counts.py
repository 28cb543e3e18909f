"""What a counted quantity counts: the noun behind it, the noun before it, the verb of its clause, or what it continues."""

from collections.abc import Sequence

from .clauses import Mention
from .lexicon import Lexicon, Thing, Token
from .readings import NOTHING, Reading, Scene

_CONTINUES = ("、", ",", ";", "和", "及", "与", ":", "其中", "-", "/", "以及")
_LONGEST_CONTINUATION = 30
_LONGEST_LINK = 6
_CLOSE = 4
_OF = "的"
_ISSUES = ("期", "部", "个")
_BESIDE = 1
_KIND = "earlier"
# Metrics whose pieces come in many forms.
_KINDS = frozenset({"interpretations"})
# Notices are business of disclosure itself, whatever the verb ("督促整改的通报6份").
_MANAGED = "managing"


def read_count(scene: Scene, mention: Mention) -> Reading | None:
    """Return what a quantity in a measure word counts, None where nothing names it."""
    fresh = max(mention.clause, scene.consumed(mention))
    own = [t for t in mention.left if t.start >= fresh]
    earlier = [t for t in mention.left if scene.consumed(mention) <= t.start < mention.clause]
    verb = _nearest_verb(scene.words, own)
    if _is_criterion(scene, mention):
        return None
    named = _named_behind(scene, mention) or _named_before(scene, mention, own, "left")
    if named is not None:
        if verb is not None and _is_business(verb, named):
            return None
        return _resolve(scene, mention, named, own, earlier)
    if verb is not None:
        return _named_by_verb(scene, mention, verb, earlier)
    return None if _counts_something_else(scene, mention) else _named_from_afar(scene, mention, earlier)


def _is_business(verb: Token, named: Reading) -> bool:
    """Whether a verb that tells of other business governs a thing that is disclosed only in its own context."""
    if "business" not in verb.codes("verb") or named.thing.needs is None or named.source == "right":
        return False
    return named.thing.needs != _MANAGED or named.token is None or verb.start > named.token.start


def _is_criterion(scene: Scene, mention: Mention) -> bool:
    """Whether the number only says which things are counted next ("阅读量超过10万的推文12篇")."""
    hedged = mention.quantity.hedge in ("over", "under")
    return hedged and scene.passage.text.startswith(_OF, mention.quantity.end)


def _named_from_afar(scene: Scene, mention: Mention, earlier: Sequence[Token]) -> Reading | None:
    """A clause that says nothing of what it counts: an earlier clause, the quantity before or the section does."""
    named = _named_before(scene, mention, earlier, "earlier")
    if named is not None:
        return _resolve(scene, mention, named, (), earlier)
    return (
        _audience(scene, mention)
        or _inherited(scene, mention)
        or _detailing(scene, mention)
        or _named_by_place(scene, mention)
        or _named_by_section(scene, mention)
    )


def _audience(scene: Scene, mention: Mention) -> Reading | None:
    """A number of people right behind an event: those who took part."""
    previous = scene.previous(mention)
    if previous is None or scene.words.unit_kind(mention.quantity.unit) != "person":
        return None
    code = scene.words.audiences.get(previous.thing.code)
    if code is None or previous.metric != previous.thing.metric:
        return None
    return Reading(scene.words.things[code], scene.words.things[code].metric, "section", None)


def _detailing(scene: Scene, mention: Mention) -> Reading | None:
    """The first number of a sentence that details the total of the one before ("具体为：网站702条")."""
    if scene.opening is None or mention.previous is not None or mention.parent is not None:
        return None
    reading, value = scene.opening
    if mention.quantity.value > value or not scene.fits(mention, reading.thing):
        return None
    return reading._replace(source="inherited", token=None)


def _named_by_place(scene: Scene, mention: Mention) -> Reading | None:
    """A channel right before a count of texts ("微信公众号508篇"), or a measure word of events only ("61场")."""
    words = scene.words
    code = words.unit_objects.get(mention.quantity.unit or "")
    last = next(iter(mention.left[-1:]), None)
    if code is None and last is not None and last.has("channel"):
        near = mention.quantity.start - last.end <= _BESIDE
        published = words.channel_uses["publish"].intersection(last.codes("channel"))
        text = words.unit_kind(mention.quantity.unit) == "text" or mention.quantity.unit in _ISSUES
        code = "info" if near and published and text else None
    if code is None:
        return None
    return Reading(words.things[code], words.things[code].metric, "section", None)


def _named_behind(scene: Scene, mention: Mention) -> Reading | None:
    """The noun right behind a number: the last of an unbroken chain ("3场政策解读新闻发布会")."""
    best: Reading | None = None
    at = mention.quantity.end
    outcome = _outcome_behind(scene, mention)
    if outcome is not None:
        return outcome
    for token in mention.right:
        between = scene.passage.text[at : token.start]
        if len(between) > _LONGEST_LINK or scene.words.conjunction.search(between):
            break
        thing = scene.accepted(mention, token)
        if thing is None:
            if token.has("verb") or token.has("rate"):
                break
            at = token.end if token.has("channel") else at
            continue
        if best is not None and (best.thing.code in thing.inherits or between.startswith(_OF)):
            break
        if thing.metric == NOTHING:
            return best or Reading(thing, NOTHING, "right", token)
        if best is None or thing.code not in best.thing.modifies:
            best = Reading(thing, thing.metric, "right", token)
        at = token.end
    return best


def _outcome_behind(scene: Scene, mention: Mention) -> Reading | None:
    """What became of a number of requests, told anywhere behind it ("其中6件在办理中由申请人撤回")."""
    for token in mention.right:
        thing = scene.accepted(mention, token)
        if thing is not None and "application" in thing.modifies:
            return Reading(thing, thing.metric, "right", token)
    return None


def _named_before(scene: Scene, mention: Mention, tokens: Sequence[Token], source: str) -> Reading | None:
    """The nearest noun before a number; a general one ("信息") yields to what stands right before it ("处罚信息")."""
    head: Token | None = None
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        thing = scene.accepted(mention, token)
        if thing is None or (head is not None and head.start == token.end):
            # What modifies a noun that cannot be counted so does not name the number either.
            head = token if token.has("object") else None
            continue
        if thing.metric == NOTHING and token.end + _BESIDE < mention.quantity.start:
            continue
        if thing.generic:
            thing = _modifier(scene, mention, tokens[:place], token, thing) or thing
        reading = Reading(thing, thing.metric, source, token, weak=token.has("weak"))
        return _together(scene, mention, tokens[:place], reading)
    return None


def _together(scene: Scene, mention: Mention, before: Sequence[Token], named: Reading) -> Reading:
    """Two things named side by side for one number ("人大建议、政协提案共29件") are what both sum up to."""
    total = named.thing.sums_to
    if total is None:
        return named
    for token in before:
        other = scene.accepted(mention, token)
        if other is not None and other.sums_to == total and other.code != named.thing.code:
            return named._replace(thing=scene.words.things[total], metric=scene.words.things[total].metric)
    return named


def _modifier(
    scene: Scene, mention: Mention, before: Sequence[Token], noun: Token, general: Thing
) -> Thing | None:
    """The thing right before a general noun that says what it is."""
    for token in reversed(before):
        between = scene.passage.text[token.end : noun.start]
        thing = scene.accepted(mention, token)
        if len(between) > _CLOSE or "," in between:
            return None
        if thing is not None and general.code in thing.modifies:
            return thing
        if thing is None and token.has("verb"):
            return None
    return None


def _resolve(
    scene: Scene, mention: Mention, named: Reading, own: Sequence[Token], earlier: Sequence[Token]
) -> Reading | None:
    """The metric of a named thing: by its unit, by the verb that makes a difference, by what it is part of."""
    if named.thing.inherits:
        return scene.outcome(mention, named)
    if named.thing.anaphoric:
        named = _meant(scene, mention, named, earlier)
    elif named.thing.generic and named.source == "left":
        named = _in_kind(scene, mention, named, earlier)
    thing = named.thing
    metric = (
        next((thing.by_earlier[r.metric] for r in scene.earlier() if r.metric in thing.by_earlier), None)
        or _by_unit(scene, mention, thing)
        or _by_verb(scene, thing, own if any(t.has("verb") for t in own) else earlier)
        or _by_words(scene, mention, thing)
        or _by_whole(scene, mention, thing)
    )
    return named._replace(metric=metric or thing.metric)


def _meant(scene: Scene, mention: Mention, named: Reading, earlier: Sequence[Token]) -> Reading:
    """What a general word ("活动") takes up from an earlier clause."""
    for token in reversed(earlier):
        meant = scene.accepted(mention, token)
        if meant is not None and named.thing.code in meant.modifies:
            return named._replace(thing=meant, metric=meant.metric)
    return named


def _in_kind(scene: Scene, mention: Mention, named: Reading, earlier: Sequence[Token]) -> Reading:
    """The forms of a kind that the clause before introduces without a figure ("配发解读,有问答稿6篇、动画3部")."""
    previous = scene.previous(mention)
    listed = scene.passage.text.startswith("、", mention.gap) and mention.parent is None
    if listed and previous is not None and previous.source == _KIND:
        return named._replace(thing=previous.thing, metric=previous.metric, source=_KIND)
    last = next((t for t in reversed(earlier) if t.has("object")), None)
    kind = scene.accepted(mention, last) if last is not None else None
    if kind is None or last is None or kind.metric not in _KINDS or mention.clause - last.end > _CLOSE:
        return named
    return named._replace(thing=kind, metric=kind.metric, source=_KIND)


def _by_unit(scene: Scene, mention: Mention, thing: Thing) -> str | None:
    unit = mention.quantity.unit
    return thing.by_unit.get(unit or "") or thing.by_unit.get(scene.words.unit_kind(unit))


def _by_verb(scene: Scene, thing: Thing, tokens: Sequence[Token]) -> str | None:
    for token in reversed(tokens):
        if scene.passage.text.startswith(scene.words.nominal, token.end):
            continue
        for code in token.codes("verb"):
            if code in thing.by_verb:
                return thing.by_verb[code]
    return None


def _by_words(scene: Scene, mention: Mention, thing: Thing) -> str | None:
    """By another thing of the sentence, or a word of the clause."""
    for code, metric in thing.by_object.items():
        if code in scene.objects():
            return metric
    clause = scene.passage.text[mention.clause : mention.right_end] if thing.by_text else ""
    return next((metric for word, metric in thing.by_text.items() if word in clause), None)


def _by_whole(scene: Scene, mention: Mention, thing: Thing) -> str | None:
    """By the total that the quantity is a member of."""
    whole = scene.whole(mention)
    if whole is None:
        return None
    if whole.metric in thing.by_whole:
        return thing.by_whole[whole.metric]
    alike = whole.thing.family == thing.code or (thing.generic and thing.channel == whole.thing.channel)
    return whole.metric if alike else None


def _counts_something_else(scene: Scene, mention: Mention) -> bool:
    """Whether a noun that is no known thing stands right behind the number ("5个警种")."""
    if scene.is_prior(mention):
        return False
    behind = scene.passage.text[mention.quantity.end : mention.right_end]
    first = next(iter(mention.right), None)
    if first is not None and first.start == mention.quantity.end and first.has("role"):
        return False
    return len(behind) > 1 and scene.words.conjunction.match(behind) is None


def _nearest_verb(words: Lexicon, tokens: Sequence[Token]) -> Token | None:
    return next((t for t in reversed(tokens) if t.has("verb")), None)


def _named_by_verb(scene: Scene, mention: Mention, verb: Token, earlier: Sequence[Token]) -> Reading | None:
    """A clause with a verb and no noun: the verb done to what the sentence speaks of, or the verb's usual object."""
    codes = verb.codes("verb")
    before = _named_before(scene, mention, earlier, "earlier")
    known = _done_to_known(scene, mention, codes, before)
    if known is not None or "business" in codes:
        return known
    usual = _usual_object(scene, mention, codes)
    if usual is not None:
        return usual
    if before is not None:
        return _resolve(scene, mention, before, (), earlier)
    return _inherited(scene, mention) if mention.parent is not None or "hold" in codes else None


def _done_to_known(
    scene: Scene, mention: Mention, codes: Sequence[str], before: Reading | None
) -> Reading | None:
    """A verb that tells something of what an earlier clause, the quantity before or the section speaks of."""
    previous = scene.previous(mention)
    families = (
        before.thing.family if before else None,
        previous.thing.family if previous else None,
        scene.opening[0].thing.family if scene.opening else None,
        scene.words.section_objects.get(scene.passage.label),
        *(reading.thing.family for reading in scene.earlier()),
    )
    for family in families:
        thing = scene.words.things.get(family or "")
        if thing is None or not scene.fits(mention, thing):
            continue
        for code in codes:
            if code in thing.by_verb_alone:
                return Reading(thing, thing.by_verb_alone[code], "verb", None)
    return None


def _usual_object(scene: Scene, mention: Mention, codes: Sequence[str]) -> Reading | None:
    kind = scene.words.unit_kind(mention.quantity.unit)
    for code in codes:
        thing = scene.words.things.get(scene.words.verb_defaults.get(code, ""))
        if thing is not None and kind in scene.words.verb_kinds[code]:
            whole = scene.whole(mention)
            if whole is not None and whole.thing.channel == "publish" and scene.fits(mention, whole.thing):
                return Reading(whole.thing, whole.metric, "verb", None)
            return Reading(thing, thing.metric, "verb", None)
    return None


def _inherited(scene: Scene, mention: Mention) -> Reading | None:
    """A number that continues the one before it, or details the one whose bracket it stands in."""
    previous = scene.previous_count(mention) or _whole_of_kind(scene, mention)
    if previous is None:
        return None
    if mention.parent is None or mention.previous is not None:
        gap = scene.passage.text[mention.gap : mention.quantity.start]
        grown = any("now" in t.codes("role") for t in mention.left[-1:])
        if len(gap) > _LONGEST_CONTINUATION or not (grown or gap.startswith(_CONTINUES)):
            return None
    summed = _summed(scene, mention, previous)
    if summed is not None:
        return summed
    place = scene.whole_place(mention)
    if place is not None and scene.same_kind(mention, scene.sentence.mentions[place]):
        previous = _whole_of_kind(scene, mention) or previous
    previous = _shared_out(scene, mention, previous)
    told = _told_behind(scene, mention, previous.thing)
    return previous._replace(metric=told or previous.metric, source="inherited", token=None, role="total")


def _whole_of_kind(scene: Scene, mention: Mention) -> Reading | None:
    """The total in force, where the number is measured like it or in another measure of texts."""
    place = scene.whole_place(mention)
    whole = scene.whole(mention)
    if place is None or whole is None or not scene.fits(mention, whole.thing):
        return None
    alike = scene.same_kind(mention, scene.sentence.mentions[place])
    return whole if alike or whole.thing.channel == "publish" else None


def _summed(scene: Scene, mention: Mention, previous: Reading) -> Reading | None:
    """What a sum behind things of several kinds counts ("人大建议7件、政协提案11件，合计18件")."""
    total = previous.thing.sums_to
    gap = scene.passage.text[mention.gap : mention.quantity.start].lstrip(",;、:")
    if total is None or not gap.startswith(scene.words.sums):
        return None
    thing = scene.words.things[total]
    return Reading(thing, thing.metric, "inherited", None)


def _shared_out(scene: Scene, mention: Mention, previous: Reading) -> Reading:
    """What two things told side by side sum up to, where the number tells who handles both ("主办15件、会办12件")."""
    total = previous.thing.sums_to
    if (
        total is None
        or mention.parent is not None
        or not any("hold" in t.codes("verb") for t in mention.left)
    ):
        return previous
    if not any(r.thing.sums_to == total and r.thing.code != previous.thing.code for r in scene.earlier()):
        return previous
    thing = scene.words.things[total]
    return previous._replace(thing=thing, metric=thing.metric)


def _told_behind(scene: Scene, mention: Mention, thing: Thing) -> str | None:
    """What was done to a number of things, told behind it ("其中6件均按时答复")."""
    known = scene.words.things.get(thing.family, thing)
    codes = (code for token in mention.right for code in token.codes("verb"))
    return next((known.by_verb[code] for code in codes if code in known.by_verb), None)


def _named_by_section(scene: Scene, mention: Mention) -> Reading | None:
    """In the section on requests a bare count is one of requests."""
    thing = scene.words.things.get(scene.words.section_objects.get(scene.passage.label, ""))
    if thing is None or mention.previous is not None or mention.parent is not None:
        return None
    if scene.words.unit_kind(mention.quantity.unit) != "item" or not scene.fits(mention, thing):
        return None
    return Reading(thing, thing.metric, "section", None)
