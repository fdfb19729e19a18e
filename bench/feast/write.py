"""Writes what bench asks for, with the Feast whose process this is: 1,000 drivers in each of five feature views.

Runs in the folder of a feature_store.yaml, of Feast 0.14.1 or 0.67.0. The values are Question.java's too: exact in
32 bits, so that an answer is either right or wrong.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import feast
import pandas
from feast import Entity, FeatureStore, FeatureView, FileSource, ValueType

VIEWS = range(1, 6)
DRIVERS = range(1001, 2001)
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ALWAYS = timedelta(days=36500)


def write_parquet(number: int, path: str) -> None:
    rows = {
        "driver_id": list(DRIVERS),
        "conv_rate": [driver % 128 / 128 for driver in DRIVERS],
        "acc_rate": [number + driver / 4 for driver in DRIVERS],
        "avg_daily_trips": [driver * number for driver in DRIVERS],
    }
    frame = pandas.DataFrame(rows).astype({"conv_rate": "float32", "acc_rate": "float32"})
    frame["event_timestamp"] = pandas.Timestamp(NOON)
    frame["created"] = pandas.Timestamp(NOON)
    frame.to_parquet(path)


def declared() -> list:
    if feast.__version__.startswith("0.14."):
        return declared_0_14()
    from feast import Field
    from feast.types import Float32, Int64

    driver = Entity(name="driver", join_keys=["driver_id"], value_type=ValueType.INT64)
    types = {"driver_id": Int64, "conv_rate": Float32, "acc_rate": Float32, "avg_daily_trips": Int64}
    views = [
        FeatureView(
            name=f"driver_stats_{number}",
            entities=[driver],
            ttl=ALWAYS,
            schema=[Field(name=name, dtype=dtype) for name, dtype in types.items()],
            source=FileSource(
                name=f"driver_stats_{number}_source",
                path=f"data/{number}.parquet",
                timestamp_field="event_timestamp",
                created_timestamp_column="created",
            ),
        )
        for number in VIEWS
    ]
    return [driver, *views]


def declared_0_14() -> list:
    from feast import Feature

    driver = Entity(name="driver_id", join_key="driver_id", value_type=ValueType.INT64)
    types = {"conv_rate": ValueType.FLOAT, "acc_rate": ValueType.FLOAT, "avg_daily_trips": ValueType.INT64}
    views = [
        FeatureView(
            name=f"driver_stats_{number}",
            entities=["driver_id"],
            ttl=ALWAYS,
            features=[Feature(name=name, dtype=dtype) for name, dtype in types.items()],
            batch_source=FileSource(
                path=f"data/{number}.parquet",
                event_timestamp_column="event_timestamp",
                created_timestamp_column="created",
            ),
        )
        for number in VIEWS
    ]
    return [driver, *views]


def main() -> None:
    Path("data").mkdir(exist_ok=True)
    for number in VIEWS:
        write_parquet(number, f"data/{number}.parquet")
    store = FeatureStore(repo_path=".")
    store.apply(declared())
    store.materialize(NOON - timedelta(days=1), NOON + timedelta(days=1))


if __name__ == "__main__":
    main()
