"""A dictionary of the words that name channels, learnt from labelled texts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

import ahocorasick

from ...annotations.labelled import LabelledChannel, LabelledText
from .marks import labelled_marks
from .narrative import Stretch, read_narrative

_SHARE = 0.4
"""The least share of a word's occurrences that name a channel; 网络 is mostly something else."""


def learn_channel_words(texts: Iterable[LabelledText]) -> dict[str, str]:
    """Return the words that name channels in ``texts`` with the code they have most often.

    A word of one character is left out, and one that more often names no channel.
    """
    codes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    stretches: list[Stretch] = []
    for text in texts:
        for stretch in read_narrative(text):
            stretches.append(stretch)
            for mark in labelled_marks(text, stretch):
                if mark.channel and mark.end - mark.start > 1:
                    codes[stretch.normal.text[mark.start : mark.end]][mark.channel] += 1
    words = {word: seen.most_common(1)[0][0] for word, seen in codes.items()}
    finder = ChannelFinder(words)
    found = Counter(s.normal.text[m.start : m.end] for s in stretches for m in finder.find(s.normal.text))
    return {word: code for word, code in words.items() if codes[word].total() >= _SHARE * found[word]}


class ChannelFinder:
    """Finds the words of a dictionary in texts, in one pass."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._automaton: Any = cast(Any, ahocorasick).Automaton()
        for word, code in words.items():
            self._automaton.add_word(word, (len(word), code))
        self._automaton.make_automaton()

    def find(self, text: str) -> list[LabelledChannel]:
        """Return the mentions in ``text``, in order; of words that overlap the longest counts."""
        if not len(self._automaton):
            return []
        return [
            LabelledChannel(channel=code, start=last + 1 - length, end=last + 1)
            for last, (length, code) in self._automaton.iter_long(text)
        ]
