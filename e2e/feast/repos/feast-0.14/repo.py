"""The views of interop/stored.py, as Feast 0.14 declares them."""

from datetime import timedelta

from feast import Entity, Feature, FeatureService, FeatureView, FileSource, ValueType

ALWAYS = timedelta(days=36500)

driver = Entity(name="driver_id", join_key="driver_id", value_type=ValueType.INT64)
customer = Entity(name="customer_id", join_key="customer_id", value_type=ValueType.STRING)
user = Entity(name="user_id", join_key="user_id", value_type=ValueType.INT32)


def view(name, entities, ttl=ALWAYS, /, **features):
    source = FileSource(
        path=f"data/{name}.parquet", event_timestamp_column="event_timestamp", created_timestamp_column="created"
    )
    return FeatureView(
        name=name,
        entities=entities,
        ttl=ttl,
        batch_source=source,
        features=[Feature(name=feature, dtype=ValueType[dtype]) for feature, dtype in features.items()],
    )


driver_hourly_stats = view(
    "driver_hourly_stats", ["driver_id"], conv_rate="FLOAT", acc_rate="FLOAT", avg_daily_trips="INT64"
)
customer_profile = view(
    "customer_profile",
    ["customer_id"],
    timedelta(0),
    name="STRING",
    balance="DOUBLE",
    active="BOOL",
    signup="UNIX_TIMESTAMP",
    age="INT32",
)
trips = view("trips", ["driver_id", "customer_id"], count="INT64", rating="DOUBLE")
lists = view(
    "lists",
    ["driver_id"],
    ints="INT32_LIST",
    longs="INT64_LIST",
    floats="FLOAT_LIST",
    doubles="DOUBLE_LIST",
    strings="STRING_LIST",
    bools="BOOL_LIST",
    times="UNIX_TIMESTAMP_LIST",
)
odd_numbers = view(
    "odd_numbers", ["driver_id"], single="FLOAT", wide="DOUBLE", singles="FLOAT_LIST", wides="DOUBLE_LIST"
)
avatars = view("avatars", ["customer_id"], avatar="BYTES", thumbnails="BYTES_LIST")
user_profile = view("user_profile", ["user_id"], score="DOUBLE", level="INT32")
expired = view("expired", ["driver_id"], timedelta(seconds=1), stale="INT64", conv_rate="FLOAT")
global_stats = view("global_stats", [], total_trips="INT64")

driver_activity = FeatureService(
    name="driver_activity",
    features=[
        driver_hourly_stats[["avg_daily_trips", "conv_rate"]],
        customer_profile[["balance", "age"]],
        trips[["rating"]],
    ],
)
alias = FeatureService(name="alias", features=[driver_hourly_stats.with_name("origin")[["conv_rate"]]])
