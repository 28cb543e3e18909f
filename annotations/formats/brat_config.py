"""The configuration of brat, generated from the scheme."""

from collections.abc import Iterable
from typing import get_args

from ..kinds import Hedge, Origin, Period, Role, Scope, Status
from ..scheme import scheme
from .marks import LABEL_FIELD, Layer, layer_of

VALUES = ("channel", "hedge", "role", "period", "scope", "status", "origin")
"""Fields that are attributes with a value."""
UNCERTAIN = "uncertain"
THEME = "theme-"
"""Begins the names of the attributes that say a statement has a theme."""


def type_of(layer: Layer, label: str) -> str:
    """Return brat's name for a label: letters, digits, ``_`` and ``-`` only, and one layer's not another's."""
    return f"{layer}-{label.replace('.', '-')}" if layer in LABEL_FIELD else layer


def label_of(name: str) -> tuple[Layer, str] | None:
    """Return layer and label behind brat's name for it; None when it is none of ours."""
    layer = layer_of(name.split("-", 1)[0])
    if layer is None:
        return None
    return layer, name.removeprefix(f"{layer}-").replace("-", ".") if layer in LABEL_FIELD else layer


def annotation_conf() -> str:
    """Return ``annotation.conf``: the types of spans, their attributes and relations."""
    known = scheme()
    labels: dict[Layer, Iterable[str]] = {
        "section": known.sections,
        "channel": known.channels,
        "fact": known.metrics,
        "problem": ["problem"],
        "improvement": ["improvement"],
    }
    types = {layer: [type_of(layer, label) for label in some] for layer, some in labels.items()}
    facts, channels = "|".join(types["fact"]), "|".join(types["channel"])
    fact_values = {
        "channel": known.channels,
        **_kinds({"hedge": Hedge, "role": Role, "period": Period, "scope": Scope}),
    }
    lines = ["[entities]", *(name for some in types.values() for name in some), ""]
    lines += [
        "[relations]",
        f"channel\tArg1:{facts}, Arg2:{channels}",
        "addresses\tArg1:improvement, Arg2:problem",
        "",
    ]
    lines += ["[events]", "", "[attributes]"]
    lines += [f"{name}\tArg:{facts}, Value:{'|'.join(codes)}" for name, codes in fact_values.items()]
    lines += [f"{UNCERTAIN}\tArg:{facts}", f"status\tArg:improvement, Value:{'|'.join(get_args(Status))}"]
    lines += [f"origin\tArg:{facts}|problem|improvement, Value:{'|'.join(get_args(Origin))}"]
    lines += [f"{THEME}{theme}\tArg:problem|improvement" for theme in known.themes]
    return "\n".join(lines) + "\n"


def visual_conf() -> str:
    """Return ``visual.conf``: the Chinese names that annotators see."""
    known = scheme()
    lines = [
        "[labels]",
        *(f"{type_of('fact', metric.code)} | {metric.zh}" for metric in known.metrics.values()),
    ]
    lines += [f"{type_of('channel', code)} | {names[0]}" for code, names in known.channels.items()]
    lines += ["problem | 问题", "improvement | 改进", "", "[drawing]"]
    return "\n".join(lines) + "\n"


def _kinds(kinds: dict[str, object]) -> dict[str, tuple[str, ...]]:
    return {name: get_args(kind) for name, kind in kinds.items()}
