"""CVXPY on the convex form: a nuclear norm problem in the K x K matrix Y = Z diag(n)^(1/2), one instance at a time.

Parametrised, so that CVXPY compiles the problem once for all instances, which is several times faster than building
it anew for each, as is often seen.
"""

import cvxpy as cp
import numpy as np
from certificate import Standing, stand_at_logits
from problems import Batch, Task

# At their own tolerances (1e-8 and 1e-4) most gaps stay above 1e-6; these ones certify the most a second.
SOLVERS = {
    "clarabel": {
        "solver": cp.CLARABEL,
        "tol_gap_abs": 1e-10,
        "tol_gap_rel": 1e-10,
        "tol_feas": 1e-10,
    },
    "scs": {"solver": cp.SCS, "eps_abs": 1e-8, "eps_rel": 1e-8, "max_iters": 20_000},
}


class Convex:
    def __init__(self, name: str):
        self._options = SOLVERS[name]
        self._problem = None

    def prepare(self, tasks: list[Task]) -> None:
        self._build(tasks[0].batch.counts.shape[1])
        self.solve([tasks[0].take(np.arange(1))])

    def solve(self, tasks: list[Task]) -> list[tuple[np.ndarray, Standing]]:
        singles = [single.batch for task in tasks for single in task.singles()]
        return [(single.places, self._solve(single)) for single in singles]

    def _build(self, K: int) -> None:
        self._Y, self._b = cp.Variable((K, K)), cp.Variable(K)
        self._scale = cp.Parameter((K, K), nonneg=True)
        self._share = cp.Parameter(K, nonneg=True)
        self._lambda, self._half_lambda_b = cp.Parameter(nonneg=True), cp.Parameter(nonneg=True)
        self._Z = cp.Variable((K, K))
        loss = self._share @ (cp.log_sum_exp(self._Z, axis=0) - cp.diag(self._Z))
        penalty = self._lambda * cp.normNuc(self._Y) + self._half_lambda_b * cp.sum_squares(self._b)
        bias = cp.reshape(self._b, (K, 1), order="C") @ np.ones((1, K))
        self._logits = self._Z == cp.multiply(self._scale, self._Y) + bias
        self._problem = cp.Problem(cp.Minimize(loss + penalty), [self._logits])

    def _solve(self, single: Batch) -> Standing:
        n = single.counts[0]
        self._scale.value = np.tile(1 / np.sqrt(n), (len(n), 1))
        self._share.value = n / n.sum()
        self._lambda.value = single.regularization[0]
        self._half_lambda_b.value = single.lambda_b[0] / 2
        try:
            self._problem.solve(**self._options)
        except cp.SolverError:
            return _unsolved(single)
        return stand_at_logits(
            single, (self._Y.value / np.sqrt(n))[None], self._b.value[None], self._predictions(n)
        )

    def _predictions(self, n: np.ndarray) -> np.ndarray:
        """P by the multipliers of the logits, share (P - I) at the optimum: a hundredfold closer than by the logits."""
        P = np.eye(len(n)) - self._logits.dual_value / (n / n.sum())
        P = np.maximum(P, 1e-300)
        return (P / P.sum(0))[None]


def _unsolved(single: Batch) -> Standing:
    """The standing of zero, for a solver that gives up: a point like any other, only not certified."""
    K = single.counts.shape[1]
    uniform = np.full((1, K, K), 1 / K)
    return stand_at_logits(single, np.zeros((1, K, K)), np.zeros((1, K)), uniform)
