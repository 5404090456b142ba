"""Workloads as the peers see them: instances of equal shape in arrays, from the file that the benchmark writes.

B instances, K classes, d features, R rows of features (one a class, or one a sample). With h_r the feature of row r:

    F = sum_r weight_r CE(W h_r + b, e_label(r)) + lambda_w/2 |W|^2 + lambda_h/2 sum_r samples_r |h_r|^2 + lambda_b/2 |b|^2
"""

import json
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Batch:
    places: np.ndarray  # B: where the instances stand in the workload
    counts: np.ndarray  # B x K: samples of each class
    lambda_w: np.ndarray  # B
    lambda_h: np.ndarray  # B
    lambda_b: np.ndarray  # B, > 0
    label: np.ndarray  # B x R: the class of each row
    samples: np.ndarray  # B x R: samples that a row stands for
    weight: np.ndarray  # B x R: samples_r / N

    @property
    def regularization(self) -> np.ndarray:
        """lambda = sqrt(lambda_w lambda_h), the weight of the nuclear norm in the convex form."""
        return np.sqrt(self.lambda_w * self.lambda_h)

    def take(self, members: np.ndarray) -> "Batch":
        return Batch(*(getattr(self, name)[members] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Task:
    """A batch and where to start from: the random starts of the tensor solver."""

    batch: Batch
    W: np.ndarray  # B x K x d
    H: np.ndarray  # B x R x d

    def take(self, members: np.ndarray) -> "Task":
        return Task(self.batch.take(members), self.W[members], self.H[members])

    def singles(self) -> "list[Task]":
        return [self.take(np.array([i])) for i in range(len(self.W))]


def load(path: str, count: int) -> list[Task]:
    """The first `count` instances, grouped by shape."""
    with open(path, encoding="utf-8") as file:
        workload = json.load(file)
    starts = np.fromfile(workload["starts"])
    groups: dict[int, list[tuple]] = {}
    for place, instance in enumerate(workload["instances"][:count]):
        groups.setdefault(instance["rows"], []).append((place, instance))
    return [_task(members, starts) for members in groups.values()]


def _task(members: list[tuple], starts: np.ndarray) -> Task:
    def column(name: str) -> np.ndarray:
        return np.array([instance[name] for _, instance in members], dtype=float)

    rows, features = members[0][1]["rows"], members[0][1]["features"]
    counts = column("counts")
    classes = counts.shape[1]
    if rows == classes:
        samples = counts
        label = np.tile(np.arange(classes), (len(members), 1))
    else:
        samples = np.ones((len(members), rows))
        label = np.array([np.repeat(np.arange(classes), count.astype(int)) for count in counts])
    length = (classes + rows) * features
    vectors = np.array([starts[i["start"] : i["start"] + length] for _, i in members])
    batch = Batch(
        places=np.array([place for place, _ in members]),
        counts=counts,
        lambda_w=column("lambda_w"),
        lambda_h=column("lambda_h"),
        lambda_b=column("lambda_b"),
        label=label,
        samples=samples,
        weight=samples / counts.sum(1, keepdims=True),
    )
    W = vectors[:, : classes * features].reshape(-1, classes, features)
    H = vectors[:, classes * features :].reshape(-1, rows, features)
    return Task(batch, W, H)
