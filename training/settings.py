"""The settings of a training run: `defaults.yaml`, and what a user changes of it."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import yaml
from pydantic import ConfigDict, Field, ValidationError

from ..annotations.knowledge import read_knowledge
from ..annotations.labelled import Model


class SettingsError(Exception):
    """A setting is unknown or its value makes no sense; the message names it."""


class Finite(Model):
    """Numbers without an end make no sense."""

    model_config = ConfigDict(allow_inf_nan=False)


class NetworkSettings(Finite):
    """The shape of the network."""

    layers: int | None = Field(ge=1)
    hidden: int = Field(ge=8)
    dropout: float = Field(ge=0, lt=1)
    words: bool


class DataSettings(Finite):
    """What it learns from."""

    copies: int = Field(ge=0)
    hints: float = Field(ge=0, le=1)
    masked: float = Field(ge=0, lt=1)
    sections: bool


class OptimiserSettings(Finite):
    """How it learns."""

    epochs: float = Field(gt=0)
    batch: int = Field(ge=1)
    encoder_rate: float = Field(gt=0)
    heads_rate: float = Field(gt=0)
    layer_decay: float = Field(gt=0, le=1)
    weight_decay: float = Field(ge=0)
    warm_up: float = Field(ge=0, lt=1)
    patience: int = Field(ge=1)
    precision: Literal["bf16", "fp32"]


class DistilSettings(Finite):
    """Whom it imitates (Hinton et al. 2015, Distilling the Knowledge in a Neural Network)."""

    teacher: str | None
    weight: float = Field(ge=0)
    temperature: float = Field(gt=0)


class LossSettings(Finite):
    """What counts how much."""

    metric: float = Field(ge=0)
    channel: float = Field(ge=0)
    fields: float = Field(ge=0)
    mentions: float = Field(ge=0)
    statements: float = Field(ge=0)
    items: float = Field(ge=0)
    lines: float = Field(ge=0)
    rare_metrics: float = Field(ge=0, le=1)
    smoothing: float = Field(ge=0, lt=0.5)


class Settings(Finite):
    """All settings of a run; `defaults.yaml` explains them."""

    base: str | None
    start: str | None
    seed: int
    network: NetworkSettings
    data: DataSettings
    optimiser: OptimiserSettings
    distil: DistilSettings
    loss: LossSettings


def settings(changes: Iterable[str] = (), base: str | None = None) -> Settings:
    """Return the defaults with ``changes`` like ``optimiser.epochs=4``, whose values are YAML, and the ``base`` if given.

    Raises `SettingsError` where a name is unknown or a value makes no sense.
    """
    raw: dict[str, Any] = read_knowledge(__file__, "defaults.yaml")
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            raise SettingsError(f"'{change}': write NAME=VALUE, for example optimiser.epochs=4")
        try:
            read = yaml.safe_load(value)
        # PyYAML lets a date that does not exist through as a plain ValueError.
        except (yaml.YAMLError, ValueError):
            raise SettingsError(
                f"'{change}': the value of {name.strip()} is no YAML; quote it if it is text"
            ) from None
        _set(raw, name.strip().split("."), read, change)
    if base is not None:
        raw["base"] = base
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _set(raw: dict[str, Any], path: Sequence[str], value: Any, change: str) -> None:
    place: Any = raw
    for name in path[:-1]:
        place = place.get(name) if isinstance(place, dict) else None  # type: ignore[reportUnknownVariableType]
    if not isinstance(place, dict) or path[-1] not in place:
        raise SettingsError(f"'{change}': there is no setting {'.'.join(path)}; see training/defaults.yaml")
    place[path[-1]] = value
