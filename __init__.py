"""gongkai: Chinese government information disclosure annual reports, one structured record each.

>>> from gongkai import extract
>>> record = extract("report.txt")
>>> record.statistics["applications.new.total"].value  # doctest: +SKIP
1284
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .extraction.pipeline import extract
    from .extraction.record import Record

__all__ = ["Record", "extract"]
_HOMES = {"extract": ".extraction.pipeline", "Record": ".extraction.record"}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load what is asked for when it is asked for, so that importing gongkai stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(_HOMES[name], __name__), name)
