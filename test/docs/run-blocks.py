"""Runs blocks of Python one after the other, as a notebook does, for analysts.test.ts.

Reads a JSON list of texts from stdin and prints one of what each of them printed.
"""

import contextlib
import io
import json
import sys

shared = {"__name__": "__main__"}
outputs = []
for code in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<block>", "exec"), shared)
    outputs.append(printed.getvalue())
print(json.dumps(outputs))
