"""Marks back into the corpus's inline markup (`markup.py`), for texts labelled elsewhere."""

import re
from collections.abc import Iterable

from .labelled import LabelledFact, LabelledImprovement, LabelledProblem
from .links import nearest_mention
from .markup import Marks, MarkupError, plain_unit, plain_value

_ESCAPED = re.compile(r"[{}\[\]|<\\]")


def write_markup(marks: Marks) -> str:
    """Return ``marks`` in inline markup; `parse_markup` reads the same back.

    Raises `ValueError` where the markup cannot say it: marks that cross or lie inside a fact, a fact whose subject
    holds ``;`` or ``}``.
    """
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for section in marks.sections:
        opening.setdefault(section.start, []).append(f"<{section.label}>")
    for start, end, before, behind in _brackets(marks):  # outer ones first
        opening.setdefault(start, []).append(before)
        closing.setdefault(end, []).insert(0, behind)
    pieces: list[str] = []
    at = 0
    for place in sorted({*opening, *closing}):
        pieces.append(_ESCAPED.sub(r"\\\g<0>", marks.text[at:place]))
        pieces += [*closing.get(place, ()), *opening.get(place, ())]
        at = place
    pieces.append(_ESCAPED.sub(r"\\\g<0>", marks.text[at:]))
    return "".join(pieces)


def _brackets(marks: Marks) -> Iterable[tuple[int, int, str, str]]:
    """Start, end, opening and closing of every bracket, outer ones before inner ones. Raises `ValueError` where two cross."""
    by_span: dict[tuple[int, int], list[str]] = {}
    for fact in marks.facts:
        by_span.setdefault((fact.start, fact.end), []).append(_fact_labels(fact, marks))
    brackets = [(*span, "{", "|" + " ; ".join(labels) + "}") for span, labels in by_span.items()]
    brackets += [(c.start, c.end, "[", f"|{c.channel}]") for c in marks.channels]
    brackets += [(p.start, p.end, "[[", f"|{_problem_labels(p)}]]") for p in marks.problems]
    brackets += [(i.start, i.end, "[[", f"|{_improvement_labels(i)}]]") for i in marks.improvements]
    brackets.sort(key=lambda b: (b[0], -b[1], b[2] != "[["))
    open_until: list[tuple[int, str]] = []
    for start, end, before, _ in brackets:
        while open_until and open_until[-1][0] <= start:
            open_until.pop()
        if open_until and (open_until[-1][0] < end or open_until[-1][1] != "[[" or before == "[["):
            raise ValueError(f"marks cross at {start}")
        open_until.append((end, before))
    return brackets


def _fact_labels(fact: LabelledFact, marks: Marks) -> str:
    printed = marks.text[fact.start : fact.end]
    head = fact.metric
    if fact.channel:
        head += f"@{fact.channel}"
        if nearest_mention(fact.start, fact.end, fact.channel, marks.channels) != fact.mention:
            head += f"#{0 if fact.mention is None else fact.mention + 1}"
    words = [head]
    for name, usual in (("hedge", "exact"), ("role", "total"), ("period", "year"), ("scope", "own")):
        value = getattr(fact, name)
        if value != usual:
            words.append(f"period:{value}" if (name, value) == ("period", "other") else value)
    if _value_of(printed) != fact.value:
        words.append(f"={fact.value}")
    if plain_unit(printed) != fact.unit:
        words.append(f"unit:{fact.unit or '-'}")
    if not fact.certain and not fact.alternatives:
        words.append("?")
    for other in fact.alternatives:
        channel = f"@{other.channel}" if other.channel else ""
        words.append("?none" if other.not_fact else f"?{other.metric}{channel}")
    if fact.subject:
        if re.search(r"[;}|]", fact.subject):
            raise ValueError(f"the subject {fact.subject!r} holds a mark of the markup")
        words.append(f"subj:{fact.subject}")
    return " ".join(words)


def _value_of(printed: str) -> float | None:
    try:
        return plain_value(printed, 0)
    except MarkupError:
        return None


def _problem_labels(problem: LabelledProblem) -> str:
    return " ".join(("P", *problem.themes))


def _improvement_labels(improvement: LabelledImprovement) -> str:
    words = ["I", *(["done"] if improvement.status == "done" else [])]
    if improvement.addresses:
        words.append(">" + ",".join(str(index + 1) for index in improvement.addresses))
    return " ".join((*words, *improvement.themes))
