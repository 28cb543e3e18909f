"""Fact spans scored as entities by seqeval (https://github.com/chakki-works/seqeval), strict IOB2 over characters."""

from collections.abc import Sequence
from typing import Any, cast

from ..annotations.labelled import LabelledFact, LabelledText
from ..annotations.matching import overlap


def entity_report(pairs: Sequence[tuple[LabelledText, LabelledText]]) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and support by metric, with ``micro avg``, ``macro avg`` and ``weighted avg``.

    Each text is one sequence of character tags. What BIO cannot say is left out on both sides alike: a span that
    overlaps an earlier one, and the second metric of a span. Uncertain gold facts, and predictions on them, are O.
    """
    gold_tags = [
        iob2([f for f in gold.facts if f.certain], _length(gold, predicted)) for gold, predicted in pairs
    ]
    predicted_tags = [
        iob2(_off_doubtful(gold, predicted), _length(gold, predicted)) for gold, predicted in pairs
    ]
    return strict_report(gold_tags, predicted_tags)


def strict_report(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 (``f1-score``) and support by label, and the averages, of sequences of IOB2 tags."""
    import seqeval.metrics  # noqa: PLC0415  # heavy, and an extra
    from seqeval.scheme import IOB2  # noqa: PLC0415  # heavy, and an extra

    return cast(Any, seqeval.metrics).classification_report(
        gold, predicted, output_dict=True, mode="strict", scheme=IOB2, zero_division=0
    )


def iob2(facts: Sequence[LabelledFact], length: int) -> list[str]:
    """Return the tags of facts as entities, their metrics the labels (`iob2_tags`)."""
    return iob2_tags([(fact.start, fact.end, fact.metric) for fact in facts], length)


def iob2_tags(spans: Sequence[tuple[int, int, str]], length: int) -> list[str]:
    """Return one tag for each of ``length`` characters; the first span at a place wins, longer before shorter."""
    tags = ["O"] * length
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
        if all(tag == "O" for tag in tags[start:end]):
            tags[start] = f"B-{label}"
            tags[start + 1 : end] = [f"I-{label}"] * (end - start - 1)
    return tags


def _length(gold: LabelledText, predicted: LabelledText) -> int:
    """The gold set holds no text: the last mark tells how long a sequence must be."""
    return max([1, *(fact.end for fact in (*gold.facts, *predicted.facts))])


def _off_doubtful(gold: LabelledText, predicted: LabelledText) -> list[LabelledFact]:
    doubtful = [fact for fact in gold.facts if not fact.certain]
    return [fact for fact in predicted.facts if not any(overlap(fact, other) for other in doubtful)]
