"""Scoring predicted labelled texts against gold ones, text by text; scores add up."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..annotations.fact_pairs import (
    any_overlap,
    best_pairs,
    innermost_label,
    linked_words,
    pair_facts,
    same_fact,
    same_in_all,
    same_metric,
    same_span,
    score_by,
)
from ..annotations.labelled import (
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledText,
    is_passage,
)
from ..annotations.matching import Marked, Score, label_score, match, overlap, score
from ..extraction.merge import flat_metrics

OVERLAP = 0.5
"""Statements and sections match when they share at least this part of the longer one."""

FIELDS = ("metric", "channel", "value", "unit", "hedge", "role", "period", "scope", "subject")
"""What a fact is compared by, field by field, where its span was found."""

MAIN = "facts (metric, channel, value)"
"""The score that runs are compared by."""

Statement = LabelledProblem | LabelledImprovement


@dataclass(frozen=True, slots=True)
class Accuracy:
    """So many right of so many; adds up over texts."""

    right: int = 0
    total: int = 0

    def __add__(self, other: "Accuracy") -> "Accuracy":
        return Accuracy(self.right + other.right, self.total + other.total)

    @property
    def rate(self) -> float | None:
        """The share that is right; None of nothing."""
        return self.right / self.total if self.total else None


_T = TypeVar("_T", Score, Accuracy)


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one text, or of many added up.

    ``marks`` and ``accuracies`` go by the names that reports print; ``breakdown`` holds the main score by ``metric``,
    ``channel`` and ``section``. ``confidences`` are those of the predicted facts, each with whether the fact is right
    on metric, channel and value. ``doubtful`` counts the gold facts left out as don't-care, ``pardoned`` the
    predictions on them.
    """

    marks: dict[str, Score] = field(default_factory=dict[str, Score])
    accuracies: dict[str, Accuracy] = field(default_factory=dict[str, Accuracy])
    breakdown: dict[str, dict[str, Score]] = field(default_factory=dict[str, dict[str, Score]])
    confidences: tuple[tuple[float, bool], ...] = ()
    doubtful: int = 0
    pardoned: int = 0

    def __add__(self, other: "Scores") -> "Scores":
        by = {**self.breakdown, **other.breakdown}
        return Scores(
            _added(self.marks, other.marks, Score()),
            _added(self.accuracies, other.accuracies, Accuracy()),
            {n: _added(self.breakdown.get(n, {}), other.breakdown.get(n, {}), Score()) for n in by},
            self.confidences + other.confidences,
            self.doubtful + other.doubtful,
            self.pardoned + other.pardoned,
        )


def _added(one: dict[str, _T], two: dict[str, _T], nothing: _T) -> dict[str, _T]:
    keys = dict.fromkeys((*one, *two))
    return {k: one.get(k, nothing) + two.get(k, nothing) for k in keys}


def score_text(gold: LabelledText, predicted: LabelledText) -> Scores:
    """Score one text. Gold facts marked uncertain are don't-care (`facts.FactPairs`)."""
    main = pair_facts(gold.facts, predicted.facts, same_fact)
    section = innermost_label(gold.sections)
    confidences = [(p.confidence, True) for _, p in main.hits] + [(p.confidence, False) for p in main.alarms]
    return Scores(
        marks=_fact_marks(gold, predicted)
        | _statement_marks(gold, predicted)
        | ({} if is_passage(gold) else _section_marks(gold, predicted)),
        accuracies=_accuracies(gold, predicted),
        breakdown={
            "metric": score_by(main, lambda fact: fact.metric),
            "channel": score_by(main, lambda fact: fact.channel or "none"),
            "section": score_by(main, section),
        },
        confidences=tuple((c, right) for c, right in confidences if c is not None),
        doubtful=sum(not fact.certain for fact in gold.facts),
        pardoned=len(main.pardoned),
    )


