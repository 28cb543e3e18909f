"""A batch cut into parts: what one worker reads at a time, writes as files of its own, and does again when it is lost."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..batch.inputs import Input

_MOST = 64
"""Inputs in a part: with the learned reader a quarter of a minute's work on a core."""
_MOST_BYTES = 16 * 1024 * 1024
"""Bytes of all inputs of a part together; scans take longer than texts, and are larger."""


@dataclass(frozen=True, slots=True)
class Part:
    """Inputs that are read together, each with the inputs that are its copies; parts count from 0."""

    number: int
    inputs: tuple[tuple[Input, tuple[Input, ...]], ...]

    @property
    def all_inputs(self) -> Iterator[tuple[Input, str | None]]:
        """Each input with the name of the one it is a copy of, in the order of the part's records."""
        for given, copies in self.inputs:
            yield given, None
            for copy in copies:
                yield copy, given.name


def cut_into_parts(inputs: Sequence[Input], copies: Mapping[int, int]) -> list[Part]:
    """Return the parts of a batch: always the same for the same inputs, in their order, copies with their originals.

    ``copies`` are the numbers of inputs with the same bytes as an earlier one, and the number of the first of them.
    """
    copies_of: defaultdict[int, list[Input]] = defaultdict(list)
    for copy, original in copies.items():
        copies_of[original].append(inputs[copy])
    parts: list[Part] = []
    gathered: list[tuple[Input, tuple[Input, ...]]] = []
    size = 0
    for number, given in enumerate(inputs):
        if number in copies:
            continue
        if gathered and (len(gathered) == _MOST or size + given.size > _MOST_BYTES):
            parts.append(Part(len(parts), tuple(gathered)))
            gathered, size = [], 0
        gathered.append((given, tuple(copies_of[number])))
        size += max(given.size, 0)
    if gathered:
        parts.append(Part(len(parts), tuple(gathered)))
    return parts
