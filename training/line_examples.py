"""Reports as examples of which section each of their lines belongs to, with damaged headings too."""

import re
from collections.abc import Iterator, Sequence
from random import Random

from ..annotations.labelled import LabelledText
from ..annotations.section_spans import NOISE
from ..extraction.line_windows import line_windows
from ..extraction.normalise import normalised
from ..models.labels import Labels
from .examples import Example

_NUMERAL = re.compile(r"[（(]?第?[一二三四五六七八九十\d]{1,3}[)）]?(?:部分|章)?[、.．，,]?")
_LONGEST_HEADING = 40
PLAIN, NO_NUMERALS, NO_HEADINGS = range(3)
"""What becomes of headings: nothing, their numerals go, or all of them."""
_PRESENT = 0.8


def line_examples(text: LabelledText, labels: Labels, random: Random) -> Iterator[Example]:
    """Yield a whole report's lines with their sections; its headings whole, without their numerals, or left out."""
    variant = random.choice((PLAIN, NO_NUMERALS, NO_HEADINGS))
    yield from _windows(sectioned_lines(*without_headings(text, variant)), labels)


def assembled_examples(
    passages: Sequence[LabelledText], labels: Labels, random: Random, reports: int
) -> Iterator[Example]:
    """Yield the lines of ``reports`` reports put together from passages of different agencies, in the usual order."""
    by_label: dict[str, list[LabelledText]] = {}
    for passage in passages:
        by_label.setdefault(passage.sections[0].label, []).append(passage)
    for _ in range(reports):
        lines: list[tuple[str, str]] = []
        for label in labels.sections:
            if label in by_label and random.random() < _PRESENT:
                passage = random.choice(by_label[label])
                variant = random.choice((PLAIN, NO_NUMERALS, NO_HEADINGS))
                lines += sectioned_lines(*without_headings(passage, variant))
        yield from _windows(lines, labels)


def sectioned_lines(printed: str, by_character: Sequence[str]) -> list[tuple[str, str]]:
    """Return the lines of a report in normalised form, each with the section of its first character."""
    normal = normalised(printed)
    lines: list[tuple[str, str]] = []
    at = 0
    for line in normal.text.split("\n"):
        bare = line.strip()
        if bare:
            lines.append((line, by_character[normal.source_start(at + line.index(bare[0]))]))
        at += len(line) + 1
    return lines


def _windows(lines: Sequence[tuple[str, str]], labels: Labels) -> Iterator[Example]:
    for window in line_windows([line for line, _ in lines]):
        yield Example(
            window=window.window,
            lines=tuple(
                (start, end, labels.sections.index(lines[window.first + n][1]))
                for n, (start, end) in enumerate(window.spans)
            ),
        )


def without_headings(text: LabelledText, variant: int) -> tuple[str, list[str]]:
    """Return a report's text, its headings left as they are (0), without numerals (1) or left out (2), and the
    innermost section of each of its characters.
    """
    assert text.text is not None
    by_character = [NOISE] * len(text.text)
    for section in sorted(text.sections, key=lambda s: (s.start, -s.end)):
        by_character[section.start : section.end] = [section.label] * (section.end - section.start)
    cut: set[int] = set()
    for section in text.sections:
        end = text.text.find("\n", section.start, section.end)
        line = text.text[section.start : end + 1]
        if (
            variant == PLAIN
            or section.label in ("preamble", NOISE)
            or end < 0
            or len(line) > _LONGEST_HEADING
        ):
            continue
        numeral = _NUMERAL.match(line)
        length = len(line) if variant == NO_HEADINGS else numeral.end() if numeral else 0
        cut.update(range(section.start, section.start + length))
    kept = [at for at in range(len(text.text)) if at not in cut]
    return "".join(text.text[at] for at in kept), [by_character[at] for at in kept]
