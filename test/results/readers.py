"""Reads the parts of a folder with one library and prints their rows as JSON, for readers.test.ts.

    python readers.py LIBRARY FOLDER
"""

import datetime
import glob
import json
import math
import sys


def pyarrow_rows(files):
    import pyarrow.dataset

    return pyarrow.dataset.dataset(files).to_table().to_pylist()


def pandas_rows(files):
    import pandas

    table = pandas.concat([pandas.read_parquet(file) for file in files])
    return table.to_dict("records")


def polars_rows(files):
    import polars

    return polars.read_parquet(files).to_dicts()


def duckdb_rows(files):
    import duckdb

    return duckdb.read_parquet(files).to_arrow_table().to_pylist()


def plain(value):
    """A value as JSON has it: nulls for the NaN that pandas puts in their place, microseconds for instants."""
    if isinstance(value, datetime.datetime):
        return round((value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).total_seconds() * 1e6)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value


READERS = {
    "pyarrow": pyarrow_rows,
    "pandas": pandas_rows,
    "polars": polars_rows,
    "duckdb": duckdb_rows,
}

library, folder = sys.argv[1:]
rows = READERS[library](sorted(glob.glob(f"{glob.escape(folder)}/*.parquet")))
rows = [{name: plain(value) for name, value in row.items()} for row in rows]
print(json.dumps(sorted(rows, key=lambda row: row["point_key"]), allow_nan=False))
