"""The rows of interop.stored as Arrow tables and parquet files, in either Feast's process."""

from pathlib import Path

import pyarrow
import pyarrow.parquet

from interop.stored import View

SCALARS = {
    "FLOAT": pyarrow.float32(),
    "DOUBLE": pyarrow.float64(),
    "INT32": pyarrow.int32(),
    "INT64": pyarrow.int64(),
    "STRING": pyarrow.string(),
    "BOOL": pyarrow.bool_(),
    "UNIX_TIMESTAMP": pyarrow.timestamp("us", tz="UTC"),
    "BYTES": pyarrow.binary(),
}


def arrow_type(name: str) -> pyarrow.DataType:
    if name.endswith("_LIST"):
        return pyarrow.list_(SCALARS[name.removesuffix("_LIST")])
    return SCALARS[name]


def table(view: View, times_as_seconds: bool = False) -> pyarrow.Table:
    """
    times_as_seconds: Feast 0.14 takes the times of a list as numbers only
    """
    columns = {}
    for name, kind in {**view.keys, **view.features}.items():
        values = [row.keys[name] if name in view.keys else row.features[name] for row in view.rows]
        if kind == "UNIX_TIMESTAMP_LIST" and times_as_seconds:
            kind = "INT64_LIST"
            values = [[int(time.timestamp()) for time in times] for times in values]
        columns[name] = pyarrow.array(values, arrow_type(kind))
    times = [row.event_time for row in view.rows]
    columns["event_timestamp"] = pyarrow.array(times, pyarrow.timestamp("us", tz="UTC"))
    columns["created"] = pyarrow.array(times, pyarrow.timestamp("us", tz="UTC"))
    return pyarrow.table(columns)


def write_parquet(view: View, folder: Path, times_as_seconds: bool = False) -> None:
    folder.mkdir(exist_ok=True)
    pyarrow.parquet.write_table(table(view, times_as_seconds), folder / f"{view.name}.parquet")
