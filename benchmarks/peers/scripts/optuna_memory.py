"""Optuna with the storage that it has by default, in memory, and threads."""

from common import parse
from optuna_study import optimize

if __name__ == "__main__":
    options = parse()
    optimize(options, storage=None, jobs=options.workers)
