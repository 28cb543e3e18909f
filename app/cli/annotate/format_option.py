"""The option that names an exchange format."""

from typing import Annotated

import typer

from ....annotations.formats import FORMATS, Format

FormatOption = Annotated[str, typer.Option("--format", help=f"One of {', '.join(FORMATS)}.")]


def format_called(name: str) -> Format:
    """Return the format of that name. Raises `typer.BadParameter` with the names there are."""
    if name not in FORMATS:
        raise typer.BadParameter(f"'{name}' is none of {', '.join(FORMATS)}", param_hint="--format")
    return FORMATS[name]
