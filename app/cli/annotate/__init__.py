"""``gongkai annotate``: labelled texts out to annotation tools, back in, and looked after."""

import typer

from .agreement import agreement
from .check import check
from .export import export
from .import_ import import_
from .sample import sample

app = typer.Typer(
    help="Labelled texts: to and from annotation tools, agreement, what to label next, what is wrong.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command()(agreement)
app.command()(check)
app.command()(export)
app.command(name="import")(import_)
app.command()(sample)


@app.callback()
def _top() -> None:  # pyright: ignore[reportUnusedFunction]  # typer shows the app's help only with a callback
    pass
