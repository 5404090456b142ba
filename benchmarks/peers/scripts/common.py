"""What the scripts of all peers share: the trial, the command line, and how they answer."""

import argparse
import json
import os
import time


def trial(identifier, milliseconds, log):
    """Says in the log that it runs, waits, and returns a number of its own. What it says there is there at once."""
    if log is not None:
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(descriptor, f"{identifier}\n".encode())
        os.close(descriptor)
    if milliseconds > 0:
        time.sleep(milliseconds / 1000)
    return float(identifier)


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, required=True)
    parser.add_argument("--milliseconds", type=float, required=True, help="that a trial waits")
    parser.add_argument("--workers", type=int, required=True, help="trials at the same time, where the peer can")
    parser.add_argument("--folder", required=True, help="for all that the peer writes")
    parser.add_argument("--log", help="gets the identifier of every trial that runs; given in the kill test only")
    parser.add_argument("--resume", action="store_true", help="go on with what a killed run has left in the folder")
    return parser.parse_args()


class Answer:
    """Times the work between `with` and its end, and writes the answer to the folder."""

    def __init__(self, options):
        self.options = options
        self.results = []

    def __enter__(self):
        self.started = time.monotonic()
        return self

    def __exit__(self, failure, *_):
        if failure is None:
            seconds = time.monotonic() - self.started
            results = [int(result) for result in self.results]
            answer = {"seconds": seconds, "finished": len(results)}
            if self.options.log is not None:
                answer["results"] = results
            with open(os.path.join(self.options.folder, "answer.json"), "w") as file:
                json.dump(answer, file)
