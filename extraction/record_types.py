"""The DuckDB types of a record, from its pydantic schema: a file of records has one schema whatever it holds."""

from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel

from .record import Record, ReportInfo

_SCALARS: dict[Any, str] = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", date: "DATE", bool: "BOOLEAN"}


def columns_of(model: type[BaseModel]) -> dict[str, str]:
    """Return the fields of a model, each with its DuckDB type."""
    return {name: _type(field.annotation) for name, field in model.model_fields.items()}


def record_columns() -> dict[str, str]:
    """Return the top-level fields of a record, each with its DuckDB type; models are structs, mappings are maps."""
    return columns_of(Record)


def report_columns() -> dict[str, str]:
    """Return the flat fields of `ReportInfo`, each with its DuckDB type; the region's three stand in its place."""
    flat: dict[str, str] = {}
    for name, field in ReportInfo.model_fields.items():
        if is_model(field.annotation):
            flat |= columns_of(field.annotation)
        else:
            flat[name] = _type(field.annotation)
    return flat


def is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:  # noqa: ANN401
    """Whether a field's type is itself a model, a struct in the database."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _type(annotation: Any) -> str:  # noqa: ANN401
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return "VARCHAR"
    if origin in (Union, UnionType):
        kinds = set(arguments) - {NoneType}
        return "DOUBLE" if kinds == {int, float} else _type(kinds.pop())
    if origin is list:
        return f"{_type(arguments[0])}[]"
    if origin is dict:
        return f"MAP(VARCHAR, {_type(arguments[1])})"
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    fields = ", ".join(f'"{name}" {kind}' for name, kind in columns_of(annotation).items())
    return f"STRUCT({fields})"
