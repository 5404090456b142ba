"""A contender process: requests as JSON lines on stdin, answers as JSON lines on stdout; other output goes to stderr.

{"do": "versions"}                                         -> {"numpy": ..., ...}
{"do": "prepare", "contender", "workload", "count"}        -> {"seconds"}: compiled and warm
{"do": "run", "contender"}                                 -> {"core_seconds", "wall_seconds", "points"}: in order
"""

import importlib
import json
import os
import platform
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np
from problems import load

# Module, class and its arguments: a process imports only the library that it is asked for.
CONTENDERS = {
    "cvxpy-clarabel": ("convex", "Convex", ["clarabel"]),
    "cvxpy-scs": ("convex", "Convex", ["scs"]),
    **{
        f"torch-{batching}-{precision}": ("adam", "Adam", [batching, precision])
        for batching in ("one", "batched")
        for precision in ("float32", "float64")
    },
    **{
        f"jax-{scheme}-{precision}": ("descent", "Descent", [scheme, precision])
        for scheme in ("adam", "nesterov", "bfgs", "lbfgs")
        for precision in ("float32", "float64")
    },
}
LIBRARIES = ["numpy", "cvxpy", "clarabel", "scs", "torch", "jax"]

prepared = {}


def prepare(request: dict) -> dict:
    module, name, arguments = CONTENDERS[request["contender"]]
    solver = getattr(importlib.import_module(module), name)(*arguments)
    tasks = load(request["workload"], request["count"])
    start = time.perf_counter()
    solver.prepare(tasks)
    prepared[request["contender"]] = (solver, tasks)
    return {"seconds": time.perf_counter() - start}


def run(request: dict) -> dict:
    solver, tasks = prepared[request["contender"]]
    start, start_on_core = time.perf_counter(), time.process_time()
    parts = solver.solve(tasks)
    clocks = {
        "core_seconds": time.process_time() - start_on_core,
        "wall_seconds": time.perf_counter() - start,
    }
    points = {}
    for places, standing in parts:
        for i, place in enumerate(places):
            logits = np.log(np.maximum(standing.predictions[i], 1e-300))
            points[int(place)] = {
                "objective": standing.objective[i],
                "logits": logits.ravel().tolist(),
            }
    return {**clocks, "points": [points[place] for place in sorted(points)]}


def versions(_: dict) -> dict:
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def main() -> None:
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"prepare": prepare, "run": run, "versions": versions}[request["do"]](request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}".splitlines()[0]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


main()
