"""Trains the bundled model.

    python train.py --output build/training/run --minutes 52
    python train.py --output build/training/gpu --device cuda --rows-scale 16 --minutes 30

The same command again goes on where the last one stopped. Schedules follow the time that was
spent, so a run ends when it should on a machine of any speed.
"""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from checkpoints import load_weights
from circuits import seed_circuits
from corpus import Corpus
from curriculum import CONTINUING_STAGES, STAGES, Stage, draw_positions, rate_at, stage_at
from exact_match import copy_accuracy, exact_match
from model import Config, Model
from muon import Muon
from samples import Samples
from vocabulary import TOKENIZER_PATH

HELD_OUT_SEED = 10_000_019
CHECKPOINT_SECONDS = 300
# A step that takes longer than this is being compiled, and is not counted against the schedule.
LONGEST_STEP = 20.0


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--corpus", type=Path, default=Path("build/training/corpus.jsonl"))
    parser.add_argument("--minutes", type=float, default=52)
    parser.add_argument("--steps", type=int, default=0, help="so many steps instead of minutes")
    parser.add_argument("--start-from", type=Path, help="a checkpoint or GGUF to go on with")
    parser.add_argument("--config", type=json.loads, default={}, help="changes to the shape, JSON")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rows-scale", type=float, default=1, help="times the rows of a step")
    parser.add_argument("--rate", type=float, default=0.01, help="of Muon")
    parser.add_argument("--adam-rate", type=float, default=2e-3)
    parser.add_argument("--decay-from", type=float, default=0.35)
    parser.add_argument("--jump-share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--evaluate-every", type=int, default=300)
    parser.add_argument("--no-compile", action="store_true")
    return parser.parse_args()


class Run:
    """A training run: the model, its optimisers and how far it got."""

    def __init__(self, options: argparse.Namespace) -> None:
        """Makes a new model, or takes up the checkpoint in the output folder."""
        self.options = options
        torch.manual_seed(options.seed)
        options.output.mkdir(parents=True, exist_ok=True)
        self.checkpoint: Path = options.output / "checkpoint.pt"
        self.config = Config(**options.config)
        self.model = Model(self.config).to(options.device)
        self.stages = STAGES if options.start_from is None else CONTINUING_STAGES
        self.optimisers = self._optimisers()
        self.step, self.spent, self.tokens = 0, 0.0, 0
        if self.checkpoint.exists():
            self._resume()
        elif options.start_from is not None:
            self.model.load_state_dict(load_weights(options.start_from)[1])
        else:
            seed_circuits(self.model, induction_layers=4)
        tokenizer = Tokenizer.from_file(str(TOKENIZER_PATH))
        seed = options.seed * 1000 + self.step
        self.samples = Samples(tokenizer, Corpus(tokenizer, options.corpus), seed)
        held_out = Corpus(tokenizer, options.corpus, held_out=True)
        self.fresh = lambda: Samples(tokenizer, held_out, HELD_OUT_SEED)
        self.rng = np.random.default_rng(options.seed * 77 + self.step)
        self.precision = torch.autocast(options.device, dtype=torch.bfloat16)
        self.forward = (
            self.model if options.no_compile else torch.compile(self.model, dynamic=False)
        )

    def train(self) -> None:
        """Steps until the time, or the number of steps, is up."""
        saved_at, stage, losses = time.time(), None, []
        average: float | None = None
        while (share := self._share()) < 1:
            started_at = time.time()
            if stage is not (stage := stage_at(self.stages, share)):
                print(f"step {self.step}: {stage}", flush=True)
            losses.append(self._step(stage, share))
            seconds = time.time() - started_at
            self.spent += seconds if average is None or seconds < LONGEST_STEP else average
            capped = min(seconds, LONGEST_STEP)
            average = seconds if average is None else 0.9 * average + 0.1 * capped
            if self.step % 50 == 0:
                print(
                    f"step {self.step} loss {np.mean(losses):.4f} tokens {self.tokens / 1e6:.2f} M"
                    f" spent {self.spent / 60:.1f} min",
                    flush=True,
                )
                losses = []
            if self.step % self.options.evaluate_every == 0:
                evaluated_at = time.time()
                self._report(stage)
                self.spent += time.time() - evaluated_at
            if time.time() - saved_at > CHECKPOINT_SECONDS:
                self.save()
                saved_at = time.time()
        self.save()

    def save(self) -> None:
        """Writes the checkpoint; a run that is killed leaves the last one whole."""
        partial = self.checkpoint.with_suffix(".partial")
        state = {
            "model": self.model.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            "step": self.step,
            "spent": self.spent,
            "tokens": self.tokens,
            "config": asdict(self.config),
        }
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def _share(self) -> float:
        options = self.options
        return self.step / options.steps if options.steps else self.spent / 60 / options.minutes

    def _step(self, stage: Stage, share: float) -> float:
        options, length = self.options, stage.length
        rows = max(1, int(stage.rows * options.rows_scale))
        rate = rate_at(self.step, share, options.decay_from)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * rate
        drawn = [
            self.samples.row(length, stage.mix, stage.question_share, stage.code_share)
            for _ in range(rows)
        ]
        far = 2048 if length < 512 else self.config.positions
        jumps = options.jump_share if length < 2048 else 0.2
        positions = torch.from_numpy(draw_positions(self.rng, rows, length, far, jumps))
        tokens = torch.tensor([row.tokens for row in drawn])
        weights = torch.tensor([row.weights for row in drawn])
        inputs = (tokens[:, :-1], positions, tokens[:, 1:], weights[:, 1:])
        with self.precision:
            loss: Tensor = self.forward(*(x.contiguous().to(options.device) for x in inputs))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.model.zero_grad(set_to_none=True)
        self.step += 1
        self.tokens += rows * length
        return loss.item()

    def _report(self, stage: Stage) -> None:
        short = stage.length <= 512
        documents, rows = (48, 8) if short else (16, 2)
        by_kind, overall = exact_match(
            self.model, self.fresh(), stage.length, documents, stage.mix, self.precision, rows
        )
        copied = copy_accuracy(self.model, self.fresh(), stage.length, self.precision)
        print(f"  exact match {overall} {by_kind} copied {copied}", flush=True)

    def _optimisers(self) -> list[torch.optim.Optimizer]:
        """Muon for the matrices, AdamW for the embedding and the norms."""
        named = list(self.model.named_parameters())
        matrices = [p for name, p in named if p.dim() == 2 and "embedding" not in name]
        scales = [p for _, p in named if p.dim() < 2]
        groups = [{"params": [self.model.embedding.weight]}, {"params": scales}]
        rates = {"lr": self.options.adam_rate, "betas": (0.9, 0.98), "weight_decay": 0.0}
        optimisers: list[torch.optim.Optimizer] = [
            Muon(matrices, lr=self.options.rate, decay=0.05),
            torch.optim.AdamW(groups, **rates),
        ]
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["base"] = group["lr"]
        return optimisers

    def _resume(self) -> None:
        saved = torch.load(self.checkpoint, map_location=self.options.device, weights_only=True)
        self.model.load_state_dict(saved["model"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.step, self.spent, self.tokens = saved["step"], saved["spent"], saved["tokens"]


if __name__ == "__main__":
    Run(parse_arguments()).train()
