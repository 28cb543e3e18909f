"""The recogniser: PP-OCR's detector and line reader, from the files inside the package rapidocr, run on the CPU.

Lines are read by the network's own file through ONNX Runtime, because rapidocr tells the certainty of a line but not
that of each character.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from ..errors import UnreadableFileError
from .image import Grey

LINE_HEIGHT = 48
"""Pixels; the height the line reader was trained with."""

_DETECTOR = "PP-OCRv6_det_small.onnx"
_READER = "PP-OCRv6_rec_small.onnx"
_STRIDE = 8
"""Pixels for each step of the line reader."""
_LONGEST_LINE = 3200
_FIGURES = frozenset("0123456789.,-%+/ ")
_DRAWN_ALIKE = {
    letter: figure
    for figure, letters in {
        "0": "OoDQ〇○口囗",
        "1": "Il|i!丨",
        "2": "Zz",
        "5": "Ss",
        "6": "b",
        "8": "B",
        "9": "gq",
    }.items()
    for letter in letters
}
_MAYBE_FIGURES = _FIGURES | _DRAWN_ALIKE.keys() | frozenset("GUCcJtTn")
"""Signs that a cell of figures may be misread as."""
_INSTALL = 'install gongkai with its extra for scans: pip install "gongkai[scan]"'


class Sign(NamedTuple):
    """A character as recognised: the certainty of the recogniser, and its place in the line from 0 to 1."""

    text: str
    certainty: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Recogniser:
    """``detect`` finds lines of text, ``read`` reads one."""

    detect: Callable[[Grey], NDArray[np.float32]]
    """Takes a page; returns ``[lines, 4]``: left, top, right and bottom of each in pixels."""
    scores: Callable[[Grey], NDArray[np.float32]]
    """Takes a line of `LINE_HEIGHT`; returns ``[steps, characters]``: the probability of each, 0 being none."""
    characters: tuple[str, ...]
    figure_places: Mapping[str, int]
    """Where among the characters the figures are, and the letters drawn alike."""

    def read(self, line: Grey, *, figures: bool = False) -> list[Sign]:
        """Return the characters of the image of one line of text.

        With ``figures`` a line of nothing but figures and letters that look like them is read as figures.
        """
        scaled, spare = _at_line_height(line)
        scores = self.scores(scaled)
        signs = self._signs(scores, scaled.shape[1], spare)
        if not figures or not _MAYBE_FIGURES.issuperset("".join(sign.text for sign in signs)):
            return signs
        return self._signs(self._as_figures(scores), scaled.shape[1], spare)

    def _as_figures(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """The scores of figures alone, those of letters drawn alike added."""
        place = self.figure_places
        told = np.zeros_like(scores)
        for sign in ("", *_FIGURES):
            told[:, place[sign]] = scores[:, place[sign]]
        for letter, figure in _DRAWN_ALIKE.items():
            if letter in place:
                told[:, place[figure]] += scores[:, place[letter]]
        return told

    def _signs(self, scores: NDArray[np.float32], width: int, spare: int) -> list[Sign]:
        """The characters told by the scores of a line ``width`` pixels wide, ``spare`` of them paper on each side."""
        best: list[int] = scores.argmax(axis=1).tolist()
        middles: list[float] = []
        told: list[tuple[str, float]] = []
        start = 0
        for character, run in groupby(best):
            stop = start + sum(1 for _ in run)
            if character:
                middles.append((start + stop) / 2 * _STRIDE)
                told.append((self.characters[character], float(scores[start:stop, character].max())))
            start = stop
        edges = [
            middles[0] - 2 * _STRIDE if middles else 0.0,
            *((a + b) / 2 for a, b in pairwise(middles)),
            middles[-1] + 2 * _STRIDE if middles else 0.0,
        ]
        places = [min(max((edge - spare) / (width - 2 * spare), 0.0), 1.0) for edge in edges]
        return [
            Sign(text, certainty, left, right)
            for (text, certainty), (left, right) in zip(told, pairwise(places), strict=False)
        ]


@cache
def recogniser() -> Recogniser:
    """Return the recogniser, loaded once and tried on a small image.

    Raises `UnreadableFileError` where rapidocr is missing, lacks the files of its networks, or does not run.
    """
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise UnreadableFileError(f"this is a scan, and the recogniser for scans is missing; {_INSTALL}")
    folder = Path(spec.origin).parent / "models"
    missing = [name for name in (_DETECTOR, _READER) if not (folder / name).is_file()]
    if missing:
        raise UnreadableFileError(
            f"the installed rapidocr has no {' and no '.join(missing)} (another version than gongkai knows); {_INSTALL}"
        )
    try:
        made = _load(folder / _DETECTOR, folder / _READER)
        made.detect(np.full((64, 320), 255, np.uint8))
        made.read(np.full((LINE_HEIGHT, 96), 255, np.uint8))
    except Exception as error:  # whatever the libraries raise: nothing can be read then
        raise UnreadableFileError(f"the recogniser for scans does not run ({error}); {_INSTALL}") from error
    return made


def _load(detector: Path, reader: Path) -> Recogniser:
    # Named files keep rapidocr from fetching others.
    engine: Callable[..., Any] = import_module("rapidocr").RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(detector),
        }
    )

    def detect(page: Grey) -> NDArray[np.float32]:
        found = engine(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=False)
        if found.boxes is None or not len(found.boxes):
            return np.zeros((0, 4), np.float32)
        corners = np.asarray(found.boxes, np.float32)
        return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1)

    runtime: Any = import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    session = runtime.InferenceSession(str(reader), options, providers=["CPUExecutionProvider"])
    name: str = session.get_inputs()[0].name
    characters: list[str] = session.get_modelmeta().custom_metadata_map["character"].splitlines()

    def scores(line: Grey) -> NDArray[np.float32]:
        scaled = line.astype(np.float32) / 127.5 - 1
        return session.run(None, {name: np.repeat(scaled[None, None], 3, axis=1)})[0][0]

    told = ("", *characters, " ")
    places = {sign: i for i, sign in enumerate(told) if not sign or sign in _FIGURES or sign in _DRAWN_ALIKE}
    return Recogniser(detect, scores, told, places)


def _at_line_height(line: Grey) -> tuple[Grey, int]:
    """The line scaled to the reader's height, at least as wide as high, and how much paper was added on each side."""
    rows, columns = line.shape
    width = min(max(1, round(columns * LINE_HEIGHT / rows)), _LONGEST_LINE)
    scaled = np.asarray(cv2.resize(line, (width, LINE_HEIGHT)), np.uint8)
    spare = max(0, LINE_HEIGHT - width + 1) // 2
    return np.pad(scaled, ((0, 0), (spare, spare)), constant_values=255), spare
