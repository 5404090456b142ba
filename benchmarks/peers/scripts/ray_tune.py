"""Ray Tune: a Tuner over a grid, restored from its storage path."""

import os

import ray
from ray import tune

from common import Answer, parse, trial

NAME = "trials"


def make_trainable(options):
    def trainable(config):
        tune.report({"result": trial(config["id"], options.milliseconds, options.log)})

    return tune.with_resources(trainable, {"cpu": 1})


def make_tuner(options):
    storage = os.path.join(options.folder, "storage")
    trainable = make_trainable(options)
    grid = {"id": tune.grid_search(list(range(options.trials)))}
    experiment = os.path.join(storage, NAME)
    if options.resume and tune.Tuner.can_restore(experiment):
        return tune.Tuner.restore(experiment, trainable, param_space=grid, resume_errored=True)
    return tune.Tuner(
        trainable,
        param_space=grid,
        # Without it every trial starts a process of its own, which takes seconds.
        tune_config=tune.TuneConfig(reuse_actors=True),
        run_config=tune.RunConfig(name=NAME, storage_path=storage, verbose=0),
    )


if __name__ == "__main__":
    options = parse()
    temporary = os.path.join(options.folder, "ray")
    ray.init(num_cpus=options.workers, include_dashboard=False, log_to_driver=False, _temp_dir=temporary)
    with Answer(options) as answer:
        grid = make_tuner(options).fit()
        answer.results = [result.metrics["result"] for result in grid if result.error is None and "result" in result.metrics]
    ray.shutdown()
