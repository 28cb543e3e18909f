"""The words of the narrative that name a channel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..document import Document
from ..sections import Section
from .clauses import known_words
from .cue_fields import owned_channel
from .facts import masthead_of
from .lexicon import Lexicon, Token, lexicon
from .passage import Passage
from .sentences import sentences
from .stretches import narrative_stretches


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """Words that name a channel of `annotations/scheme.yaml`. ``start`` and ``end`` lie in ``Document.text``."""

    channel: str
    start: int
    end: int


def read_channels(document: Document, sections: Sequence[Section]) -> tuple[ChannelWords, ...]:
    """Return the words that name channels in a report's narrative, in the order of the text."""
    title, year, government = masthead_of(document)
    found: list[ChannelWords] = []
    for label, normal, text in narrative_stretches(document, sections):
        passage = Passage(text, sentences(text), label, year, government, title)
        for code, start, end in channel_words_in(passage):
            found.append(ChannelWords(code, *normal.source_span(start, end)))
    return tuple(sorted(found, key=lambda mention: mention.start))


def channel_words_in(passage: Passage) -> Iterator[tuple[str, int, int]]:
    """Yield the channel and the span of each of a passage's words that name one, in order."""
    words = lexicon()
    for span in passage.sentences:
        for token in known_words(passage.text, span, words):
            if token.has("channel"):
                yield (
                    owned_channel(token, passage, words),
                    token.start,
                    token.start + _name_length(token, words),
                )


def _name_length(token: Token, words: Lexicon) -> int:
    """How much of a word is the channel's name: 网站 of 网站访问量."""
    if not token.has("object"):
        return token.end - token.start
    sizes = range(token.end - token.start, 0, -1)
    return next((size for size in sizes if token.word[:size] in words.channel_names), token.end - token.start)
