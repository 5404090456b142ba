"""Optuna on SQLite, one trial at a time, since its documentation advises against parallel trials on SQLite."""

import os
import time

import optuna

from common import parse
from optuna_study import optimize


GRACE_SECONDS = 2


def open_storage(options):
    url = f"sqlite:///{os.path.join(options.folder, 'trials.db')}"
    if options.log is None:
        return optuna.storages.RDBStorage(url)
    # A heartbeat costs a thread a trial: only where there is a crash to recover from.
    if options.resume:
        # What ran when the study was killed is found stale, and enqueued again, once the grace is over.
        time.sleep(GRACE_SECONDS)
    retry = optuna.storages.RetryHeartbeatStaleTrialCallback()
    return optuna.storages.RDBStorage(url, heartbeat_interval=1, grace_period=GRACE_SECONDS, heartbeat_stale_trial_callback=retry)


if __name__ == "__main__":
    options = parse()
    optimize(options, open_storage(options), jobs=1)
