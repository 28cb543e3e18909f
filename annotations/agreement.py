"""How far two annotators agree on the same texts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .fact_pairs import best_pairs, same_fact, same_span
from .labelled import LabelledFact, LabelledText
from .matching import Marked, Score, overlap, score

NOTHING = "none"
"""The label of a unit that one annotator did not mark, and of a fact without a channel."""
_LAYERS = ("facts", "channels", "problems", "improvements", "sections")
_AROUND = 20


class AgreementError(Exception):
    """The two annotators did not have the same texts; the message names the first that differs."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A unit that the two labelled differently; an empty label where one did not mark it.

    ``before``, ``words`` and ``after`` show it in its text.
    """

    text_id: str
    layer: str
    start: int
    first: str
    second: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over all texts.

    ``exact`` and ``overlapping`` hold for each layer the F1 of the second annotator against the first (the same the
    other way round): same span and labels; shared characters and same labels. ``certain`` is that of the facts on
    metric, channel and value where neither was uncertain. ``kappa`` (Cohen) and ``alpha`` (Krippendorff, nominal) are over the facts' units, by
    ``metric``, ``channel`` and ``role``; a unit is a span that at least one of them marked, labelled ``none`` by whom
    did not mark it, for metric; for the other labels only units that both marked. ``alpha_characters`` is over all
    characters, labelled with the metric that covers them. A coefficient is None where it is not defined, as when all
    labels are the same.
    """

    texts: int
    certain: Score
    exact: dict[str, Score]
    overlapping: dict[str, Score]
    kappa: dict[str, float | None]
    alpha: dict[str, float | None]
    alpha_characters: float | None
    disagreements: tuple[Disagreement, ...]


Pairs = Sequence[tuple[LabelledText, LabelledText]]


def pair_texts(
    first: Sequence[LabelledText], second: Sequence[LabelledText]
) -> list[tuple[LabelledText, LabelledText]]:
    """Return the texts that both have, by id, in the order of the first.

    Raises `AgreementError` when they share none, or one of them has another wording.
    """
    known = {text.id: text for text in second}
    pairs = [(text, known[text.id]) for text in first if text.id in known]
    if not pairs:
        raise AgreementError("the two have no text in common (texts belong together by their id)")
    for one, two in pairs:
        if one.text is not None and two.text is not None and one.text != two.text:
            raise AgreementError(f"{one.id}: the two have different texts; their offsets cannot be compared")
    return pairs


def agreement(pairs: Pairs) -> Agreement:
    """Return the agreement of two annotators over texts that both have (`pair_texts`)."""
    units = [unit for one, two in pairs for unit in _units(one, two)]
    both = [(a, b) for a, b in units if a and b]
    labels: dict[str, list[tuple[str, str]]] = {
        "metric": [(_metric(a), _metric(b)) for a, b in units],
        "channel": [(a.channel or NOTHING, b.channel or NOTHING) for a, b in both],
        "role": [(a.role, b.role) for a, b in both],
    }
    return Agreement(
        texts=len(pairs),
        certain=_sum(_certain_score(one, two) for one, two in pairs),
        exact={layer: _layer_score(pairs, layer, exact=True) for layer in _LAYERS},
        overlapping={layer: _layer_score(pairs, layer, exact=False) for layer in _LAYERS},
        kappa={name: _kappa(told) for name, told in labels.items()},
        alpha={name: _alpha(told) for name, told in labels.items()},
        alpha_characters=_alpha_characters(pairs),
        disagreements=tuple(d for one, two in pairs for d in _disagreements(one, two)),
    )


def _units(one: LabelledText, two: LabelledText) -> Iterator[tuple[LabelledFact | None, LabelledFact | None]]:
    found = best_pairs(one.facts, two.facts)
    yield from ((one.facts[i], two.facts[j]) for i, j in found.pairs)
    yield from ((one.facts[i], None) for i in found.missed)
    yield from ((None, two.facts[j]) for j in found.false_alarms)


def _metric(fact: LabelledFact | None) -> str:
    return fact.metric if fact else NOTHING


def _sum(scores: Iterator[Score]) -> Score:
    return sum(scores, Score())


def _certain_score(one: LabelledText, two: LabelledText) -> Score:
    doubtful = [fact for text in (one, two) for fact in text.facts if not fact.certain]
    first, second = (
        [fact for fact in text.facts if not any(overlap(fact, other) for other in doubtful)]
        for text in (one, two)
    )
    return score(first, second, same_fact)


def _layer_score(pairs: Pairs, layer: str, *, exact: bool) -> Score:
    label = _LABELS[layer]

    def fits(a: Marked, b: Marked) -> bool:
        return label(a) == label(b) and (not exact or same_span(a, b))

    return _sum(_certainly(getattr(one, layer), getattr(two, layer), fits) for one, two in pairs)


