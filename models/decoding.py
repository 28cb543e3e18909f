"""How the scores of the heads become decisions: chosen on text that was not learned from, saved beside the weights."""

from ..annotations.labelled import Model
from .labels import FIELDS


class Decoding(Model):
    """``temperatures`` by head: what its scores are divided by, so that its probabilities are shares of right answers.

    ``trust`` by head: what is added to the score of the label that the rules gave (a logarithmic opinion pool of the
    network and the rules), for ``statements`` to the tags of those that ordinals mark. ``thresholds``: a quantity is a ``fact`` from this probability on; a higher one trades recall for precision. A
    ``theme`` is told from its own on, and a measure is ``done``.
    """

    temperatures: dict[str, float] = dict.fromkeys(("metric", "channel", *FIELDS), 1.0)
    trust: dict[str, float] = dict.fromkeys(("metric", "channel", *FIELDS, "statements"), 0.0)
    thresholds: dict[str, float] = {"fact": 0.5, "theme": 0.5, "done": 0.5}
