"""Applies views of other kinds than the plain one, and one in three versions, and fills them, with Feast 0.67.

In Python and not as a repo: each version is applied and written before the next one.
"""

import datetime

import pandas
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, PushSource, ValueType
from feast.on_demand_feature_view import on_demand_feature_view
from feast.stream_feature_view import StreamFeatureView
from feast.types import Bytes, Int64, String, UnixTimestamp

from interop.stored import NOON

ALWAYS = datetime.timedelta(days=36500)

driver = Entity(name="driver", join_keys=["driver_id"], value_type=ValueType.INT64)
token = Entity(name="token", join_keys=["token_id"], value_type=ValueType.BYTES)
hour = Entity(name="hour", join_keys=["hour_at"], value_type=ValueType.UNIX_TIMESTAMP)


def source(name: str) -> FileSource:
    return FileSource(name=f"{name}_source", path=f"data/{name}.parquet", timestamp_field="event_timestamp")


def view(name: str, entity: Entity, /, **schema) -> FeatureView:
    fields = [Field(name=field, dtype=dtype) for field, dtype in schema.items()]
    return FeatureView(name=name, entities=[entity], ttl=ALWAYS, source=source(name), schema=fields)


def rows(**columns) -> pandas.DataFrame:
    frame = pandas.DataFrame(columns)
    return frame.assign(event_timestamp=NOON)


def write_versions(store: FeatureStore) -> None:
    speed = view("speed", driver, driver_id=Int64, top=Int64)
    store.apply([driver, speed])
    store.write_to_online_store("speed", rows(driver_id=[1001, 1002], top=[100, 101]))
    store.apply([driver, view("speed", driver, driver_id=Int64, top=Int64, mean=Int64)])
    store.write_to_online_store("speed", rows(driver_id=[1001], top=[200], mean=[201]))
    store.apply([driver, view("speed", driver, driver_id=Int64, mean=Int64)])
    store.write_to_online_store("speed", rows(driver_id=[1001, 1003], mean=[300, 301]))


def write_others(store: FeatureStore) -> None:
    pushed = PushSource(name="pushed", batch_source=source("pushed"))
    clicks = StreamFeatureView(
        name="clicks",
        entities=[driver],
        ttl=ALWAYS,
        source=pushed,
        timestamp_field="event_timestamp",
        schema=[Field(name="driver_id", dtype=Int64), Field(name="clicks", dtype=Int64)],
    )
    tokens = view("tokens", token, token_id=Bytes, owner=String)
    hours = view("hours", hour, hour_at=UnixTimestamp, load=Int64)

    @on_demand_feature_view(sources=[clicks], schema=[Field(name="doubled", dtype=Int64)], mode="pandas")
    def doubled_clicks(inputs: pandas.DataFrame) -> pandas.DataFrame:
        return pandas.DataFrame({"doubled": inputs["clicks"] * 2})

    current = store.get_feature_view("speed")
    both = FeatureService(name="both", features=[current, clicks])
    store.apply([driver, token, hour, clicks, tokens, hours, doubled_clicks, both])
    store.write_to_online_store("clicks", rows(driver_id=[1001, 1002], clicks=[7, 8]))
    store.write_to_online_store("tokens", rows(token_id=[b"\x00\xff", b"plain"], owner=["a", "b"]))
    store.write_to_online_store("hours", rows(hour_at=[NOON, NOON + datetime.timedelta(hours=1)], load=[1, 2]))


if __name__ == "__main__":
    store = FeatureStore(repo_path=".")
    write_versions(store)
    write_others(store)
