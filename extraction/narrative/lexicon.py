"""The words of `cues.yaml` and `channels.yaml`, and where they stand in a text."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, cast

import ahocorasick

from ...annotations.knowledge import read_knowledge

SenseKind = Literal[
    "object", "weak", "verb", "rate", "channel", "trap", "role", "period", "scope", "plan", "off_target"
]


class Sense(NamedTuple):
    """One meaning of a word: ``code`` is an object, a verb, a metric, a channel ... of the YAML files."""

    kind: SenseKind
    code: str


class Token(NamedTuple):
    """A known word at its place in a text."""

    start: int
    end: int
    word: str
    senses: tuple[Sense, ...]
    by_kind: Mapping[SenseKind, tuple[str, ...]]

    def codes(self, kind: SenseKind) -> tuple[str, ...]:
        """Return the codes of the word's senses of one kind."""
        return self.by_kind.get(kind, ())

    def has(self, kind: SenseKind) -> bool:
        """Whether the word has a sense of that kind."""
        return kind in self.by_kind


_SHORTEST = 2
_Entry = tuple[str, tuple[Sense, ...], Mapping[SenseKind, tuple[str, ...]]]


def by_kind(senses: Iterable[Sense]) -> dict[SenseKind, tuple[str, ...]]:
    """Return the codes of a word's senses by their kind."""
    codes: dict[SenseKind, tuple[str, ...]] = {}
    for sense in senses:
        codes[sense.kind] = (*codes.get(sense.kind, ()), sense.code)
    return codes


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of `cues.yaml`; the fields are explained there."""

    code: str
    metric: str
    generic: bool
    anaphoric: bool
    by_verb: Mapping[str, str]
    by_verb_alone: Mapping[str, str]
    by_unit: Mapping[str, str]
    kinds: frozenset[str]
    unit_words: frozenset[str | None] | None
    channel: str
    default_channel: str | None
    period: str
    needs: str | None
    unless: str | None
    weak_needs: str | None
    family: str
    by_channel: Mapping[str, str]
    by_object: Mapping[str, str]
    by_whole: Mapping[str, str]
    by_text: Mapping[str, str]
    by_earlier: Mapping[str, str]
    modifies: frozenset[str]
    inherits: tuple[str, ...]
    sums_to: str | None
    mixed: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the cue reader knows, loaded once."""

    words: Any  # an ahocorasick.Automaton over `_Entry`; the package has no type hints
    unit_kinds: Mapping[str, str]
    things: Mapping[str, Thing]
    verb_defaults: Mapping[str, str]
    verb_kinds: Mapping[str, frozenset[str]]
    context_words: Mapping[str, tuple[str, ...]]
    context_sections: Mapping[str, frozenset[str]]
    section_objects: Mapping[str, str]
    zero_objects: frozenset[str]
    zero_verbs: Mapping[str, str]
    zero_not_requests: tuple[str, ...]
    nominal: tuple[str, ...]
    sums: tuple[str, ...]
    unit_objects: Mapping[str, str]
    audiences: Mapping[str, str]
    telling: frozenset[str]
    left_over: re.Pattern[str]
    account: re.Pattern[str]
    prior: re.Pattern[str]
    compared: re.Pattern[str]
    shared: re.Pattern[str]
    details: re.Pattern[str]
    next_item: re.Pattern[str]
    taken: re.Pattern[str]
    all_through: re.Pattern[str]
    announced: Mapping[str, re.Pattern[str]]
    open_channel: re.Pattern[str]
    elsewhere: re.Pattern[str]
    single_roles: Mapping[str, str]
    conjunction: re.Pattern[str]
    channel_names: frozenset[str]
    channel_uses: Mapping[str, frozenset[str]]
    channel_groups: tuple[tuple[str, frozenset[str]], ...]
    other_owner: re.Pattern[str]
    parent_body: re.Pattern[str]
    part_of_body: re.Pattern[str]
    title_channel: re.Pattern[str]
    title_codes: Mapping[str, str]

    def find(self, text: str, start: int, end: int) -> list[Token]:
        """Return the known words of ``text[start:end]`` in order, the longest at each place, without overlap."""
        if end - start < _SHORTEST:
            return []
        part = text[start:end]  # the automaton copies the whole of the text that it is given
        return [
            Token(start + last - len(word) + 1, start + last + 1, word, senses, by_kind)
            for last, (word, senses, by_kind) in self.words.iter_long(part)
        ]

    def unit_kind(self, unit: str | None) -> str:
        """Return the kind of a measure word as `cues.yaml` names it."""
        if unit is None:
            return "bare"
        return self.unit_kinds.get(unit) or self.unit_kinds.get(unit.partition("(")[0], "item")