def _certainly(one: Sequence[Any], two: Sequence[Any], fits: Callable[[Marked, Marked], bool]) -> Score:
    """The score with every mark counted: agreement pardons no uncertain mark."""
    sure = [
        mark.model_copy(update={"certain": True}) if isinstance(mark, LabelledFact) else mark for mark in one
    ]
    return score(sure, two, fits)


_LABELS: dict[str, Callable[[Any], tuple[object, ...]]] = {
    "facts": lambda fact: (fact.metric, fact.channel, fact.value),
    "channels": lambda channel: (channel.channel,),
    "problems": lambda problem: (frozenset(problem.themes),),
    "improvements": lambda improvement: (frozenset(improvement.themes), improvement.status),
    "sections": lambda section: (section.label,),
}


def _kappa(labels: Sequence[tuple[str, str]]) -> float | None:
    if len({label for pair in labels for label in pair}) < 2:
        return None
    from sklearn import metrics  # noqa: PLC0415  # heavy, and an extra

    return float(cast(Any, metrics).cohen_kappa_score([a for a, _ in labels], [b for _, b in labels]))


def _alpha(labels: Sequence[tuple[str, str]]) -> float | None:
    codes = {label: i for i, label in enumerate(dict.fromkeys(x for pair in labels for x in pair))}
    if len(codes) < 2:
        return None
    import krippendorff  # noqa: PLC0415  # heavy, and an extra
    import numpy as np  # noqa: PLC0415  # heavy, and an extra

    data = np.array([[codes[a] for a, _ in labels], [codes[b] for _, b in labels]], dtype=float)
    return float(cast(Any, krippendorff).alpha(reliability_data=data, level_of_measurement="nominal"))


def _alpha_characters(pairs: Pairs) -> float | None:
    import krippendorff  # noqa: PLC0415  # heavy, and an extra
    import numpy as np  # noqa: PLC0415  # heavy, and an extra

    codes: dict[str, int] = {NOTHING: 0}
    rows: list[tuple[Any, Any]] = []
    for one, two in pairs:
        length = max([len(one.text or ""), *(f.end for f in (*one.facts, *two.facts))])
        rows.append((_by_character(one, length, codes), _by_character(two, length, codes)))
    data = np.stack([np.concatenate([a for a, _ in rows]), np.concatenate([b for _, b in rows])])
    used = np.unique(data)
    if len(used) < 2:
        return None
    counts = np.stack([(data == code).sum(axis=0) for code in used], axis=1)
    return float(cast(Any, krippendorff).alpha(value_counts=counts, level_of_measurement="nominal"))


def _by_character(text: LabelledText, length: int, codes: dict[str, int]) -> Any:  # noqa: ANN401  # a numpy array
    import numpy as np  # noqa: PLC0415  # heavy, and an extra

    tags = np.zeros(length, dtype=np.int32)
    for fact in text.facts:
        tags[fact.start : fact.end] = codes.setdefault(fact.metric, len(codes))
    return tags


def _disagreements(one: LabelledText, two: LabelledText) -> Iterator[Disagreement]:
    for a, b in _units(one, two):
        told = _told(a), _told(b)
        if told[0] != told[1]:
            yield _disagreement(one, "facts", a or b, *told)
    for layer in _LAYERS[1:]:
        label = _LABELS[layer]
        left, right = list(getattr(one, layer)), list(getattr(two, layer))
        for a in tuple(left):
            same = next((b for b in right if overlap(a, b) and label(a) == label(b)), None)
            if same is not None:
                left.remove(a)
                right.remove(same)
        for a in left:
            yield _disagreement(one, layer, a, _words(label(a)), "")
        for b in right:
            yield _disagreement(one, layer, b, "", _words(label(b)))


def _told(fact: LabelledFact | None) -> str:
    if fact is None:
        return ""
    words = (fact.role, fact.period, fact.scope, fact.hedge)
    return f"{fact.metric}@{fact.channel or NOTHING} = {fact.value} {' '.join(words)}"


def _words(label: tuple[object, ...]) -> str:
    return " ".join(" ".join(sorted(cast(Any, x))) if isinstance(x, frozenset) else str(x) for x in label)


def _disagreement(
    text: LabelledText, layer: str, mark: Marked | None, first: str, second: str
) -> Disagreement:
    assert mark is not None, "a unit has been marked by one of the two"
    printed = text.text or ""
    return Disagreement(
        text_id=text.id,
        layer=layer,
        start=mark.start,
        first=first,
        second=second,
        before=printed[max(0, mark.start - _AROUND) : mark.start],
        words=printed[mark.start : mark.end],
        after=printed[mark.end : mark.end + _AROUND],
    )
