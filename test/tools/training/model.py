"""A Llama in PyTorch, small enough to read."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from vocabulary import VOCABULARY_SIZE


@dataclass(frozen=True)
class Config:
    """The shape of the model."""

    vocabulary: int = VOCABULARY_SIZE
    width: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    head_size: int = 64
    feed_forward: int = 512
    rope_base: float = 100_000.0
    epsilon: float = 1e-5
    positions: int = 4096


class Norm(nn.Module):
    """Root mean square normalisation with a learned scale."""

    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """Normalises the last dimension in f32."""
        wide = x.float()
        scale = torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon)
        return (wide * scale * self.weight).to(x.dtype)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary positions over the two halves of a head; x is [batch, time, heads, head size]."""
    a, b = x.chunk(2, -1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)


def attend(q: Tensor, k: Tensor, v: Tensor, block: int = 256) -> Tensor:
    """Causal grouped-query attention.

    On the CPU it goes through blocks of queries and the keys that they may see: measured about 1.6
    times as fast as `scaled_dot_product_attention` there, forward and backward.
    """
    batch, time, heads, size = q.shape
    if q.is_cuda:
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        out = functional.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
        return out.transpose(1, 2).reshape(batch, time, heads * size)
    groups = k.shape[2]
    per_group = heads // groups
    outputs = []
    for start in range(0, time, block):
        rows = min(block, time - start)
        end = start + rows
        queries = q[:, start:end].reshape(batch, rows, groups, per_group, size)
        queries = queries.permute(0, 2, 3, 1, 4).reshape(batch * groups, per_group * rows, size)
        keys = k[:, :end].permute(0, 2, 3, 1).reshape(batch * groups, size, end)
        values = v[:, :end].permute(0, 2, 1, 3).reshape(batch * groups, end, size)
        scores = torch.bmm(queries * size**-0.5, keys).view(-1, per_group, rows, end).float()
        visible = torch.arange(start, end)[:, None] >= torch.arange(end)[None]
        scores = torch.where(visible, scores, float("-inf"))
        shares = torch.softmax(scores, -1).to(q.dtype).view(-1, per_group * rows, end)
        out = torch.bmm(shares, values).view(batch, groups, per_group, rows, size)
        outputs.append(out.permute(0, 3, 1, 2, 4).reshape(batch, rows, heads * size))
    return torch.cat(outputs, 1) if len(outputs) > 1 else outputs[0]


class Block(nn.Module):
    """One layer."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        c = self.config = config

        def linear(inputs: int, outputs: int) -> nn.Linear:
            return nn.Linear(inputs, outputs, bias=False)

        self.attention_norm = Norm(c.width, c.epsilon)
        self.feed_forward_norm = Norm(c.width, c.epsilon)
        self.q = linear(c.width, c.heads * c.head_size)
        self.k = linear(c.width, c.kv_heads * c.head_size)
        self.v = linear(c.width, c.kv_heads * c.head_size)
        self.output = linear(c.heads * c.head_size, c.width)
        self.gate = linear(c.width, c.feed_forward)
        self.up = linear(c.width, c.feed_forward)
        self.down = linear(c.feed_forward, c.width)

    def project(self, x: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values; the first two are rotated."""
        c = self.config
        h = self.attention_norm(x)
        q = self.q(h).view(*x.shape[:2], c.heads, c.head_size)
        k = self.k(h).view(*x.shape[:2], c.kv_heads, c.head_size)
        v = self.v(h).view(*x.shape[:2], c.kv_heads, c.head_size)
        return rotate(q, cos, sin), rotate(k, cos, sin), v

    def feed_forward(self, x: Tensor) -> Tensor:
        """The second half of the layer, added to its input."""
        h = self.feed_forward_norm(x)
        return x + self.down(functional.silu(self.gate(h)) * self.up(h))

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        """The layer over [batch, time, width]."""
        return self.feed_forward(x + self.output(attend(*self.project(x, cos, sin))))


class Model(nn.Module):
    """Embedding, layers, norm; the output shares the embedding's weights."""

    cos: Tensor
    sin: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        c = self.config = config
        self.embedding = nn.Embedding(c.vocabulary, c.width)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.layers))
        self.norm = Norm(c.width, c.epsilon)
        half = c.head_size // 2
        frequencies = c.rope_base ** (-torch.arange(half).double() / half)
        angles = torch.arange(c.positions).double()[:, None] * frequencies[None]
        self.register_buffer("cos", angles.cos().float(), persistent=False)
        self.register_buffer("sin", angles.sin().float(), persistent=False)
        nn.init.normal_(self.embedding.weight, std=0.02)
        for name, weight in self.named_parameters():
            if weight.dim() == 2 and "embedding" not in name:
                into_residual = name.endswith(("output.weight", "down.weight"))
                gain = 0.5 / math.sqrt(2 * c.layers) if into_residual else 0.5
                nn.init.normal_(weight, std=gain * weight.shape[1] ** -0.5)

    def hidden(self, tokens: Tensor, positions: Tensor) -> Tensor:
        """The normalised output of the last layer."""
        x = self.embedding(tokens)
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.bfloat16)
        cos = self.cos[positions][:, :, None].to(x.dtype)
        sin = self.sin[positions][:, :, None].to(x.dtype)
        for block in self.blocks:
            x = block(x, cos, sin)
        return self.norm(x)

    def forward(
        self, tokens: Tensor, positions: Tensor, targets: Tensor, weights: Tensor
    ) -> Tensor:
        """The weighted mean of the cross entropy."""
        logits = functional.linear(self.hidden(tokens, positions), self.embedding.weight)
        flat = logits.float().view(-1, self.config.vocabulary)
        losses = functional.cross_entropy(flat, targets.reshape(-1), reduction="none")
        return (losses * weights.reshape(-1)).sum() / weights.sum()

    @torch.no_grad()
    def logits(self, tokens: Tensor) -> Tensor:
        """Logits of every position, in f32."""
        positions = torch.arange(tokens.shape[1], device=tokens.device)[None].expand_as(tokens)
        return functional.linear(self.hidden(tokens, positions), self.embedding.weight).float()