@cache
def lexicon() -> Lexicon:
    """Return the lexicon shipped with the package."""
    cues, channels = _load("cues.yaml"), _load("channels.yaml")
    verbs: dict[str, dict[str, Any]] = cues["verbs"]
    return Lexicon(
        words=_automaton(_senses(cues, channels)),
        unit_kinds={unit: kind for kind, units in cues["units"].items() for unit in units},
        things={code: _thing(code, raw) for code, raw in cues["objects"].items()},
        verb_defaults={code: raw["default"] for code, raw in verbs.items() if raw.get("default")},
        verb_kinds={code: frozenset(raw.get("kinds", ())) for code, raw in verbs.items()},
        context_words={code: tuple(raw["words"]) for code, raw in cues["contexts"].items()},
        context_sections={code: frozenset(raw["sections"]) for code, raw in cues["contexts"].items()},
        section_objects=cues["section_objects"],
        zero_objects=frozenset(cues["zero_objects"]),
        zero_verbs=cues["zero_verbs"],
        zero_not_requests=tuple(cues["zero_not_requests"]),
        nominal=tuple(cues["nominal"]),
        sums=tuple(cues["sums"]),
        unit_objects=cues["unit_objects"],
        audiences=cues["audiences"],
        telling=frozenset(cues["telling"]),
        left_over=re.compile(cues["patterns"]["left_over"]),
        account=re.compile(channels["account"]),
        prior=re.compile(cues["patterns"]["prior"]),
        compared=re.compile(cues["patterns"]["compared"]),
        shared=re.compile(cues["patterns"]["shared"]),
        details=re.compile(cues["patterns"]["details"]),
        next_item=re.compile(cues["patterns"]["next_item"]),
        taken=re.compile(channels["taken"]),
        all_through=re.compile(channels["all_through"]),
        announced={use: re.compile(pattern) for use, pattern in channels["announced"].items()},
        open_channel=re.compile("|".join(channels["open_channel"])),
        elsewhere=re.compile("|".join(channels["elsewhere"])),
        single_roles={
            word: role for role, words in cues["roles"].items() for word in words if len(word) == 1
        },
        conjunction=re.compile("|".join(cues["conjunctions"])),
        channel_names=frozenset(name for names in channels["aliases"].values() for name in names),
        channel_uses={use: frozenset(codes) for use, codes in channels["uses"].items()},
        channel_groups=tuple((g["code"], frozenset(g["members"])) for g in channels["groups"]),
        other_owner=re.compile(channels["other_owner"]),
        parent_body=re.compile(channels["parent_body"]),
        part_of_body=re.compile(channels["part_of_body"]),
        title_channel=_title_pattern(channels),
        title_codes={ending: code for code, endings in channels["titles"].items() for ending in endings},
    )


def _load(name: str) -> dict[str, Any]:
    return read_knowledge(__file__, name)


def _title_pattern(channels: Mapping[str, Any]) -> re.Pattern[str]:
    """Matches the ending of a title that names an outlet."""
    endings = sorted((e for group in channels["titles"].values() for e in group), key=len, reverse=True)
    traps = "".join(f"(?<!{trap})" for trap in channels["title_traps"])
    return re.compile(f"(?:{'|'.join(endings)}){traps}$")


def _thing(code: str, raw: Mapping[str, Any]) -> Thing:
    units = raw.get("unit_words")
    return Thing(
        code=code,
        metric=raw["metric"],
        generic=raw.get("generic", False),
        anaphoric=raw.get("anaphoric", False),
        by_verb=raw.get("by_verb", {}),
        by_verb_alone=raw.get("by_verb", {}) | raw.get("by_verb_alone", {}),
        by_unit=raw.get("by_unit", {}),
        kinds=frozenset(raw.get("kinds", ("item", "text", "event", "bare")))
        | frozenset(raw.get("by_unit", {})),
        unit_words=None if units is None else frozenset(units),
        channel=raw.get("channel", "none"),
        default_channel=raw.get("default_channel"),
        period=raw.get("period", "year"),
        needs=raw.get("needs"),
        unless=raw.get("unless"),
        weak_needs=raw.get("weak_needs"),
        family=raw.get("family", code),
        by_channel=raw.get("by_channel", {}),
        by_object=raw.get("by_object", {}),
        by_whole=raw.get("by_whole", {}),
        by_text=raw.get("by_text", {}),
        by_earlier=raw.get("by_earlier", {}),
        modifies=frozenset(raw.get("modifies", ())),
        inherits=tuple(raw.get("inherits", ())),
        sums_to=raw.get("sums_to"),
        mixed=raw.get("mixed", False),
    )


def _senses(cues: Mapping[str, Any], channels: Mapping[str, Any]) -> dict[str, list[Sense]]:
    """Every word with all its senses."""
    senses: defaultdict[str, list[Sense]] = defaultdict(list)

    def add(kind: SenseKind, code: str, words: list[str]) -> None:
        for word in words:
            senses[word].append(Sense(kind, code))

    for code, raw in cues["objects"].items():
        add("object", code, raw["words"])
        add("weak", code, raw.get("weak", []))
    for code, raw in cues["verbs"].items():
        add("verb", code, raw["words"])
    tables: tuple[tuple[SenseKind, Mapping[str, list[str]]], ...] = (
        ("rate", cues["rates"]),
        ("role", cues["roles"]),
        ("period", cues["periods"]),
        ("scope", cues["scopes"]),
        ("channel", channels["aliases"]),
    )
    for kind, table in tables:
        for code, words in table.items():
            add(kind, code, words)
    add("plan", "plan", cues["plans"])
    add("off_target", "off_target", cues["off_target"])
    add("trap", "trap", channels["traps"])
    _add_contained_channels(senses)
    return senses


def _add_contained_channels(senses: Mapping[str, list[Sense]]) -> None:
    """Let a word that begins with a channel's name ("网站访问量") name that channel too, unless it is a trap."""
    for word, meanings in senses.items():
        if any(sense.kind in ("channel", "trap") for sense in meanings):
            continue
        if not any(sense.kind in ("object", "weak") for sense in meanings):
            continue
        for size in range(len(word) - 1, 1, -1):
            inner = [sense for sense in senses.get(word[:size], ()) if sense.kind == "channel"]
            if inner:
                meanings.extend(inner)
                break


def _automaton(senses: Mapping[str, list[Sense]]) -> Any:  # noqa: ANN401
    """All words of two characters or more, as one automaton that finds them in a single pass."""
    automaton = cast(Any, ahocorasick).Automaton()
    for word, meanings in senses.items():
        if len(word) >= _SHORTEST:
            entry: _Entry = (word, tuple(meanings), by_kind(meanings))
            automaton.add_word(word, entry)
    automaton.make_automaton()
    return automaton
