"""The command line: one file a command."""

import sys

import typer

from .annotate import app as annotate
from .check import check
from .evaluate import evaluate_run
from .extract import extract
from .panel import make_panel
from .show import show
from .train import train_reader

app = typer.Typer(
    name="gongkai",
    help="Chinese government information disclosure annual reports, one structured record each.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(extract)
app.command()(show)
app.command()(check)
app.command(name="panel")(make_panel)
app.command(name="eval")(evaluate_run)
app.command(name="train")(train_reader)
app.add_typer(annotate, name="annotate")


@app.callback()
def _top() -> None:  # pyright: ignore[reportUnusedFunction]  # typer shows the app's help only with a callback
    pass


def main() -> None:
    """Run the command line; Chinese goes out as UTF-8 whatever the console's code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("gongkai"):
            raise
        typer.echo(
            f"gongkai: this needs {error.name}; install it with: pip install 'gongkai[annotate,eval,panel]'",
            err=True,
        )
        sys.exit(2)
