"""What the two scripts of Optuna share: a study whose trials are enqueued, and its results."""

import optuna

from common import Answer, trial


def optimize(options, storage, jobs):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with Answer(options) as answer:
        # Every trial is given, so that the sampler has nothing to do; this one costs least.
        sampler = optuna.samplers.RandomSampler(seed=0)
        study = optuna.create_study(study_name="trials", storage=storage, sampler=sampler, load_if_exists=True)
        # The queue is a part of the storage: a study that was resumed has it already.
        if len(study.get_trials(deepcopy=False)) == 0:
            for identifier in range(options.trials):
                study.enqueue_trial({"id": identifier})

        def objective(proposal):
            identifier = proposal.suggest_int("id", 0, options.trials - 1)
            return trial(identifier, options.milliseconds, options.log)

        study.optimize(objective, n_trials=options.trials - len(complete(study)), n_jobs=jobs)
        answer.results = [proposal.value for proposal in complete(study)]


def complete(study):
    return study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))
