# pyright: basic
"""Trained weights as files that anyone can load: the encoder in ONNX with 8-bit weights, the heads in safetensors."""

from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file
from torch import Tensor, nn

from ..models.decoding import Decoding
from ..models.files import DESCRIPTION, ENCODER, HEADS, THEMES, ReaderFile, digests_of
from ..models.labels import Labels
from ..models.network import Network
from ..models.theme_model import ThemeModel, tensors_of
from ..models.vocabulary import Vocabulary

_torch: Any = torch


def export(
    network: Network,
    labels: Labels,
    vocabulary: Vocabulary,
    decoding: Decoding,
    folder: Path,
    *,
    themes: ThemeModel,
    words: bool,
    about: dict[str, Any],
) -> None:
    """Write the reader into ``folder``; ``about`` is kept beside it (settings, base, scores).

    The weights of the encoder's matrices have 8 bits, those of its embeddings too; the heads keep 16.
    """
    folder.mkdir(parents=True, exist_ok=True)
    exact = folder / "encoder.fp32.onnx"
    export_encoder(network.encoder, exact)
    quantize_dynamic(
        str(exact),
        str(folder / ENCODER),
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm", "Gather", "LSTM"],
    )
    exact.unlink()
    weights = {
        name: tensor.detach().half().contiguous()
        for name, tensor in network.state_dict().items()
        if not name.startswith("encoder.")
    }
    save_file(weights, folder / HEADS)
    save_arrays(tensors_of(themes), folder / THEMES)
    for name in (HEADS, THEMES):
        (folder / name).chmod(0o644)
    described = ReaderFile(
        labels=labels,
        vocabulary=vocabulary,
        decoding=decoding,
        words=words,
        about=about,
        digests=digests_of(folder),
    )
    (folder / DESCRIPTION).write_text(described.model_dump_json(indent=1), "utf-8")


def export_encoder(encoder: nn.Module, path: Path) -> None:
    """Write an encoder as ONNX with 32-bit weights; it takes windows without padding, their number and length are free."""
    encoder.eval()
    ids, boundaries = (_torch.ones((2, 17), dtype=torch.long) for _ in range(2))
    axes = {name: {0: "windows", 1: "length"} for name in ("ids", "boundaries", "states")}
    named: dict[str, Any] = {
        "input_names": ["ids", "boundaries"],
        "output_names": ["states"],
        "dynamic_axes": axes,
        "verbose": False,
    }
    # What the newer exporter writes of attention runs a third slower.
    torch.onnx.export(_Unpadded(encoder.cpu()), (ids, boundaries), str(path), dynamo=False, **named)
    encoder.eval()  # the exporter turns dropout on again


class _Unpadded(nn.Module):
    """An encoder of windows that are all of one length."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, ids: Tensor, boundaries: Tensor) -> Tensor:
        return self.encoder(ids, None, boundaries)
