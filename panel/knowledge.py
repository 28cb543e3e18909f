"""What `panel.yaml` and the SQL files hold, read once."""

from functools import cache
from pathlib import Path
from typing import Any

from ..annotations.knowledge import read_knowledge


@cache
def panel_knowledge() -> dict[str, Any]:
    """Return `panel.yaml`."""
    return read_knowledge(__file__, "panel.yaml")


@cache
def statements_of(name: str) -> tuple[str, ...]:
    """Return the statements of an SQL file beside this module, in order."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    return tuple(statement for statement in text.split(";\n") if statement.strip())
