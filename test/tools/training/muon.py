"""Muon: momentum made orthogonal (Jordan et al. 2024), for the matrices between the embeddings.

The five Newton-Schulz steps use the coefficients of the published speed runs, one set a step, in
bf16; matrices of one shape go through together.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

COEFFICIENTS = (
    (4.0848, -6.8946, 2.9270),
    (3.9505, -6.3029, 2.6377),
    (3.7418, -5.5913, 2.3037),
    (2.8769, -3.1427, 1.2046),
    (2.8366, -3.0525, 1.2012),
)


class Muon(torch.optim.Optimizer):
    """Each step moves a matrix by the nearest orthogonal matrix to its momentum."""

    def __init__(
        self, parameters: Iterable[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.0
    ) -> None:
        """`decay` is decoupled weight decay, in units of the learning rate."""
        super().__init__(list(parameters), {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """One update from the gradients."""
        for group in self.param_groups:
            by_shape: dict[tuple[int, ...], list[Tensor]] = {}
            for parameter in group["params"]:
                by_shape.setdefault(tuple(sorted(parameter.shape)), []).append(parameter)
            for parameters in by_shape.values():
                wide = [self._momentum(p, group["momentum"]) for p in parameters]
                updates = orthogonalise(torch.stack(wide).bfloat16()).float()
                for parameter, update in zip(parameters, updates, strict=True):
                    tall = parameter.shape[0] > parameter.shape[1]
                    stretch = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
                    parameter.mul_(1 - group["lr"] * group["decay"])
                    parameter.add_(update.T if tall else update, alpha=-group["lr"] * stretch)

    def _momentum(self, parameter: Tensor, momentum: float) -> Tensor:
        """Nesterov momentum, turned to have no more rows than columns."""
        assert parameter.grad is not None
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        state["momentum"].lerp_(parameter.grad, 1 - momentum)
        update = parameter.grad.lerp(state["momentum"], momentum)
        return update.T if update.shape[0] > update.shape[1] else update


def orthogonalise(x: Tensor) -> Tensor:
    """Pushes all singular values of a batch of matrices towards one."""
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for a, b, c in COEFFICIENTS:
        gram = x @ x.mT
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return x
