"""How the parts that can be learned are read: by the rules alone, or by a learned reader with the rules' help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

from ..models.reader import Reader
from ..models.runtime import load_reader
from .document import Document
from .learned_sections import find_sections_with
from .narrative.reading import Narrative, read_by_rules, read_narrative
from .sections import Section, find_sections


@dataclass(frozen=True, slots=True)
class Components:
    """``sections`` finds the sections of a document, ``narrative`` reads what stands in them."""

    sections: Callable[[Document], tuple[Section, ...]]
    narrative: Callable[[Document, Sequence[Section]], Narrative]


RULES = Components(find_sections, read_by_rules)
"""The rules alone."""


def learned(reader: Reader, *, hinted: bool = True) -> Components:
    """Return the components of a learned reader; ``hinted`` tells whether it sees what the rules made of a passage."""
    return Components(
        partial(find_sections_with, reader=reader), partial(read_narrative, reader=reader, hinted=hinted)
    )


@cache
def shipped() -> Components:
    """Return the components of the reader that comes with the package.

    Raises `models.files.WeightsError` where its files are missing or damaged.
    """
    return learned(load_reader())
