"""The gold set: what careful readers found in real reports, without the reports' text.

A gold file is a labelled text (`annotations.labelled`) that names its report by file name and SHA-256 and holds
offsets into its text, values and labels only; the reports themselves are not ours to publish. Any file of labelled
texts, and the corpus, serve as gold as well.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson
from pydantic import ValidationError

from ..annotations.corpus import CorpusError, read_corpus_file
from ..annotations.labelled import LabelledFileError, LabelledText, read_labelled

GOLD_FOLDER = Path(__file__).parent / "gold"


class GoldError(Exception):
    """The gold set cannot be read, or does not fit the reports; the message names file and reason."""


def load_gold(path: Path = GOLD_FOLDER) -> list[LabelledText]:
    """Return the gold texts of a folder of gold files (``.json``), or of one file of labelled texts or of the corpus.

    A folder may also hold labelled texts (``.jsonl``) and corpus files (``.txt``).

    Raises `GoldError`.
    """
    files = sorted(p for p in path.iterdir() if p.suffix in _READERS) if path.is_dir() else [path]
    try:
        texts = [text for file in files for text in _READERS.get(file.suffix, read_labelled)(file)]
    except (CorpusError, LabelledFileError) as error:
        raise GoldError(str(error)) from None
    except OSError as error:
        raise GoldError(f"{path}: {error.strerror}") from None
    if not texts:
        raise GoldError(f"{path}: no gold texts there (.json, .jsonl, or corpus files .txt)")
    return texts


def _gold_file(path: Path) -> Iterator[LabelledText]:
    try:
        yield LabelledText.model_validate(orjson.loads(path.read_bytes()) | {"id": path.stem})
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise GoldError(f"{path}: no gold file: {error}") from None


_READERS = {".json": _gold_file, ".jsonl": read_labelled, ".txt": read_corpus_file}


def report_path(gold: LabelledText, reports: Path) -> Path:
    """Return the file of ``gold`` in the folder ``reports``.

    Raises `GoldError` when it is missing or its bytes are not those the gold was made from.
    """
    path = reports / (gold.source or gold.id)
    if not path.is_file():
        raise GoldError(f"{path}: this report of the gold set is missing")
    if hashlib.sha256(path.read_bytes()).hexdigest() != gold.sha256:
        raise GoldError(f"{path}: not the file that the gold set was made from; its offsets would not fit")
    return path
