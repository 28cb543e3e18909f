"""The first typing of quantities: by the words around them (`cues.yaml`, `channels.yaml`), in plain steps.

A quantity is named by the noun right behind it, else by the nearest noun before it in its clause, else by the verb of
its clause together with what the sentence has been speaking of, else like the quantity it continues. Where nothing
names it, it is no fact.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .clauses import Mention, Sentence, parse_sentence
from .cue_counts import read_count
from .cue_fields import ChannelReader, period_of, scope_of
from .cue_ratios import read_change, read_rates, read_share
from .cue_roles import with_parts
from .cue_subjects import subject_of
from .cue_zeros import read_zero
from .lexicon import Lexicon, lexicon
from .passage import Draft, Passage
from .quantities import Quantity
from .readings import NOTHING, Reading, Scene

# How sure a reading is, by what named the quantity.
_CONFIDENCE = {
    "right": 0.92, "left": 0.9, "rate": 0.9, "zero": 0.88, "verb": 0.75, "earlier": 0.6, "inherited": 0.7, "section": 0.5,
}  # fmt: skip
_WEAK_PENALTY = 0.15
_ORDINAL = ("第", "届")


def type_by_cues(passage: Passage, quantities: Sequence[Quantity]) -> list[Draft]:
    """Return what the quantities of a passage count, by cue words; one without a draft is no fact."""
    words = lexicon()
    channels = ChannelReader(words, passage)
    drafts: list[Draft] = []
    last: Scene | None = None
    for sentence in _sentences(passage, quantities, words):
        scene = Scene(passage, sentence, words, opening=_opening(passage, sentence, last))
        last = scene
        for mention in sentence.mentions:
            scene.readings.append(_read(scene, mention))
        channels.begin(sentence)
        for place, readings in enumerate(scene.readings):
            drafts.extend(_drafts(scene, place, readings, channels))
    return with_parts(drafts, quantities, passage, words.sums)


def _opening(passage: Passage, sentence: Sentence, last: Scene | None) -> tuple[Reading, float] | None:
    """The total that a sentence details which begins with 其中: the first one of the sentence before."""
    if last is None or last.sentence.number != sentence.number - 1:
        return None
    details = last.words.details.match
    if details(passage.text, sentence.start) is None:
        return None
    if last.opening is not None and details(passage.text, last.sentence.start):
        return last.opening
    for mention, readings in zip(last.sentence.mentions, last.readings, strict=True):
        if len(readings) == 1 and readings[0].role == "total":
            return readings[0], mention.quantity.value
    return None


def _sentences(passage: Passage, quantities: Sequence[Quantity], words: Lexicon) -> Iterator[Sentence]:
    """The clause models of the sentences that hold quantities."""
    inside: defaultdict[int, list[tuple[int, Quantity]]] = defaultdict(list)
    number = 0
    for index, quantity in enumerate(quantities):
        while number < len(passage.sentences) - 1 and passage.sentences[number][1] <= quantity.start:
            number += 1
        inside[number].append((index, quantity))
    for number, members in inside.items():
        yield parse_sentence(passage.text, number, passage.sentences[number], members, words)


def _read(scene: Scene, mention: Mention) -> tuple[Reading, ...]:
    """What a quantity counts: nothing, one thing or, for a told zero, several."""
    kind = mention.quantity.kind
    if kind == "told_zero":
        return read_zero(scene, mention)
    planned = any(t.has("plan") for t in mention.left if t.start >= mention.clause)
    if planned or scene.passage.text.endswith(_ORDINAL, 0, mention.quantity.start):
        return ()
    ratio = kind in ("percent", "multiple")
    rates = read_rates(scene, mention) if ratio else ()
    if rates:
        return rates
    reading = read_change(scene, mention) or (read_share if ratio else read_count)(scene, mention)
    if reading is None or reading.metric == NOTHING:
        return ()
    return (scene.with_role(mention, reading),)


def _drafts(
    scene: Scene, place: int, readings: Sequence[Reading], channels: ChannelReader
) -> Iterator[Draft]:
    """One draft for each thing a quantity counts and each channel it counts it on."""
    mention = scene.sentence.mentions[place]
    quantity = mention.quantity
    assigned = channels.read(scene, place)
    for reading in readings:
        for channel in channels.fitting(reading, assigned):
            plain = reading.metric == reading.thing.metric
            metric = reading.thing.by_channel.get(channel or "") if plain else None
            confidence = _CONFIDENCE[reading.source] - (_WEAK_PENALTY if reading.weak else 0)
            yield Draft(
                quantity=mention.ordinal,
                sentence=scene.sentence.number,
                metric=metric or reading.metric,
                channel=channel,
                value=-quantity.value if reading.falling else quantity.value,
                role=reading.role,
                period=period_of(scene, mention, reading),
                scope=scope_of(scene, mention),
                subject=subject_of(scene, mention, reading),
                confidence=round(confidence, 2),
            )
