"""PyTorch: Adam on W, H and b through autograd, one instance after the other or all in one batch."""

from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from balanced import balance, coefficients_of, unbalance
from certificate import TOLERANCE, Standing, stand_at_factors
from problems import Batch, Task

torch.set_num_threads(1)

STRIDE = 25
MOST_STEPS = 3000
# Chosen by trial on these workloads: a constant rate never reaches 1e-6, and PyTorch's default for beta_2 takes longer.
RATE, DECAY, BETAS = 0.2, 50, (0.9, 0.99)


class Adam:
    def __init__(self, batching: str, precision: str):
        self._batched = batching == "batched"
        self._type = getattr(torch, precision)

    def prepare(self, tasks: list[Task]) -> None:
        self.solve([task.take(np.arange(1)) for task in tasks])

    def solve(self, tasks: list[Task]) -> list[tuple[np.ndarray, Standing]]:
        if not self._batched:
            tasks = [single for task in tasks for single in task.singles()]
        return [part for task in tasks for part in self._descend(task)]

    def _descend(self, task: Task) -> list[tuple[np.ndarray, Standing]]:
        run = _Run(task, self._type)
        ended = []
        for step in range(1, MOST_STEPS + 1):
            run.step()
            if step % STRIDE > 0:
                continue
            standing = run.stand()
            over = standing.gap <= TOLERANCE
            if step == MOST_STEPS:
                over[:] = True
            ended.append((run.batch.places[over], standing.take(over)))
            if over.all():
                break
            if over.any():
                run.keep(np.flatnonzero(~over))
        return ended


def _cross_entropy(logits: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
    """As log1p of the others' sum: PyTorch's own gradient p - 1 has no digits left in float32 where the loss is small."""
    difference = logits - logits.gather(1, label[:, None])
    largest = difference.detach().amax(1)
    others = torch.exp(difference - largest[:, None]).scatter(1, label[:, None], 0.0).sum(1)
    return largest + torch.log1p(others + torch.expm1(-largest))


class _Run:
    """A batch under way, in the balanced variables (`balanced.py`): in W, H and b themselves a third never reaches 1e-6."""

    def __init__(self, task: Task, dtype: torch.dtype):
        self._type = dtype
        self._parameters = [
            torch.tensor(part, dtype=dtype, requires_grad=True) for part in balance(task)
        ]
        self._optimizer = torch.optim.Adam(self._parameters, lr=RATE, betas=BETAS)
        self._rates = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: 1 / (1 + step / DECAY)
        )
        single = dtype == torch.float32
        self._cross_entropy = (
            _cross_entropy if single else partial(F.cross_entropy, reduction="none")
        )
        self._load(task.batch)

    def _load(self, batch: Batch) -> None:
        self.batch = batch
        coefficients = coefficients_of(batch)
        self._label = torch.tensor(batch.label).flatten()
        self._weight, self._scale, self._bias_scale, self._penalty = (
            torch.tensor(part, dtype=self._type)
            for part in (
                coefficients.weight,
                coefficients.scale[:, :, None],
                coefficients.bias_scale[:, None, None],
                coefficients.penalty,
            )
        )

    def step(self) -> None:
        V, G, beta = self._parameters
        logits = torch.baddbmm(self._bias_scale * beta[:, None], self._scale * G, V.mT)
        losses = self._cross_entropy(logits.flatten(0, 1), self._label)
        squares = V.square().sum() + G.square().sum() + (self._penalty * beta.square().sum(1)).sum()
        total = (self._weight.flatten() * losses).sum() + squares / 2
        self._optimizer.zero_grad()
        total.backward()
        self._optimizer.step()
        self._rates.step()

    def stand(self) -> Standing:
        parameters = (part.detach().double().numpy() for part in self._parameters)
        return stand_at_factors(self.batch, *unbalance(self.batch, *parameters))

    def keep(self, members: np.ndarray) -> None:
        """Goes on without the others; Adam's moments of those that stay are kept."""
        index = torch.tensor(members)
        for parameter in self._parameters:
            parameter.data = parameter.data[index]
            moments = self._optimizer.state[parameter]
            for name in ("exp_avg", "exp_avg_sq"):
                moments[name] = moments[name][index]
        self._load(self.batch.take(members))
