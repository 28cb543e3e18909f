"""What the learned reader is given: windows of text, and quantities with what the rules made of them."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy import floating
from numpy.typing import NDArray

Array = NDArray[floating[Any]]

UNTOLD = -1
"""A hint that is not given."""


class Hint(NamedTuple):
    """What the rules made of a quantity, as numbers of `Labels`; `UNTOLD` where they are not asked.

    Metric 0 is their saying that it is no fact.
    """

    metric: int = UNTOLD
    channel: int = UNTOLD
    role: int = UNTOLD
    period: int = UNTOLD
    scope: int = UNTOLD
    sign: int = UNTOLD


class Candidate(NamedTuple):
    """A quantity of a window's text, and what the rules made of it."""

    start: int
    end: int
    hint: Hint = Hint()


class Span(NamedTuple):
    """A labelled span of a text; ``label`` is a number of `Labels`, ``probability`` that of its tags."""

    start: int
    end: int
    label: int
    probability: float


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of normalised text.

    ``prefix`` tells the encoder where it comes from.
    """

    text: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class QuantityReading:
    """The distributions over what each quantity counts: ``[quantities, labels]`` probabilities.

    ``fields`` are those of `labels.FIELDS`, by name.
    """

    metric: Array
    channel: Array
    fields: dict[str, Array]
