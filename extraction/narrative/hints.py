"""What the rules made of a passage, in the form in which the learned reader takes it as a hint."""

from collections.abc import Iterable, Sequence

from ...models.labels import FIELDS, NONE, Labels
from ...models.windows import Hint, Span
from .passage import Draft


def quantity_hints(drafts: Sequence[Draft], count: int, labels: Labels) -> list[Hint]:
    """Return a hint for each of ``count`` quantities: the first draft that the rules made of it, or that it is no fact."""
    hints = [Hint(metric=labels.metrics.index(NONE))] * count
    for draft in reversed(drafts):
        told = {
            "role": draft.role,
            "period": draft.period,
            "scope": draft.scope,
            "sign": sign_of(draft.value),
        }
        hints[draft.quantity] = Hint(
            labels.metrics.index(draft.metric),
            labels.channels.index(draft.channel or NONE),
            *(labels.of(field).index(told[field]) for field in FIELDS),
        )
    return hints


def sign_of(value: float) -> str:
    """Return whether a fact's value tells a fall."""
    return "fall" if value < 0 else "rise"


def linkable(found: Sequence[Span], named: Iterable[tuple[int, int, int]]) -> list[Span]:
    """Return the mentions that quantities may be linked to: those found, and those that only the rules ``named``.

    ``named`` are (start, end, label); one that overlaps a mention found is the same one.
    """
    others = (Span(*words, 1.0) for words in named)
    missed = [
        words for words in others if not any(words.start < m.end and m.start < words.end for m in found)
    ]
    return sorted([*found, *missed])


def tag_hints(spans: Iterable[tuple[int, int, int]], length: int) -> list[int]:
    """Return for each character the label of the (start, end, label) span over it, counted from 1, and 0 outside."""
    tags = [0] * length
    for start, end, label in spans:
        tags[start:end] = [label + 1] * (end - start)
    return tags
