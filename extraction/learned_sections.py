"""Sections by what their lines say, where headings are lost or unnumbered."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..annotations.section_spans import NOISE
from ..models.reader import Reader
from ..models.windows import Array
from .document import Document
from .headings import wording
from .line_windows import line_windows
from .normalise import NormalText, normalised
from .sections import Section, find_sections, is_old, noise_behind

_RANKS = {
    "preamble": 0, "overview": 1, "disclosure_table": 2, "applications_table": 3, "proceedings_table": 4, "problems": 5,
    "other_matters": 6,
}  # fmt: skip
_OVERVIEW, _LEGACY = "overview", "legacy"
_SUBSECTION = "overview."
_UNTOLD = "overview.other"
"""What the rules make of a subsection whose heading has none of the words they know."""
_LEAD = re.compile(r"(?![一二三四五六七八九十]{1,2}是)[^。:]{4,30}[。:]")
"""A paragraph's short first sentence, which may stand for a heading; a point counted 一是 is a point."""
_FEW_LEADS = 3
_FEW_PARTS = 4
"""A report whose headings show fewer parts may have lost some."""
_MOST_LINES = 5000
"""No report has so many; of more, the rules' sections stand."""
_LONGEST_TITLE = 26
_CHANGE, _BACK = 2.5, 15.0
"""What it costs, in logarithms, to change the section between two lines, and to go back in the usual order."""
_AT_HEADING, _BELOW_HEADING, _AT_LEAD = 6.0, 3.0, 5.0
"""What a heading that the rules know adds to its section at its own line, and below it; what a paragraph's first
sentence adds that names a subsection.
"""
_OUT_OF_TIME = 10.0
"""What parts that only reports before 2019 have lose in a later one."""
_NEVER = -1e6
_END = ("。", ";", ":", ",", "!", "?")
_ROW = re.compile(r"\d[\t |]+\d|\t")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the normalised text that is not blank."""

    start: int
    end: int


def find_sections_with(document: Document, reader: Reader) -> tuple[Section, ...]:
    """Return the sections of ``document``: by its headings, and where these leave doubt by what its lines say.

    Where parts may have lost their headings all lines are read, else those of an overview whose subsections are in doubt.
    """
    sections = find_sections(document)
    normal = normalised(document.text[: document.report_end])
    lines = list(_lines(normal.text))
    if not 0 < len(lines) <= _MOST_LINES:
        return sections
    if _has_lost_parts(normal, sections):
        labels = _labels(normal, lines, sections, reader)
        return (*_sections(document, normal, lines, labels, sections), *noise_behind(document))
    return tuple(_with_subsections(document, normal, lines, sections, reader))


def _has_lost_parts(normal: NormalText, sections: Sequence[Section]) -> bool:
    headed = [section.label for section in sections if section.heading]
    known = headed if is_old(normal.text) else set(headed) & _RANKS.keys()
    return len(known) < _FEW_PARTS


def _with_subsections(
    document: Document,
    normal: NormalText,
    lines: Sequence[_Line],
    sections: Sequence[Section],
    reader: Reader,
) -> Iterator[Section]:
    """The sections, those of an overview whose subsections are in doubt by what its lines say."""
    read: Section | None = None
    for section in sections:
        if read and section.start < read.end:
            continue
        yield section
        if section.label != _OVERVIEW:
            continue
        own = [line for line in lines if section.start <= normal.source_start(line.start) < section.end]
        inside = [s for s in sections if section.start <= s.start < section.end]
        subsections = [s for s in inside if s.label.startswith(_SUBSECTION)]
        if own and _doubtful(normal, own, [section, *subsections]):
            read = section
            labels = _labels(normal, own, [section, *subsections], reader, within=_OVERVIEW)
            found = _sections(document, normal, own, labels, subsections)
            yield from (s for s in found if s.label != _OVERVIEW)


def _doubtful(normal: NormalText, lines: Sequence[_Line], sections: Sequence[Section]) -> bool:
    """Whether an overview with these ``lines`` holds subsections that the rules could not tell, or took for none."""
    if any(_is_untold(section) for section in sections):
        return True
    starts = {section.start for section in sections}
    named: set[str | None] = {None}
    for line in lines:
        if normal.source_start(line.start) not in starts:
            text = normal.text[line.start : line.end]
            if _is_title(text):
                return True
            named.add(_named(text))
    return len(named) > _FEW_LEADS


def _named(line: str) -> str | None:
    """The subsection that a line names which may stand for its heading: a title, or a paragraph's short first sentence."""
    lead = _LEAD.match(line)
    cue = wording().subcue.search(lead.group() if lead else line if _is_title(line) else "")
    return wording().sub_labels[cue.lastgroup] if cue and cue.lastgroup else None


def _is_untold(section: Section) -> bool:
    """Whether the words of a subsection's heading do not tell what it is about."""
    return section.label == _UNTOLD and not wording().subcue.search(section.heading)


def _is_title(line: str) -> bool:
    """Whether a line has the shape of a title and words that one of the parts or subsections is known by."""
    if not 3 < len(line) <= _LONGEST_TITLE or line.endswith(_END) or _ROW.search(line):
        return False
    known = wording()
    return bool(known.subcue.search(line)) or any(cue.search(line) for _, cue in known.cues)


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = at + line.index(bare[0])
            yield _Line(start, start + len(bare))
        at += len(line) + 1


