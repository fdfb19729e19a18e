"""The views of interop/stored.py, as Feast 0.67 declares them."""

from datetime import timedelta

from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType
from feast.types import (
    Array,
    Bool,
    Bytes,
    Decimal,
    Float32,
    Float64,
    Int32,
    Int64,
    Json,
    Map,
    Set,
    String,
    Struct,
    UnixTimestamp,
    Uuid,
    ZonedTimestamp,
)

ALWAYS = timedelta(days=36500)

driver = Entity(name="driver", join_keys=["driver_id"], value_type=ValueType.INT64)
customer = Entity(name="customer", join_keys=["customer_id"], value_type=ValueType.STRING)
user = Entity(name="user", join_keys=["user_id"], value_type=ValueType.INT32)


def view(name, entities, ttl=ALWAYS, /, **schema):
    source = FileSource(
        name=f"{name}_source",
        path=f"data/{name}.parquet",
        timestamp_field="event_timestamp",
        created_timestamp_column="created",
    )
    fields = [Field(name=field, dtype=dtype) for field, dtype in schema.items()]
    return FeatureView(name=name, entities=entities, ttl=ttl, source=source, schema=fields)


driver_hourly_stats = view(
    "driver_hourly_stats", [driver], driver_id=Int64, conv_rate=Float32, acc_rate=Float32, avg_daily_trips=Int64
)
customer_profile = view(
    "customer_profile",
    [customer],
    timedelta(0),
    customer_id=String,
    name=String,
    balance=Float64,
    active=Bool,
    signup=UnixTimestamp,
    age=Int32,
)
trips = view("trips", [driver, customer], driver_id=Int64, customer_id=String, count=Int64, rating=Float64)
lists = view(
    "lists",
    [driver],
    driver_id=Int64,
    ints=Array(Int32),
    longs=Array(Int64),
    floats=Array(Float32),
    doubles=Array(Float64),
    strings=Array(String),
    bools=Array(Bool),
    times=Array(UnixTimestamp),
)
odd_numbers = view(
    "odd_numbers", [driver], driver_id=Int64, single=Float32, wide=Float64, singles=Array(Float32), wides=Array(Float64)
)
avatars = view("avatars", [customer], customer_id=String, avatar=Bytes, thumbnails=Array(Bytes))
user_profile = view("user_profile", [user], user_id=Int32, score=Float64, level=Int32)
expired = view("expired", [driver], timedelta(seconds=1), driver_id=Int64, stale=Int64, conv_rate=Float32)
global_stats = view("global_stats", [], total_trips=Int64)
exotic = view(
    "exotic",
    [driver],
    driver_id=Int64,
    tags=Set(String),
    codes=Set(Int64),
    attributes=Map,
    maps=Array(Map),
    document=Json,
    uid=Uuid,
    uids=Array(Uuid),
    price=Decimal,
    prices=Array(Decimal),
    point=Struct({"x": Float64, "y": Int64}),
    zoned=ZonedTimestamp,
    matrix=Array(Array(Float64)),
    gaps=Array(Float64),
    missing=Int64,
)

driver_activity = FeatureService(
    name="driver_activity",
    features=[
        driver_hourly_stats[["avg_daily_trips", "conv_rate"]],
        customer_profile[["balance", "age"]],
        trips[["rating"]],
    ],
)
two_drivers = FeatureService(
    name="two_drivers",
    features=[
        driver_hourly_stats.with_name("origin").with_join_key_map({"driver_id": "origin_id"})[["conv_rate"]],
        driver_hourly_stats.with_name("dest").with_join_key_map({"driver_id": "dest_id"})[["conv_rate"]],
    ],
)
