# pyright: basic
# ruff: noqa: ANN401  # transformers says little of its types
"""``gongkai train``: a reader of one's own."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from ...annotations.corpus import CORPUS_FOLDER, CorpusError

_LOG_LINES = 20
"""How often a run tells of itself where no bar can be seen."""


def train_reader(
    changes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=VALUE]...", help="Settings other than those of training/defaults.yaml."
        ),
    ] = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="The run's folder.")],
    base: Annotated[
        str | None,
        typer.Option(help="The encoder to start from: a folder, or a model of Hugging Face's hub."),
    ] = None,
    corpus: Annotated[Path, typer.Option(help="The corpus: a folder of corpus files.")] = CORPUS_FOLDER,
    resume: Annotated[bool, typer.Option(help="Go on with a run that was cut short.")] = False,
) -> None:
    """Train a reader on the corpus's train part; its files lie in OUTPUT/reader, for `gongkai eval OUTPUT/reader`.

    Example: gongkai train --base ../shared/models/zh-e5-small-char -o run optimiser.epochs=3 network.layers=4

    After each pass the scores on the dev part (agencies never learned from) are printed; the best pass is kept.

    Exit status: 0, or 2 when a setting, the base or the corpus cannot be used.
    """
    # Heavy, and an extra.
    from ...training.run import is_first_process, train  # noqa: PLC0415
    from ...training.settings import SettingsError, settings  # noqa: PLC0415

    console = Console()
    try:
        chosen = settings(changes or [], base)
        trained = train(
            chosen,
            output,
            corpus=corpus,
            resume=resume,
            callbacks=[_display(console)] if is_first_process() else [],
        )
    except (SettingsError, CorpusError) as error:
        typer.echo(f"gongkai train: {error}", err=True)
        raise typer.Exit(2) from None
    facts = trained.score.facts
    console.print(
        f"facts on the dev part: F1 {facts.f1:.3f}, precision {facts.precision:.3f}, recall {facts.recall:.3f}"
    )
    console.print(f"the reader lies in {output / 'reader'}")


def _display(console: Console) -> Any:
    """A progress bar over all steps (in a log, a line now and then), and a line of scores after each pass."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from transformers import TrainerCallback  # noqa: PLC0415

    class Display(TrainerCallback):
        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            columns = (TextColumn("steps"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=console)
            self.task = self.bar.add_task("steps", total=state.max_steps, completed=state.global_step)
            self.bar.start()

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar.update(self.task, completed=state.global_step)
            if not console.is_terminal and state.global_step % -(-state.max_steps // _LOG_LINES) == 0:
                console.print(f"steps {state.global_step}/{state.max_steps}")

        def on_evaluate(
            self, args: Any, state: Any, control: Any, metrics: dict[str, float], **_: Any
        ) -> None:
            scores = "  ".join(f"{name.removeprefix('eval_')} {value:.3f}" for name, value in metrics.items())
            console.print(f"pass {state.epoch:.0f}: {scores}")

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.bar.stop()

    return Display()