def _labels(
    normal: NormalText,
    lines: Sequence[_Line],
    sections: Sequence[Section],
    reader: Reader,
    within: str = "",
) -> list[str]:
    """The section of each line, one of those that begin with ``within``: the likeliest sequence, given what lines say,
    the headings known, and the usual order.
    """
    labels = reader.labels.sections
    texts = [normal.text[line.start : line.end] for line in lines]
    asked = list(line_windows(texts))
    scores = np.concatenate(
        [
            reader.lines(states, window.spans)
            for window, states in zip(asked, reader.states([a.window for a in asked]), strict=True)
        ]
    )
    old = is_old(normal.text)
    if not old:
        scores[:, labels.index(_LEGACY)] -= _OUT_OF_TIME
    scores[:, [not label.startswith(within) for label in labels]] = _NEVER
    for section in sections:
        if section.heading and not _is_untold(section) and (section.label != _LEGACY or old):
            n = labels.index(section.label)
            for place, line in enumerate(lines):
                at = normal.source_start(line.start)
                if section.start <= at < section.end:
                    scores[place, n] += _AT_HEADING if at < section.body else _BELOW_HEADING
    if within:
        _add_named(scores, texts, labels)
    return [labels[n] for n in _best(scores, labels)]


def _add_named(scores: Array, lines: Sequence[str], labels: Sequence[str]) -> None:
    """Add to the ``scores`` of an overview's lines what their titles and first sentences name."""
    below: int | None = None
    for place, line in enumerate(lines):
        named = _named(line)
        if named and _is_title(line):
            below = labels.index(named)
            scores[place, below] += _AT_HEADING
        elif named:
            scores[place, labels.index(named)] += _AT_LEAD
        elif below is not None:
            scores[place, below] += _BELOW_HEADING


def _best(scores: Array, labels: Sequence[str]) -> list[int]:
    """The best sequence of labels (Viterbi).

    Lines that belong to no part, such as noise, remember the part before them, so that what follows cannot go back in
    the usual order for nothing.
    """
    ranks = [_RANKS.get(label.split(".")[0]) for label in labels]
    states = [
        (n, after) for n, rank in enumerate(ranks) for after in (_RANKS.values() if rank is None else [rank])
    ]
    cost = np.array([[_cost(a, b, ranks) for b in states] for a in states], np.float32)
    scores = scores[:, [n for n, _ in states]]
    best, back = scores[0], list[Array]()
    for row in scores[1:]:
        paths = best[:, None] - cost
        back.append(paths.argmax(0))
        best = paths.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return [states[at][0] for at in reversed(path)]


def _cost(before: tuple[int, int], after: tuple[int, int], ranks: Sequence[int | None]) -> float:
    """What it costs that lines of the states (label, rank of the part that was last) follow each other."""
    (label, rank), (next_label, next_rank) = before, after
    if ranks[next_label] is None and next_rank != rank:
        return np.inf
    return (_CHANGE if next_label != label else 0.0) + (_BACK if next_rank < rank else 0.0)


def _sections(
    document: Document,
    normal: NormalText,
    lines: Sequence[_Line],
    labels: Sequence[str],
    ruled: Sequence[Section],
) -> Iterator[Section]:
    """Runs of lines of one label as sections, the overview around its subsections, which begin anew where the rules
    found a heading of one.
    """
    headed = {section.start: section for section in ruled if section.heading}
    runs: list[tuple[str, int, int]] = []
    for place, label in enumerate(labels):
        known = headed.get(normal.source_start(lines[place].start))
        anew = known and known.label.startswith(_SUBSECTION) and label.startswith(_SUBSECTION)
        if runs and runs[-1][0] == label and not anew:
            runs[-1] = (label, runs[-1][1], place)
        else:
            runs.append((label, place, place))
    inside = [n for n, (label, _, _) in enumerate(runs) if label.split(".")[0] == _OVERVIEW]
    whole = (runs[inside[0]][1], runs[inside[-1]][2]) if inside else None
    for n, (label, first, last) in enumerate(runs):
        if whole and inside[0] == n:
            yield _section(document, normal, _OVERVIEW, lines, *whole, headed)
        if label != _OVERVIEW:
            yield _section(document, normal, label, lines, first, last, headed)


def _section(
    document: Document,
    normal: NormalText,
    label: str,
    lines: Sequence[_Line],
    first: int,
    last: int,
    headed: Mapping[int, Section],
) -> Section:
    start = normal.source_start(lines[first].start)
    end = normal.source_end(lines[last].end - 1)
    known = headed.get(start)
    if known:
        return Section(label, known.heading, start, min(known.body, end), end)
    title = normal.text[lines[first].start : lines[first].end]
    if not _is_title(title) or label in ("preamble", NOISE) or first == last:
        return Section(label, "", start, start, end)
    body = normal.source_start(lines[first + 1].start)
    heading = document.text[start : normal.source_end(lines[first].end - 1)]
    return Section(label, "".join(heading.split()), start, body, end)
