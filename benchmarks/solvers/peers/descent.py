"""JAX: schemes written for one instance, vmapped over the batch and jitted, in the balanced variables (`balanced.py`).

Every STRIDE evaluations the batch is looked at; those within tolerance leave it, and it shrinks to a quarter once no
more than that are left, so that few shapes have to be compiled (before the clock starts).
"""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from balanced import balance, coefficients_of, unbalance
from certificate import TOLERANCE, Standing, stand_at_factors
from problems import Batch, Task
from schemes import SCHEMES

jax.config.update("jax_enable_x64", True)

STRIDE = 10
SHRINK = 4
# Fewer instances hardly cost less than these.
LEAST_BATCH = 32
MOST_EVALUATIONS = {"adam": 3000}
MOST_EVALUATIONS_OTHERWISE = 1000


class Coefficients(NamedTuple):
    """What the objective of an instance needs besides its variables; with a leading axis B in a batch."""

    label: jax.Array  # R x K, one-hot
    scale: jax.Array  # R
    weight: jax.Array  # R
    bias_scale: jax.Array
    penalty: jax.Array


class Descent:
    """One scheme in one precision."""

    def __init__(self, scheme: str, precision: str):
        self._scheme = SCHEMES[scheme]
        self._most_evaluations = MOST_EVALUATIONS.get(scheme, MOST_EVALUATIONS_OTHERWISE)
        self._type = np.dtype(precision)

    def prepare(self, tasks: list[Task]) -> None:
        """Compiles for every size that a batch can shrink to."""
        for task in tasks:
            size = len(task.W)
            while size is not None:
                self._descend(task.take(np.arange(size)), STRIDE)
                size = _shrunk(size)

    def solve(self, tasks: list[Task]) -> list[tuple[np.ndarray, Standing]]:
        return [part for task in tasks for part in self._descend(task, self._most_evaluations)]

    def _descend(self, task: Task, most_evaluations: int) -> list[tuple[np.ndarray, Standing]]:
        shape = (*task.W.shape[1:], task.H.shape[1])
        coefficients = _device_coefficients(task.batch, self._type)
        start = jnp.asarray(_pack(*balance(task)), self._type)
        state = jax.vmap(partial(self._scheme.begin, start.dtype))(start)
        members = np.arange(len(start))  # places in the state of the instances that are under way
        batch = task.batch  # theirs
        ended = []
        for evaluations in range(STRIDE, most_evaluations + 1, STRIDE):
            state = _advance(self._scheme, shape, state, coefficients)
            variables = _unpack(shape, np.asarray(state.x, float)[members])
            standing = stand_at_factors(batch, *unbalance(batch, *variables))
            over = standing.gap <= TOLERANCE
            if evaluations + STRIDE > most_evaluations:
                over[:] = True
            if not over.any():
                continue
            ended.append((batch.places[over], standing.take(over)))
            members, batch = members[~over], batch.take(~over)
            if len(members) == 0:
                break
            size = _shrunk(len(state.x))
            if size is not None and len(members) <= size:
                # Filled up with instances that have ended. By NumPy: JAX would compile an indexing for every shape.
                kept = np.concatenate([members, np.setdiff1d(np.arange(size), members)])[:size]
                whole = (state, coefficients)
                state, coefficients = jax.tree.map(
                    lambda leaf: jnp.asarray(np.asarray(leaf)[kept]), whole
                )
                members = np.arange(len(members))
        return ended


def _shrunk(size: int) -> int | None:
    return size // SHRINK if size // SHRINK >= LEAST_BATCH else None


@partial(jax.jit, static_argnums=(0, 1))
def _advance(scheme, shape, state, coefficients):
    def step(state, coefficients):
        return scheme.step(jax.value_and_grad(partial(_objective, shape, coefficients)), state)

    return jax.lax.fori_loop(0, STRIDE, lambda _, s: jax.vmap(step)(s, coefficients), state)


def _objective(shape, coefficients: Coefficients, x):
    K, d, R = shape
    V = x[: K * d].reshape(K, d)
    G = x[K * d : (K + R) * d].reshape(R, d)
    beta = x[(K + R) * d :]
    logits = coefficients.scale[:, None] * (G @ V.T) + coefficients.bias_scale * beta
    own = (logits * coefficients.label).sum(1, keepdims=True)
    difference = logits - own
    largest = jax.lax.stop_gradient(difference.max(1, keepdims=True))
    others = (jnp.exp(difference - largest) * (1 - coefficients.label)).sum(1)
    loss = largest[:, 0] + jnp.log1p(others + jnp.expm1(-largest[:, 0]))
    squares = (V * V).sum() + (G * G).sum() + coefficients.penalty * (beta * beta).sum()
    return coefficients.weight @ loss + squares / 2


def _device_coefficients(batch: Batch, dtype) -> Coefficients:
    values = (np.eye(batch.counts.shape[1])[batch.label], *coefficients_of(batch))
    return Coefficients(*(jnp.asarray(value, dtype) for value in values))


def _pack(V, G, beta) -> np.ndarray:
    return np.concatenate([V.reshape(len(V), -1), G.reshape(len(G), -1), beta], 1)


def _unpack(shape, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    K, d, R = shape
    return x[:, : K * d].reshape(-1, K, d), x[:, K * d : -K].reshape(-1, R, d), x[:, -K:]
