"""What `numbers.yaml` knows, read once."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from ...annotations.knowledge import read_knowledge

Hedge = Literal["exact", "about", "over", "under"]

CHINESE = "〇零一二两三四五六七八九十百千万亿"
NUMERAL = rf"(?>[0-9]{{1,15}}(?:\.[0-9]{{1,6}})?|[{CHINESE}]{{1,12}})"


@dataclass(frozen=True, slots=True)
class Masks:
    """Patterns of what is no quantity: after a run of digits, and beginning with a word; numbers that are names."""

    names: tuple[str, ...]
    after_digits: tuple[str, ...]
    stretches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldZeros:
    """Words that tell a zero, and words that show it is about something else."""

    verbs: tuple[str, ...]
    noun_verbs: tuple[str, ...]
    adverbs: tuple[str, ...]
    distant_verbs: tuple[str, ...]
    prepositions: tuple[str, ...]
    refused_verbs: tuple[str, ...]
    nouns: tuple[str, ...]
    plain_nouns: str
    not_nothing: tuple[str, ...]
    zero_words: tuple[str, ...]
    off_target: tuple[str, ...]
    off_target_before: str


@dataclass(frozen=True, slots=True)
class NumberWords:
    """The vocabulary of the number grammar.

    ``unit`` and ``scale`` are patterns of one measure word and one scale word. ``before`` maps what may stand right
    before a number to its hedge, or to None where it only looks like one; ``before_scale`` holds for scale words
    without digits; ``apart`` are hedges outside the span; ``after`` are those that follow. ``half`` is a pattern of what
    tells one half; ``doubling`` is the measure word of doublings behind one of its verbs.
    """

    unit: str
    scale: str
    scales: dict[str, int]
    before: dict[str, Hedge | None]
    before_scale: dict[str, Hedge | None]
    apart: dict[str, Hedge]
    after: dict[str, Hedge]
    vague: tuple[str, ...]
    half: str
    doubling: str
    doubling_verbs: tuple[str, ...]
    words_before_count: tuple[str, ...]
    masks: Masks
    told_zeros: ToldZeros


@cache
def number_words() -> NumberWords:
    """Return the vocabulary shipped with the package."""
    raw: dict[str, Any] = read_knowledge(__file__, "numbers.yaml")
    unit = _units(raw["units"])
    before: dict[str, Hedge | None] = _by_word(raw["hedges_before"]) | dict.fromkeys(raw["not_hedges"])
    zeros: dict[str, Any] = {
        key: value if isinstance(value, str) else tuple(value) for key, value in raw["told_zeros"].items()
    }
    return NumberWords(
        unit=unit,
        scale=_scales(raw["scales"], raw["not_scales"]),
        scales=raw["scales"],
        before=before,
        before_scale=before | _by_word(raw["hedges_before_scale"]) | dict.fromkeys(raw["not_hedges"]),
        apart=_by_word(raw["hedges_apart"]),
        after=_by_word(raw["hedges_after"]),
        vague=tuple(raw["vague"]),
        half=one_of([*raw["halves"], raw["hedged_half"]]),
        doubling=raw["doublings"]["unit"],
        doubling_verbs=tuple(raw["doublings"]["verbs"]),
        words_before_count=tuple(raw["words_before_count"]),
        masks=_masks(raw["masks"], unit),
        told_zeros=ToldZeros(**zeros),
    )


def one_of(words: tuple[str, ...] | list[str]) -> str:
    """A pattern of any of ``words``, which are patterns themselves, the longest first."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


def _units(units: dict[str, list[str]]) -> str:
    longest_first = sorted(units, key=len, reverse=True)
    return f"(?:{'|'.join(unit + (f'(?!{one_of(units[unit])})' if units[unit] else '') for unit in longest_first)})"


def _scales(scales: dict[str, int], not_scales: list[str]) -> str:
    """A single scale word, or one multiplying a larger one (百万, 万亿)."""
    words = "".join(scales)
    other = "|".join(not_scales)
    return f"(?!{other})[{words}][万亿]?"


def _by_word(hedges: dict[Hedge, list[str]]) -> dict[str, Hedge]:
    return {word: hedge for hedge, words in hedges.items() for word in words}


def _masks(raw: dict[str, Any], unit: str) -> Masks:
    def filled(pattern: str) -> str:
        return pattern.replace("<N>", NUMERAL).replace("<U>", unit)

    stretches = (
        begin + filled(stretch["then"]) for stretch in raw["stretches"].values() for begin in stretch["begin"]
    )
    return Masks(tuple(raw["names"]), tuple(map(filled, raw["after_digits"].values())), tuple(stretches))
