"""Dask: futures on a LocalCluster. It keeps nothing on disk, so that a killed run starts anew."""

from distributed import Client, LocalCluster

from common import Answer, parse, trial

if __name__ == "__main__":
    options = parse()
    with LocalCluster(n_workers=options.workers, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster) as client, Answer(options) as answer:
            futures = client.map(trial, range(options.trials), milliseconds=options.milliseconds, log=options.log, pure=False)
            answer.results = client.gather(futures)
