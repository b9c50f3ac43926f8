"""Trained weights, from a checkpoint of a run or from a model file."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from model import Config, Model
from weights import from_gguf


def load_weights(path: Path) -> tuple[Config, dict[str, Tensor]]:
    """A shape and its weights; a GGUF file is taken to have the default shape."""
    if path.suffix == ".gguf":
        config = Config()
        return config, from_gguf(path, config)
    saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return Config(**saved["config"]), saved["model"]


def load_model(path: Path, positions: int) -> Model:
    """A model for evaluation over up to so many positions, with the weights that f16 can hold."""
    config, state = load_weights(path)
    model = Model(Config(**{**config.__dict__, "positions": positions}))
    halved = {name: w.half().float() if w.dim() == 2 else w for name, w in state.items()}
    model.load_state_dict(halved)
    return model.eval()
