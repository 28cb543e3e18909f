"""What the learned reader can say: its labels by number, saved beside its weights."""

from ..annotations.labelled import Model

NONE = "none"
"""The metric of a quantity that is no fact, the channel of a fact that has none."""
AND = "+"
"""Joins the metrics of a quantity that counts several things, as a told zero may."""
PROBLEM, IMPROVEMENT = "problem", "improvement"

FIELDS = ("role", "period", "scope", "sign")
"""The other fields of a fact that have a head of their own, in the order of `Labels`."""


class Labels(Model):
    """The labels of each head, by their numbers.

    ``mentions`` are the kinds of spans of the mention tagger: channels of the scheme, or the entity types of any other
    data. ``sign`` tells falls from other figures.
    """

    mentions: tuple[str, ...]
    statements: tuple[str, ...] = (PROBLEM, IMPROVEMENT)
    metrics: tuple[str, ...] = (NONE,)
    channels: tuple[str, ...] = (NONE,)
    role: tuple[str, ...] = ("total", "part", "share", "change", "prior")
    period: tuple[str, ...] = ("year", "snapshot", "other", "average", "quarter", "cumulative")
    scope: tuple[str, ...] = ("own", "wider", "unit", "unclear")
    sign: tuple[str, ...] = ("rise", "fall")
    status: tuple[str, ...] = ("planned", "done")
    themes: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    def of(self, field: str) -> tuple[str, ...]:
        """Return the labels of one of `FIELDS`."""
        return getattr(self, field)
