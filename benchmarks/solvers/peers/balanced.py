"""The variables in which first-order schemes converge: W and H of equal weight and scale, the bias of the curvature of the rest.

    F / lambda = sum_r weight_r CE(scale_r V g_r + bias_scale beta, e_label(r)) + |V|^2/2 + |G|^2/2 + penalty/2 |beta|^2

They are those of the tensor solver (docs/decisions/first-order-scheme.md); the peers get them as a gift.
"""

from typing import NamedTuple

import numpy as np
from problems import Batch, Task


class Coefficients(NamedTuple):
    """What the objectives of B instances need besides their variables."""

    scale: np.ndarray  # B x R
    weight: np.ndarray  # B x R: the weight of a row's loss, divided by lambda
    bias_scale: np.ndarray  # B
    penalty: np.ndarray  # B


def coefficients_of(batch: Batch) -> Coefficients:
    bias_scale = _bias_scale(batch)
    return Coefficients(
        scale=1 / np.sqrt(batch.samples),
        weight=batch.weight / batch.regularization[:, None],
        bias_scale=bias_scale,
        penalty=batch.lambda_b * bias_scale**2 / batch.regularization,
    )


def balance(task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """V (B x K x d), G (B x R x d) and beta (B x K) at the start."""
    batch = task.batch
    V = task.W / _scale_of_w(batch)
    G = task.H * _scale_of_w(batch) * np.sqrt(batch.samples)[:, :, None]
    return V, G, np.zeros(batch.counts.shape)


def unbalance(batch: Batch, V, G, beta) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W, H and b."""
    W = V * _scale_of_w(batch)
    H = G / _scale_of_w(batch) / np.sqrt(batch.samples)[:, :, None]
    return W, H, beta * _bias_scale(batch)[:, None]


def _bias_scale(batch: Batch) -> np.ndarray:
    return np.sqrt(batch.regularization / (batch.lambda_b + 1 / batch.counts.shape[1]))


def _scale_of_w(batch: Batch) -> np.ndarray:
    return ((batch.lambda_h / batch.lambda_w) ** 0.25)[:, None, None]