def _fact_marks(gold: LabelledText, predicted: LabelledText) -> dict[str, Score]:
    """Facts at every level. The four ways to match a span are those of SemEval 2013 task 9: strict (span and metric),
    exact (span), type (metric, overlapping), overlap.
    """
    g, p = gold.facts, predicted.facts
    sure = [fact.model_copy(update={"certain": True}) for fact in g]
    return {
        MAIN: score(g, p, same_fact),
        "the same, uncertain ones counted": score(sure, p, same_fact),
        "facts (metric, value)": score(g, p, same_metric),
        "facts (all fields)": score(g, p, same_in_all),
        "fact spans, strict": score(g, p, lambda a, b: a.metric == b.metric and same_span(a, b)),
        "fact spans, type": score(g, p, lambda a, b: a.metric == b.metric),
        "fact spans, exact": score(g, p, same_span),
        "fact spans, overlap": score(g, p, any_overlap),
        "flat metrics (key, value)": _flat(gold, predicted),
    }


def _flat(gold: LabelledText, predicted: LabelledText) -> Score:
    """The report's numbers as the flat view gives them. Keys that rest on an uncertain gold fact are don't-care."""
    doubtful = [fact for fact in gold.facts if not fact.certain]
    want, have = flat_facts(gold.facts), flat_facts(predicted.facts)
    unsure = {key for key, fact in want.items() if not fact.certain}
    unsure |= {key for key, fact in have.items() if any(overlap(fact, other) for other in doubtful)}
    hits = sum(
        key in have and have[key].value == fact.value for key, fact in want.items() if key not in unsure
    )
    return Score(hits, len(have.keys() - unsure) - hits, len(want.keys() - unsure) - hits)


def flat_facts(facts: Sequence[LabelledFact]) -> dict[str, LabelledFact]:
    """Return the fact that the flat view shows for each metric and channel (`extraction.merge.flat_metrics`)."""
    flat: dict[str, dict[str, Any]] = flat_metrics(facts)
    return {key: facts[fields["fact"]] for key, fields in flat.items()}


def _statement_marks(gold: LabelledText, predicted: LabelledText) -> dict[str, Score]:
    marks: dict[str, Score] = {}
    sides: tuple[tuple[str, Sequence[Statement], Sequence[Statement]], ...] = (
        ("problem", gold.problems, predicted.problems),
        ("improvement", gold.improvements, predicted.improvements),
    )
    for name, g, p in sides:
        pairs = match(g, p, mostly).pairs
        marks[f"{name}s"] = score(g, p, mostly)
        marks[f"{name}s, exact"] = score(g, p, same_span)
        marks[f"{name}s, characters"] = _characters(g, p)
        marks[f"{name} themes"] = label_score(
            [g[i].themes for i, _ in pairs], [p[j].themes for _, j in pairs]
        )
    marks["problems answered"] = _answers(gold, predicted)
    return marks


def _characters(gold: Sequence[Marked], predicted: Sequence[Marked]) -> Score:
    want = {at for mark in gold for at in range(mark.start, mark.end)}
    have = {at for mark in predicted for at in range(mark.start, mark.end)}
    return Score(len(want & have), len(have - want), len(want - have))


def _answers(gold: LabelledText, predicted: LabelledText) -> Score:
    """The links from improvements to the problems they answer; a link is found when both its ends are."""
    problem = {j: i for i, j in match(gold.problems, predicted.problems, mostly).pairs}
    measure = {j: i for i, j in match(gold.improvements, predicted.improvements, mostly).pairs}
    want = {(i, a) for i, item in enumerate(gold.improvements) for a in item.addresses}
    have = [
        (measure.get(j), problem.get(a)) for j, m in enumerate(predicted.improvements) for a in m.addresses
    ]
    hits = sum(link in want for link in have)
    return Score(hits, len(have) - hits, len(want) - hits)


def _section_marks(gold: LabelledText, predicted: LabelledText) -> dict[str, Score]:
    g, p = gold.sections, predicted.sections
    return {
        "sections (label, overlap)": score(g, p, lambda a, b: a.label == b.label and mostly(a, b)),
        "sections (label, boundaries)": score(g, p, lambda a, b: a.label == b.label and same_span(a, b)),
        "section boundaries": score(g, p, same_span),
    }


