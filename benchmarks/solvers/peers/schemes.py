"""First-order schemes of one instance as pure steps, one evaluation each, for JAX to vmap."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

# In the balanced variables the penalty's curvature is 1 and the loss's at most about that.
FIRST_STEP = 0.5


class Nesterov:
    """Nesterov's method with adaptive restart (O'Donoghue & Candes 2015) and a step from the curvature last seen."""

    class State(NamedTuple):
        x: jnp.ndarray  # the extrapolated point, where the next evaluation is
        descended: jnp.ndarray
        x_before: jnp.ndarray
        gradient_before: jnp.ndarray
        step: jnp.ndarray
        momentum: jnp.ndarray

    @classmethod
    def begin(cls, dtype, x):
        one = jnp.ones((), dtype)
        return cls.State(x, x, x, jnp.zeros_like(x), FIRST_STEP * one, one)

    @classmethod
    def step(cls, value_and_gradient, state):
        _, gradient = value_and_gradient(state.x)
        moved = jnp.linalg.norm(state.x - state.x_before)
        change = jnp.linalg.norm(gradient - state.gradient_before)
        safe = 0.8 * moved / jnp.maximum(change, jnp.finfo(moved.dtype).tiny)
        step = jnp.where(moved > 0, jnp.minimum(1.05 * state.step, safe), state.step)
        descended = state.x - step * gradient
        advance = descended - state.descended
        restart = gradient @ advance > 0
        momentum = jnp.where(restart, 1.0, (1 + jnp.sqrt(1 + 4 * state.momentum**2)) / 2)
        extrapolation = jnp.where(restart, 0.0, (state.momentum - 1) / momentum)
        x = descended + extrapolation * advance
        return cls.State(x, descended, state.x, gradient, step, momentum)


class Lbfgs:
    """L-BFGS with a backtracking line search of one evaluation a step; with one pair it is the tensor solver's scheme."""

    class State(NamedTuple):
        x: jnp.ndarray
        base: jnp.ndarray  # the gradient where the line search began
        direction: jnp.ndarray
        step: jnp.ndarray  # length along the direction from there to x; 0 at the base itself
        value: jnp.ndarray
        slope: jnp.ndarray
        backtracks: jnp.ndarray
        steps: jnp.ndarray  # pairs x V, the newest last
        changes: jnp.ndarray
        inverse: jnp.ndarray  # 1 / (step . change); 0 where there is no pair

    def __init__(self, pairs: int):
        self._pairs = pairs

    def begin(self, dtype, x):
        zero, history = jnp.zeros((), dtype), jnp.zeros((self._pairs, len(x)), dtype)
        none = jnp.zeros(self._pairs, dtype)
        zeros = jnp.zeros_like(x)
        return self.State(x, zeros, zeros, zero, zero, zero, zero, history, history, none)

    def step(self, value_and_gradient, state):
        value, gradient = value_and_gradient(state.x)
        at_base = state.step == 0
        slope = state.direction @ gradient
        accepted = at_base | self._acceptable(state, value, slope)

        change, moved = gradient - state.base, state.step * state.direction
        curvature, change_squared = moved @ change, change @ change
        usable = ~at_base & (curvature > 1e-10 * change_squared)
        shifted = self._remember(state, moved, change, curvature)
        history = tuple(jnp.where(usable, new, 0.0) for new in shifted)
        direction = -self._inverse_hessian(history, gradient)
        new_slope = direction @ gradient
        steepest = ~usable | ~(new_slope < 0)
        direction = jnp.where(steepest, -FIRST_STEP * gradient, direction)
        new_slope = jnp.where(steepest, -FIRST_STEP * (gradient @ gradient), new_slope)
        history = tuple(jnp.where(steepest, 0.0, part) for part in history)

        drop = state.step * state.slope
        shrink = jnp.clip(drop / (2 * (drop - (value - state.value))), 0.1, 0.5)
        exhausted = state.backtracks >= 12
        shorter = jnp.where(exhausted, 0.0, state.step * shrink)
        kept = (state.steps, state.changes, state.inverse)
        on = self.State(
            state.x + direction,
            gradient,
            direction,
            jnp.ones_like(value),
            value,
            new_slope,
            jnp.zeros_like(value),
            *history,
        )
        back = self.State(
            state.x + (shorter - state.step) * state.direction,
            state.base,
            state.direction,
            shorter,
            state.value,
            state.slope,
            jnp.where(exhausted, 0.0, state.backtracks + 1),
            *kept,
        )
        return self.State(*(jnp.where(accepted, a, b) for a, b in zip(on, back)))

    def _acceptable(self, state, value, slope):
        single = value.dtype == np.float32
        rise, magnitude = value - state.value, jnp.abs(state.value)
        rounding = (1e-6 if single else 1e-15) * magnitude
        near = (3e-5 if single else 1e-12) * magnitude
        decreases = rise <= 1e-4 * state.step * state.slope + rounding
        return decreases | ((rise <= near) & (jnp.abs(slope) <= 0.8 * -state.slope))

    def _remember(self, state, moved, change, curvature):
        def push(history, newest):
            return jnp.concatenate([history[1:], newest[None]])

        return (
            push(state.steps, moved),
            push(state.changes, change),
            push(state.inverse, 1 / curvature),
        )

    def _inverse_hessian(self, history, gradient):
        steps, changes, inverse = history
        newest = changes[-1] @ changes[-1] * inverse[-1]
        multiple = jnp.where(newest > 0, 1 / newest, FIRST_STEP)
        vector, along = gradient, []
        for j in reversed(range(self._pairs)):
            along.append(inverse[j] * (steps[j] @ vector))
            vector = vector - along[-1] * changes[j]
        vector = multiple * vector
        for j in range(self._pairs):
            vector = vector + (along[-1 - j] - inverse[j] * (changes[j] @ vector)) * steps[j]
        return vector


class Adam:
    """Adam (Kingma & Ba 2015) with a rate that falls like 1 / (1 + t / decay); both were chosen by trial on these workloads."""

    rate, decay, beta_1, beta_2 = 0.2, 50, 0.9, 0.99

    class State(NamedTuple):
        x: jnp.ndarray
        mean: jnp.ndarray
        square: jnp.ndarray
        time: jnp.ndarray

    @classmethod
    def begin(cls, dtype, x):
        return cls.State(x, jnp.zeros_like(x), jnp.zeros_like(x), jnp.zeros((), dtype))

    @classmethod
    def step(cls, value_and_gradient, state):
        _, gradient = value_and_gradient(state.x)
        time = state.time + 1
        mean = cls.beta_1 * state.mean + (1 - cls.beta_1) * gradient
        square = cls.beta_2 * state.square + (1 - cls.beta_2) * gradient**2
        rate = cls.rate / (1 + time / cls.decay) / (1 - cls.beta_1**time)
        x = state.x - rate * mean / (jnp.sqrt(square / (1 - cls.beta_2**time)) + 1e-8)
        return cls.State(x, mean, square, time)


SCHEMES = {
    "nesterov": Nesterov,
    "bfgs": Lbfgs(pairs=1),
    "lbfgs": Lbfgs(pairs=10),
    "adam": Adam,
}
