"""What the annotation commands take: records, labelled texts, and corpus files."""

from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import ValidationError

from ....annotations.corpus import CorpusError, read_corpus_file
from ....annotations.labelled import LabelledFileError, LabelledText, read_labelled
from ....extraction.labelling import labelled_record, reread
from ....extraction.readers import UnreadableFileError
from ....extraction.record import Record


def labelled_of(paths: list[Path]) -> Iterator[LabelledText]:
    """Yield the labelled texts behind ``paths``.

    A ``.jsonl`` file holds records or labelled texts; records are put on the text of their files, which are read
    again, and records of files that could not be read are passed over with a word on standard error. A ``.txt`` file
    is a corpus file in inline markup. A folder stands for the files of both kinds in it. What cannot be read ends the
    command with a message.
    """
    for path in labelled_files(paths):
        try:
            if path.suffix == ".txt":
                yield from read_corpus_file(path)
            elif _holds_records(path):
                yield from _on_their_texts(path)
            else:
                yield from read_labelled(path)
        except (CorpusError, LabelledFileError) as error:
            raise typer.BadParameter(str(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(f"{path}: {getattr(error, 'strerror', error)}") from None


def labelled_files(paths: list[Path]) -> list[Path]:
    """Return the files behind ``paths``; a folder stands for the ``.jsonl`` and ``.txt`` files in it, by name."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.iterdir() if p.suffix in (".txt", ".jsonl"))
        else:
            files.append(path)
    return files


def _holds_records(path: Path) -> bool:
    with path.open("rb") as lines:
        return b'"schema_version"' in lines.readline()


def _on_their_texts(path: Path) -> Iterator[LabelledText]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = Record.model_validate_json(line)
            except ValidationError as error:
                raise typer.BadParameter(
                    f"{path}, line {number}: not a record of this version of gongkai "
                    f"({error.errors()[0]['msg']}); extract it again"
                ) from None
            if record.status == "failed":
                typer.echo(f"passed over: {record.report.source}: {record.errors[0].message}", err=True)
                continue
            try:
                yield labelled_record(record, reread(record))
            except UnreadableFileError as error:
                raise typer.BadParameter(f"{record.report.source}: {error}") from None
