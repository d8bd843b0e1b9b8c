"""Training: CTC over the batches, the learning rate falling over a given time, a checkpoint every two minutes."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import torch

from audio_models.training.batches import Batch
from audio_models.training.network import STRIDE, Network

CHECKPOINT_SECONDS = 120
REPORT_STEPS = 100
WARM_UP_STEPS = 60


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how boldly to learn."""

    seconds: float
    rate: float = 2e-3
    """The highest learning rate; it falls along a cosine over `seconds`."""


def fit(
    network: Network,
    batches: Iterable[Batch],
    schedule: Schedule,
    checkpoint: Path,
    report: Callable[[str], None],
) -> None:
    """Train until the time is over. A checkpoint that is there goes on from where it stopped.

    One thread and bfloat16 products: on processors that have them this is the fastest, and it leaves cores to others.
    """
    torch.set_num_threads(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network.to(device).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=schedule.rate, weight_decay=0.01)
    ctc = torch.nn.CTCLoss(zero_infinity=True)
    spent, step = 0.0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        spent, step = saved["spent"], saved["step"]
    last, saved_at, losses = time.monotonic(), spent, 0.0
    for batch in batches:
        if spent >= schedule.seconds:
            break
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / WARM_UP_STEPS)
            group["lr"] = warm * schedule.rate * (0.01 + 0.495 * (1 + math.cos(math.pi * spent / schedule.seconds)))
        with torch.autocast(device, dtype=torch.bfloat16):
            scores = network(batch.features.to(device))
        steps = (batch.frames + STRIDE - 1) // STRIDE
        loss = ctc(scores.transpose(0, 1), batch.labels.to(device), steps, batch.lengths)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        step += 1
        losses += loss.item()
        now = time.monotonic()
        spent, last = spent + now - last, now
        if step % REPORT_STEPS == 0:
            report(
                f"{spent / 60:5.1f} of {schedule.seconds / 60:.0f} min, step {step}, loss {losses / REPORT_STEPS:.3f}"
            )
            losses = 0.0
        if spent - saved_at > CHECKPOINT_SECONDS:
            saved_at = spent
            _save(checkpoint, network, optimiser, spent, step)
    _save(checkpoint, network, optimiser, spent, step)
    network.to("cpu").eval()


def _save(path: Path, network: Network, optimiser: torch.optim.Optimizer, spent: float, step: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    torch.save(
        {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "spent": spent, "step": step}, unfinished
    )
    unfinished.replace(path)
