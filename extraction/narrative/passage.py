"""What a typing of quantities is given and what it gives back, by rules or by the learned reader."""

from dataclasses import dataclass

from ...annotations.kinds import Period, Role, Scope


@dataclass(frozen=True, slots=True)
class Passage:
    """A section's body in normalised form.

    ``sentences`` are spans of ``text`` in order, ``label`` is the section's label of `annotations/scheme.yaml`,
    ``year`` the year the report is about and ``government`` whether its author is a government rather than one of
    its departments, both as far as its ``title`` tells, which is empty where none was found.
    """

    text: str
    sentences: tuple[tuple[int, int], ...]
    label: str
    year: int | None = None
    government: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one quantity counts.

    ``quantity`` is its index among the quantities typed, ``value`` its value with the sign the text gives it (falls
    are negative), ``sentence`` the index of its sentence. A quantity with several drafts counts several things.
    """

    quantity: int
    sentence: int
    metric: str
    channel: str | None
    value: int | float
    role: Role
    period: Period
    scope: Scope
    subject: str | None
    confidence: float
