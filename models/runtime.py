"""The shipped reader, run by ONNX Runtime on the CPU."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .files import ENCODER, HEADS, THEMES, load_files
from .reader import Ints, Reader
from .theme_model import theme_model_of
from .windows import Array

SHIPPED = Path(__file__).parent / "shipped"
"""The folder of the reader that comes with the package."""


@cache
def load_reader(folder: Path = SHIPPED) -> Reader:
    """Return the reader in ``folder``, loaded once.

    The encoder takes one thread; several reports may be read at a time.

    Raises `WeightsError` where a file is missing or damaged.
    """
    # Both take a while to import, and many uses of the package never read a narrative.
    import onnxruntime  # noqa: PLC0415
    from safetensors.numpy import load  # noqa: PLC0415

    description, weights = load_files(folder)
    runtime: Any = onnxruntime
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = runtime.InferenceSession(weights[ENCODER], options, providers=["CPUExecutionProvider"])

    inputs = {each.name for each in session.get_inputs()}

    def encode(ids: Ints, boundaries: Ints) -> Array:
        given = {"ids": ids[None], "boundaries": boundaries[None]}
        return session.run(None, {name: given[name] for name in inputs})[0][0]

    return Reader(
        description.labels,
        description.vocabulary,
        {name: tensor.astype(np.float32) for name, tensor in load(weights[HEADS]).items()},
        encode,
        description.decoding,
        description.words,
        theme_model_of(load(weights[THEMES])),
    )
