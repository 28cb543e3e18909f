"""Records for the tests of the panel: the example reports as the rules read them, changed where a test needs it."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from gongkai import Record, extract
from gongkai.extraction.components import RULES
from gongkai.extraction.record import SCHEMA_VERSION, Statistic
from hypothesis import strategies as st

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


@cache
def examples() -> tuple[Record, ...]:
    """The records of the example reports."""
    return tuple(extract(path, RULES) for path in sorted(EXAMPLES.glob("*.txt")))


def report(
    agency: str | None,
    year: int | None,
    *,
    region: tuple[str | None, str | None, str | None] = (None, None, None),
    cells: Mapping[str, int | None] = {},
    copy: int = 0,
    **changes: Any,
) -> Record:
    """The first example as another agency's report on another year; ``cells`` replaces its figures, None for a blank."""
    record = examples()[0]
    told = dict(zip(("province", "city", "county"), region, strict=True))
    digest = sha256(repr((agency, year, region, copy)).encode()).hexdigest()
    info = record.report.model_copy(
        update={
            "agency": agency,
            "year": year,
            "region": type(record.report.region)(**told),
            "source": f"{agency}-{year}-{copy}.txt",
            "sha256": digest,
        }
    )
    statistics = record.statistics | {cell: _statistic(value) for cell, value in cells.items()}
    return record.model_copy(update={"report": info, "statistics": statistics} | changes)


def _statistic(value: int | None) -> Statistic:
    blank = value is None
    return Statistic(value=value, printed="" if blank else str(value), status="blank" if blank else "read")


def lines(*records: Record) -> list[str]:
    """The records as lines of JSON."""
    return [record.model_dump_json() for record in records]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(
    ["", "'", '"', "\x00", "是\n否", "NULL", "𠮷"]
)
_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(0, 10**12),
    float: st.floats(-1e12, 1e12, allow_nan=False),
    date: st.dates(date(2000, 1, 1), date(2030, 1, 1)),
}


def anything(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type, as wild as the record allows."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of(*(st.none() if kind is NoneType else anything(kind) for kind in arguments))
    if origin is list:
        return st.lists(anything(arguments[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(TEXTS, anything(arguments[1]), max_size=3)
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    fields = {
        # The only bounds that the record knows are those of a confidence.
        name: st.floats(0, 1) if field.metadata else anything(field.annotation)
        for name, field in annotation.model_fields.items()
    }
    return st.builds(annotation, **fields)


def any_record() -> st.SearchStrategy[Record]:
    """Any record of this version."""
    return anything(Record).map(lambda record: record.model_copy(update={"schema_version": SCHEMA_VERSION}))
