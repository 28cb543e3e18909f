"""How far a batch has come: a bar with rate, failures and time left, or a line a minute where nobody looks on."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

_LINE_EVERY = 60.0
"""Seconds."""


class _RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        """The documents a second of the last half minute."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


@contextmanager
def batch_progress(console: Console) -> Generator[Callable[[int, int, int], None]]:
    """Give a function to be told how many documents are read, how many there are, and how many went wrong.

    On a terminal it draws a bar that goes when the block ends; elsewhere it prints a line a minute.
    """
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TextColumn("{task.fields[troubled]} not ok", style="red"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        bar = None

        def tell(done: int, total: int, troubled: int) -> None:
            nonlocal bar
            if bar is None:  # what an earlier run read does not count for the rate
                bar = progress.add_task("", total=total, completed=done, troubled=troubled)
            progress.update(bar, completed=done, troubled=troubled)

        yield tell


def _lines(console: Console) -> Callable[[int, int, int], None]:
    began = last = time.monotonic()
    first: int | None = None

    def tell(done: int, total: int, troubled: int) -> None:
        nonlocal last, first
        now = time.monotonic()
        first = done if first is None else first
        if now - last < _LINE_EVERY or done == first:
            return
        last = now
        rate = (done - first) / (now - began)
        left = timedelta(seconds=round((total - done) / rate))
        console.print(
            f"{done} of {total} read, {troubled} not ok, {rate:.1f} a second, {left} left",
            markup=False,
            soft_wrap=True,
        )

    return tell
