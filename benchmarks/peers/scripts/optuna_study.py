"""What the two scripts of Optuna share: a study over a grid of identifiers, and its results."""

import optuna

from common import Answer, trial


def optimize(options, storage, jobs):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with Answer(options) as answer:
        sampler = optuna.samplers.GridSampler({"id": list(range(options.trials))}, seed=0)
        study = optuna.create_study(study_name="trials", storage=storage, sampler=sampler, load_if_exists=True)

        def objective(proposal):
            identifier = proposal.suggest_int("id", 0, options.trials - 1)
            return trial(identifier, options.milliseconds, options.log)

        # The sampler stops the study when its grid is exhausted.
        study.optimize(objective, n_jobs=jobs)
        complete = study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.COMPLETE,))
        answer.results = [proposal.value for proposal in complete]