def mostly(g: Marked, p: Marked) -> bool:
    """Whether two spans share at least `OVERLAP` of the longer one."""
    return overlap(g, p) >= OVERLAP * max(g.end - g.start, p.end - p.start)


def _accuracies(gold: LabelledText, predicted: LabelledText) -> dict[str, Accuracy]:
    certain = [fact for fact in gold.facts if fact.certain]
    pairs = [(certain[i], predicted.facts[j]) for i, j in best_pairs(certain, predicted.facts).pairs]
    found: dict[str, Accuracy] = {f"fact field {name}": _agree(pairs, name) for name in FIELDS}
    found |= _links(gold, predicted, pairs)
    same = [
        (gold.improvements[i], predicted.improvements[j])
        for i, j in match(gold.improvements, predicted.improvements, mostly).pairs
    ]
    found["improvement status"] = Accuracy(sum(g.status == p.status for g, p in same), len(same))
    return found if is_passage(gold) else found | _report_accuracies(gold, predicted)


def _report_accuracies(gold: LabelledText, predicted: LabelledText) -> dict[str, Accuracy]:
    """What only a whole report has."""
    found = {"section label of a character": _section_labels(gold, predicted)} | _cells(gold, predicted)
    for name in ("title", "agency", "region", "year", "edition"):
        wanted = getattr(gold.report, name)
        if wanted is not None:
            found[f"report {name}"] = Accuracy(int(wanted == getattr(predicted.report, name)), 1)
    return found


def _agree(pairs: Sequence[tuple[LabelledFact, LabelledFact]], name: str) -> Accuracy:
    """Accuracy of one field over the certain facts whose span was found."""
    return Accuracy(sum(getattr(g, name) == getattr(p, name) for g, p in pairs), len(pairs))


def _links(
    gold: LabelledText, predicted: LabelledText, pairs: Sequence[tuple[LabelledFact, LabelledFact]]
) -> dict[str, Accuracy]:
    """Channel linking, over facts whose metric and value were found: the code, and the words that name it."""
    same = [(g, p) for g, p in pairs if same_metric(g, p)]
    told = [(g, p) for g, p in same if g.channel is not None]
    named = [(linked_words(gold, g), linked_words(predicted, p)) for g, p in same if g.mention is not None]
    return {
        "channel link": Accuracy(sum(g.channel == p.channel for g, p in same), len(same)),
        "channel link, where one is told": Accuracy(sum(g.channel == p.channel for g, p in told), len(told)),
        "channel words linked": Accuracy(sum(bool(g and p and overlap(g, p)) for g, p in named), len(named)),
    }


def _section_labels(gold: LabelledText, predicted: LabelledText) -> Accuracy:
    """How many characters of the gold sections lie in an innermost section of the right label."""
    want, have = _by_character(gold), _by_character(predicted)
    return Accuracy(sum(have.get(at) == label for at, label in want.items()), len(want))


def _by_character(text: LabelledText) -> dict[int, str]:
    labels: dict[int, str] = {}
    for section in sorted(text.sections, key=lambda s: (s.start, -s.end)):
        labels.update(dict.fromkeys(range(section.start, section.end), section.label))
    return labels


def _cells(gold: LabelledText, predicted: LabelledText) -> dict[str, Accuracy]:
    """A cell is right when its value is, and a blank is told from a print that could not be read.

    ``cells not misread`` counts what is worse than not read: a value that is not the report's.
    """
    right = misread = 0
    for cell_id, want in gold.cells.items():
        have = predicted.cells.get(cell_id)
        if have and have.value == want.value:
            right += want.value is not None or not have.printed.strip()
        misread += bool(have and have.value is not None and have.value != want.value)
    total = len(gold.cells)
    return {"cells": Accuracy(right, total), "cells not misread": Accuracy(total - misread, total)}


def score_texts(pairs: Sequence[tuple[LabelledText, LabelledText]]) -> list[Scores]:
    """Return the scores of each (gold, predicted) pair, in their order; add them up with `total`."""
    return [score_text(gold, predicted) for gold, predicted in pairs]


def total(scores: Sequence[Scores]) -> Scores:
    """Return all scores added up."""
    summed = Scores()
    for one in scores:
        summed += one
    return summed
