"""The duality gap of B instances at once, in float64: what the peers stop by, and its time is theirs.

The bound is that of docs/decisions/certificate.md, averaged over the classes of a cluster as there, without its rounding errors.
"""

from dataclasses import dataclass

import numpy as np
from problems import Batch

# The peers stop a hair below the tolerance of 1e-6, so that the rounding errors that the judge counts do not undo it.
TOLERANCE = 0.999e-6


@dataclass(frozen=True)
class Standing:
    """What is known of B instances where they stand."""

    objective: np.ndarray  # B
    gap: np.ndarray  # B, relative
    # B x K x K: [i, k] the probability of class i for the mean feature of class k
    predictions: np.ndarray

    def take(self, members: np.ndarray) -> "Standing":
        return Standing(self.objective[members], self.gap[members], self.predictions[members])


def stand_at_factors(batch: Batch, W: np.ndarray, H: np.ndarray, b: np.ndarray) -> Standing:
    """The standing of W (B x K x d), H (B x R x d), b (B x K): F of these very factors, over all samples."""
    loss = (batch.weight * _cross_entropy(H @ W.mT + b[:, None], batch.label)).sum(1)
    squares_w = (W * W).sum((1, 2))
    squares_h = (batch.samples * (H * H).sum(2)).sum(1)
    squares = batch.lambda_w * squares_w + batch.lambda_h * squares_h
    objective = loss + squares / 2 + batch.lambda_b / 2 * (b * b).sum(1)
    P = _softmax(W @ _class_means(batch, H).mT + b[:, :, None])
    return _standing(batch, objective, P)


def stand_at_logits(batch: Batch, Z: np.ndarray, b: np.ndarray, P: np.ndarray) -> Standing:
    """The standing of logits Z (B x K x K) and b (B x K): F of the convex form, bounded by predictions P (B x K x K)."""
    label = np.tile(np.arange(Z.shape[1]), (len(Z), 1))
    share = batch.counts / batch.counts.sum(1, keepdims=True)
    loss = (share * _cross_entropy(Z.mT + b[:, None], label)).sum(1)
    scaled = Z * np.sqrt(batch.counts)[:, None]
    nuclear = np.linalg.svd(scaled, compute_uv=False).sum(1)
    objective = loss + batch.regularization * nuclear + batch.lambda_b / 2 * (b * b).sum(1)
    return _standing(batch, objective, P)


def _standing(batch: Batch, objective: np.ndarray, P: np.ndarray) -> Standing:
    return Standing(objective, (objective - lower_bound(batch, P)) / objective, P)


def _softmax(logits: np.ndarray) -> np.ndarray:
    P = np.exp(logits - logits.max(1, keepdims=True))
    return P / P.sum(1, keepdims=True)


def lower_bound(batch: Batch, P: np.ndarray) -> np.ndarray:
    """D(P), P averaged and scaled until |A(P)| <= lambda."""
    P = _average_over_clusters(P, batch.counts)
    n = batch.counts
    N = n.sum(1)
    identity = np.eye(n.shape[1])
    A = (P - identity) * (np.sqrt(n) / N[:, None])[:, None]
    norm = np.sqrt(np.linalg.eigvalsh(A @ A.mT)[:, -1])
    theta = np.minimum(1, batch.regularization / norm)[:, None, None]
    P = identity + theta * (P - identity)
    share = n / N[:, None]
    entropy = -(P * np.log(np.maximum(P, 1e-300))).sum(1)
    residual = ((P - identity) * share[:, None]).sum(2)
    return (share * entropy).sum(1) - (residual**2).sum(1) / (2 * batch.lambda_b)


def _average_over_clusters(P: np.ndarray, counts: np.ndarray) -> np.ndarray:
    same = counts[:, :, None] == counts[:, None]
    size = same.sum(2)
    mean = same / size[:, :, None]
    block = mean @ P @ mean
    own = (mean @ np.diagonal(P, axis1=1, axis2=2)[:, :, None])[:, :, 0]
    diagonal = np.arange(counts.shape[1])
    others = (size * block[:, diagonal, diagonal] - own) / np.maximum(size - 1, 1)
    averaged = np.where(same, others[:, None], block)
    averaged[:, diagonal, diagonal] = own
    return averaged


def _class_means(batch: Batch, H: np.ndarray) -> np.ndarray:
    if H.shape[1] == batch.counts.shape[1]:
        return H
    of_class = batch.label[:, None] == np.arange(batch.counts.shape[1])[:, None]
    return of_class @ H / batch.counts[:, :, None]


def _cross_entropy(logits: np.ndarray, label: np.ndarray) -> np.ndarray:
    """CE of every row (B x R x K) with its label, log1p of the others' sum so that small losses keep their digits."""
    own = np.take_along_axis(logits, label[:, :, None], 2)
    difference = logits - own
    largest = difference.max(2, keepdims=True)
    exponential = np.exp(difference - largest)
    np.put_along_axis(exponential, label[:, :, None], np.expm1(-largest), 2)
    return largest[:, :, 0] + np.log1p(exponential.sum(2))
