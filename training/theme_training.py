# pyright: basic
"""The linear model of themes, learned from the labelled statements."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from ..annotations.labelled import LabelledText
from ..extraction.normalise import normalise
from ..models.theme_model import ThemeModel, grams_of

# Their type hints leave too much unknown.
_Vectorizer: Any = TfidfVectorizer
_OneByOne: Any = OneVsRestClassifier

Statement = tuple[str, tuple[int, ...]]
"""A statement's normalised text, and the numbers of its themes."""

_RAREST = 2
_FREEDOM = 100.0
"""The inverse of the regularisation; from 30 to 300 the scores hardly differ."""
_STEPS = np.linspace(0.05, 0.8, 76)


def statements_of(texts: Iterable[LabelledText], themes: Sequence[str]) -> list[Statement]:
    """Return the problems and improvements of labelled texts."""
    return [
        (normalise(text.text, told.start, told.end).text, tuple(themes.index(theme) for theme in told.themes))
        for text in texts
        if text.text is not None
        for told in (*text.problems, *text.improvements)
    ]


def fit_themes(statements: Sequence[Statement], themes: int) -> ThemeModel:
    """Return the model that tells each of so many themes from the statements that have it: logistic regressions.

    Without statements it tells no theme.
    """
    counted = Counter(gram for text, _ in statements for gram in set(grams_of(text)))
    grams = sorted(gram for gram, times in counted.items() if times >= _RAREST)
    wanted = np.zeros((len(statements), themes), int)
    for row, (_, numbers) in enumerate(statements):
        wanted[row, list(numbers)] = 1
    seen = np.flatnonzero((wanted.sum(0) > 0) & (wanted.sum(0) < len(statements)))
    weights = np.zeros((len(grams), themes), np.float32)
    idf = np.zeros(len(grams), np.float32)
    bias = np.where(wanted.sum(0) == 0, -10.0, 10.0).astype(np.float32)  # of themes that none, or all, have
    if len(seen) and grams:
        vectorizer = _Vectorizer(analyzer=grams_of, vocabulary=grams, sublinear_tf=True, dtype=np.float32)
        inputs = vectorizer.fit_transform([text for text, _ in statements])
        idf = vectorizer.idf_.astype(np.float32)
        one_by_one = _OneByOne(LogisticRegression(C=_FREEDOM, max_iter=1000))
        fitted = one_by_one.fit(inputs, wanted[:, seen]).estimators_
        weights[:, seen] = np.stack([each.coef_[0] for each in fitted], -1)
        bias[seen] = [each.intercept_[0] for each in fitted]
    return ThemeModel({gram: row for row, gram in enumerate(grams)}, idf, weights, bias)


def theme_threshold(model: ThemeModel, collections: Sequence[Sequence[Statement]]) -> float:
    """Return the threshold with the best mean F1 over collections of statements; the likeliest theme is always told."""
    told = [(model.chances([text for text, _ in each]), each) for each in collections if each]

    def f1(step: float) -> float:
        return float(np.mean([_f1(chances, statements, step) for chances, statements in told]))

    return round(float(max(_STEPS, key=lambda step: (round(f1(step), 4), -step))), 2) if told else 0.5


def _f1(chances: np.ndarray, statements: Sequence[Statement], threshold: float) -> float:
    hits = found = wanted = 0
    for row, (_, themes) in zip(chances, statements, strict=True):
        have = {int(n) for n in np.flatnonzero(row >= threshold)} | {int(row.argmax())}
        hits, found, wanted = hits + len(have & set(themes)), found + len(have), wanted + len(themes)
    return 2 * hits / max(1, found + wanted)
