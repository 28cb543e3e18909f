"""The closed vocabularies of a fact, as `annotations/scheme.yaml` defines them."""

from typing import Literal

Role = Literal["total", "part", "share", "change", "prior"]
Period = Literal["year", "cumulative", "snapshot", "average", "quarter", "other"]
Scope = Literal["own", "wider", "unit", "unclear"]
Origin = Literal["model", "rule", "llm", "human"]
