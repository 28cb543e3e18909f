"""How alike texts are: cosine of their character trigrams, weighted by rarity (scikit-learn)."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, cast

_SHORTEST = 3
_DIGITS = re.compile(r"\d+")


def text_vectors(texts: Sequence[str]) -> Any:  # noqa: ANN401  # a scipy sparse matrix
    """Return one vector a text: its character trigrams, weighted by rarity, of length 1.

    Numbers count alike, so that a passage with other figures in it is still the same passage.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  # heavy, and an extra

    return cast(Any, TfidfVectorizer(analyzer="char", ngram_range=(_SHORTEST, _SHORTEST))).fit_transform(
        [_DIGITS.sub("0", text) for text in texts]
    )


def nearest_neighbours(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Yield for each text its index, that of the text most like it, and their likeness between 0 and 1."""
    if len(texts) < 2 or all(len(text) < _SHORTEST for text in texts):
        return
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415  # heavy, and an extra

    search = cast(Any, NearestNeighbors(n_neighbors=1, metric="cosine")).fit(text_vectors(texts))
    distances, places = search.kneighbors()
    for index, (distance, other) in enumerate(zip(distances[:, 0], places[:, 0], strict=True)):
        yield index, int(other), 1 - float(distance)
