"""The closed vocabularies of a fact and of a statement, as `scheme.yaml` defines them."""

from typing import Literal

Number = int | float
Hedge = Literal["exact", "about", "over", "under"]
Role = Literal["total", "part", "share", "change", "prior"]
Period = Literal["year", "cumulative", "snapshot", "average", "quarter", "other"]
Scope = Literal["own", "wider", "unit", "unclear"]
Origin = Literal["model", "rule", "llm", "human"]
Status = Literal["planned", "done"]
Edition = Literal["2021", "2019", "legacy", "none"]
