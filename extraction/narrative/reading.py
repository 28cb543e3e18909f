"""The narrative of a report, read by the rules alone or by the learned reader with the rules' help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...models.reader import Reader
from ...models.windows import Array, Window
from ..document import Document
from ..sections import Section
from .channel_words import ChannelWords, read_channels
from .facts import Fact, facts_of, masthead_of, passages_of, read_facts
from .learned_facts import answers, ask
from .learned_statements import LONGEST_LIST, ask_items, told_items
from .statements import STATEMENTS, Improvement, Problem, collect, items_of, read_statements, told_by_rules

_AT_A_TIME = 128
"""So many windows are encoded before their states are used."""


@dataclass(frozen=True, slots=True)
class Narrative:
    """All that a report's narrative tells, each in the order of the text."""

    channels: tuple[ChannelWords, ...] = ()
    facts: tuple[Fact, ...] = ()
    problems: tuple[Problem, ...] = ()
    improvements: tuple[Improvement, ...] = ()


def read_by_rules(document: Document, sections: Sequence[Section]) -> Narrative:
    """Return what the rules alone find."""
    problems, improvements = read_statements(document, sections)
    return Narrative(
        read_channels(document, sections), read_facts(document, sections), problems, improvements
    )


def read_narrative(
    document: Document, sections: Sequence[Section], reader: Reader, *, hinted: bool = True
) -> Narrative:
    """Return what the learned reader finds.

    The windows of all passages are encoded together, but never so many that a long text takes much memory. ``hinted``
    tells whether the reader is shown what the rules made of them.
    """
    title = masthead_of(document)[0]
    read = list(passages_of(document, sections))
    passages = [ask(each.passage, each.quantities, reader, hinted=hinted) for each in read]
    found = [items_of(document, section) for section in sections if section.label == STATEMENTS]
    lists = [
        ask_items(items, title, hinted=hinted) for items in found if len(items.normal.text) <= LONGEST_LIST
    ]
    states = _states(reader, [window for asked in (*passages, *lists) for window in asked.windows])
    answered = [answers(asked, states, reader) for asked in passages]
    told = {id(asked.read): told_items(asked, states, reader) for asked in lists}
    problems: list[Problem] = []
    improvements: list[Improvement] = []
    for items in found:
        collect(
            items.normal,
            told[id(items)] if id(items) in told else told_by_rules(items),
            problems,
            improvements,
        )
    channels = [
        ChannelWords(code, *each.normal.source_span(start, end))
        for each, (_, named) in zip(read, answered, strict=True)
        for code, start, end in named
    ]
    return Narrative(
        tuple(sorted(channels, key=lambda words: words.start)),
        facts_of(document, [(e, drafts) for e, (drafts, _) in zip(read, answered, strict=True)], "model"),
        tuple(problems),
        tuple(improvements),
    )


def _states(reader: Reader, windows: Sequence[Window]) -> Iterator[Array]:
    """The states of the windows, in their order."""
    for first in range(0, len(windows), _AT_A_TIME):
        yield from reader.states(windows[first : first + _AT_A_TIME])
