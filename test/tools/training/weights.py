"""The model's weights under llama.cpp's names, and back."""

from pathlib import Path

import torch
from gguf import GGUFReader
from torch import Tensor

from model import Config

_LAYER_NAMES = {
    "attention_norm": "attn_norm",
    "q": "attn_q",
    "k": "attn_k",
    "v": "attn_v",
    "output": "attn_output",
    "feed_forward_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def gguf_names(config: Config) -> dict[str, str]:
    """Our names of the weights to llama.cpp's."""
    names = {"embedding.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}
    for layer in range(config.layers):
        for ours, theirs in _LAYER_NAMES.items():
            names[f"blocks.{layer}.{ours}.weight"] = f"blk.{layer}.{theirs}.weight"
    return names


def to_gguf(state: dict[str, Tensor], config: Config) -> dict[str, Tensor]:
    """Weights as llama.cpp's graph for `llama` wants them: neighbours rotate together."""
    result = {}
    for ours, theirs in gguf_names(config).items():
        heads = _rotated_heads(theirs, config)
        weight = state[ours].float().cpu()
        result[theirs] = weight if heads is None else _interleave(weight, heads)
    return result


def from_gguf(path: Path, config: Config) -> dict[str, Tensor]:
    """The weights of an f16 file that `export_gguf.py` wrote."""
    tensors = {tensor.name: tensor for tensor in GGUFReader(path).tensors}
    state = {}
    for ours, theirs in gguf_names(config).items():
        heads = _rotated_heads(theirs, config)
        weight = torch.from_numpy(tensors[theirs].data.copy()).float()
        state[ours] = weight if heads is None else _separate(weight, heads)
    return state


def _rotated_heads(name: str, config: Config) -> int | None:
    if name.endswith("attn_q.weight"):
        return config.heads
    return config.kv_heads if name.endswith("attn_k.weight") else None


def _interleave(weight: Tensor, heads: int) -> Tensor:
    rows = weight.shape[0]
    return weight.reshape(heads, 2, rows // heads // 2, -1).transpose(1, 2).reshape(rows, -1)


def _separate(weight: Tensor, heads: int) -> Tensor:
    rows = weight.shape[0]
    return weight.reshape(heads, rows // heads // 2, 2, -1).transpose(1, 2).reshape(rows, -1)
