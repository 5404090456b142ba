"""joblib: Parallel over a function that Memory caches on disk."""

import os

from joblib import Memory, Parallel, delayed

from common import Answer, parse, trial

if __name__ == "__main__":
    options = parse()
    memory = Memory(os.path.join(options.folder, "cache"), verbose=0)
    cached = memory.cache(trial, ignore=["log"])
    with Answer(options) as answer:
        calls = (delayed(cached)(i, options.milliseconds, options.log) for i in range(options.trials))
        answer.results = Parallel(n_jobs=options.workers)(calls)
