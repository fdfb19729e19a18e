"""The features of the test's two stores: what real Feast is told to write, and what may be asked for.

Types have the names of Feast's ValueType. The views of Feast 0.14 are those whose types it knows.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    keys: Values
    features: Values
    event_time: datetime = NOON


@dataclass(frozen=True)
class View:
    """`written` is how real Feast gets the rows: out of a parquet file, or handed over one frame at a time."""

    name: str
    keys: Mapping[str, str]
    features: Mapping[str, str]
    rows: tuple[Row, ...]
    materialized: bool = True

    def find(self, keys: Values) -> Row | None:
        return next((row for row in self.rows if row.keys == keys), None)


@dataclass(frozen=True)
class Projection:
    """A view in a feature service, under its own name and with its own names for join keys."""

    view: str
    features: tuple[str, ...]
    name: str | None = None
    join_keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Store:
    """One feature repo. `entities` has the join key of each entity's name."""

    name: str
    project: str
    views: Mapping[str, View]
    services: Mapping[str, tuple[Projection, ...]]
    entities: Mapping[str, str]


def _rows(key: str, rows: Mapping[Any, Values], **times: timedelta) -> tuple[Row, ...]:
    return tuple(
        Row({key: value}, features, NOON + times.get(str(value), timedelta())) for value, features in rows.items()
    )


DRIVER_HOURLY_STATS = View(
    "driver_hourly_stats",
    {"driver_id": "INT64"},
    {"conv_rate": "FLOAT", "acc_rate": "FLOAT", "avg_daily_trips": "INT64"},
    tuple(
        Row({"driver_id": driver}, features, NOON + later)
        for driver, features, later in (
            (
                1001,
                {"conv_rate": 0.025330161675810814, "acc_rate": 0.835975170135498, "avg_daily_trips": 785},
                timedelta(),
            ),
            (
                1002,
                {"conv_rate": 0.7595187425613403, "acc_rate": 0.1740121990442276, "avg_daily_trips": 875},
                timedelta(),
            ),
            (1003, {"conv_rate": 1.0, "acc_rate": 0.0, "avg_daily_trips": 0}, timedelta(milliseconds=5)),
            (1004, {"conv_rate": None, "acc_rate": 1e-45, "avg_daily_trips": -1}, timedelta(microseconds=123456)),
            (
                -7,
                {"conv_rate": 3.4028234663852886e38, "acc_rate": -0.0, "avg_daily_trips": 2**63 - 1},
                timedelta(days=-3650),
            ),
            (2**31 - 1, {"conv_rate": 1e10, "acc_rate": 123456.789, "avg_daily_trips": -(2**63)}, timedelta(hours=1)),
        )
    ),
)

CUSTOMER_PROFILE = View(
    "customer_profile",
    {"customer_id": "STRING"},
    {
        "name": "STRING",
        "balance": "DOUBLE",
        "active": "BOOL",
        "signup": "UNIX_TIMESTAMP",
        "age": "INT32",
    },
    _rows(
        "customer_id",
        {
            "c-1": {"name": "Ada", "balance": 12.5, "active": True, "signup": NOON, "age": 37},
            "c-2": {"name": "Zoë ☃ 𝄞", "balance": 1e-09, "active": False, "signup": NOON, "age": -41},
            "": {"name": "", "balance": 5e-324, "active": True, "signup": EPOCH, "age": 0},
            "1001": {"name": None, "balance": sys.float_info.max, "active": False, "signup": NOON, "age": 2**31 - 1},
            'q"uo\\te\n': {
                "name": 'a"b\\c\t\u2028\x01', "balance": 100.0, "active": True,
                "signup": EPOCH - timedelta(seconds=1), "age": -(2**31),
            },
        },
    ),
)  # fmt: skip

TRIPS = View(
    "trips",
    {"driver_id": "INT64", "customer_id": "STRING"},
    {"count": "INT64", "rating": "DOUBLE"},
    (
        Row({"driver_id": 1001, "customer_id": "c-1"}, {"count": 3, "rating": 4.5}),
        Row({"driver_id": 1002, "customer_id": "c-2"}, {"count": 9007199254740993, "rating": 0.1}),
        Row({"driver_id": 1001, "customer_id": "c-2"}, {"count": 0, "rating": -0.0}),
        Row({"driver_id": -7, "customer_id": ""}, {"count": -1, "rating": 1e22}),
    ),
)

AVATARS = View(
    "avatars",
    {"customer_id": "STRING"},
    {"avatar": "BYTES", "thumbnails": "BYTES_LIST"},
    _rows(
        "customer_id",
        {
            "c-1": {"avatar": b"\x00\x01\xff", "thumbnails": [b"x", b"\x00\xff"]},
            "c-2": {"avatar": b"", "thumbnails": []},
            "": {"avatar": b"\xfb\xef\xbe" * 30, "thumbnails": [b""]},
        },
    ),
)

LISTS = View(
    "lists",
    {"driver_id": "INT64"},
    {
        "ints": "INT32_LIST",
        "longs": "INT64_LIST",
        "floats": "FLOAT_LIST",
        "doubles": "DOUBLE_LIST",
        "strings": "STRING_LIST",
        "bools": "BOOL_LIST",
        "times": "UNIX_TIMESTAMP_LIST",
    },
    _rows(
        "driver_id",
        {
            1001: {
                "ints": [1, 2, 3], "longs": [2**40, -(2**63)], "floats": [0.1, 0.2], "doubles": [0.1, 1e300],
                "strings": ["a", "", "☃"], "bools": [True, False], "times": [NOON, NOON + timedelta(seconds=1)],
            },
            1002: {"ints": [], "longs": [], "floats": [], "doubles": [], "strings": [], "bools": [], "times": []},
            1003: {
                "ints": [-1], "longs": [0], "floats": [1.0], "doubles": [-0.0], "strings": ["\n"], "bools": [False],
                "times": [NOON],
            },
        },
    ),
)  # fmt: skip

ODD_NUMBERS = View(
    "odd_numbers",
    {"driver_id": "INT64"},
    {"single": "FLOAT", "wide": "DOUBLE", "singles": "FLOAT_LIST", "wides": "DOUBLE_LIST"},
    _rows(
        "driver_id",
        {
            1001: {
                "single": float("inf"), "wide": float("-inf"), "singles": [float("-inf"), 1.5],
                "wides": [float("inf")],
            },
            1002: {"single": 1.5, "wide": 0.1, "singles": [0.5], "wides": [0.1]},
        },
    ),
)  # fmt: skip
"""What JSON has no numbers for."""

USER_PROFILE = View(
    "user_profile",
    {"user_id": "INT32"},
    {"score": "DOUBLE", "level": "INT32"},
    _rows("user_id", {7: {"score": 0.5, "level": 1}, 8: {"score": None, "level": 2}, -9: {"score": 1e-7, "level": 0}}),
)

EXPIRED = View(
    "expired",
    {"driver_id": "INT64"},
    {"stale": "INT64", "conv_rate": "FLOAT"},
    _rows("driver_id", {1001: {"stale": 7, "conv_rate": 0.5}, 1002: {"stale": 8, "conv_rate": 0.25}}),
)
"""With a TTL of a second, and a feature whose name another view has too."""

GLOBAL_STATS = View(
    "global_stats", {}, {"total_trips": "INT64"}, (Row({}, {"total_trips": 123456789}),), materialized=False
)

EXOTIC = View(
    "exotic",
    {"driver_id": "INT64"},
    {
        "tags": "STRING_SET", "codes": "INT64_SET", "attributes": "MAP", "maps": "MAP_LIST", "document": "JSON",
        "uid": "UUID", "uids": "UUID_LIST", "price": "DECIMAL", "prices": "DECIMAL_LIST", "point": "STRUCT",
        "zoned": "ZONED_TIMESTAMP", "matrix": "VALUE_LIST", "gaps": "DOUBLE_LIST", "missing": "INT64",
    },
    tuple(Row({"driver_id": driver}, {}) for driver in (1001, 2**63 - 1, -(2**63))),
    materialized=False,
)  # fmt: skip
"""What came to Feast after 0.14, keys past 32 bits too. The features are Feast's own types: in write_0_67.py."""

BASIC_VIEWS = (
    DRIVER_HOURLY_STATS,
    CUSTOMER_PROFILE,
    AVATARS,
    TRIPS,
    LISTS,
    ODD_NUMBERS,
    USER_PROFILE,
    EXPIRED,
    GLOBAL_STATS,
)

DRIVER_ACTIVITY = (
    Projection("driver_hourly_stats", ("avg_daily_trips", "conv_rate")),
    Projection("customer_profile", ("balance", "age")),
    Projection("trips", ("rating",)),
)


def _named(*views: View) -> dict[str, View]:
    return {view.name: view for view in views}


FEAST_0_67 = Store(
    "feast-0.67",
    "interop",
    _named(*BASIC_VIEWS, EXOTIC),
    {
        "driver_activity": DRIVER_ACTIVITY,
        "two_drivers": (
            Projection("driver_hourly_stats", ("conv_rate",), "origin", {"driver_id": "origin_id"}),
            Projection("driver_hourly_stats", ("conv_rate",), "dest", {"driver_id": "dest_id"}),
        ),
    },
    {"driver": "driver_id", "customer": "customer_id", "user": "user_id"},
)

FEAST_0_14 = Store(
    "feast-0.14",
    "interop_legacy",
    _named(*BASIC_VIEWS),
    {
        # 0.14 keeps a view's own order in a projection.
        "driver_activity": (Projection("driver_hourly_stats", ("conv_rate", "avg_daily_trips")), *DRIVER_ACTIVITY[1:]),
        "alias": (Projection("driver_hourly_stats", ("conv_rate",), "origin"),),
    },
    {"driver_id": "driver_id", "customer_id": "customer_id", "user_id": "user_id"},
)

STORES = {store.name: store for store in (FEAST_0_67, FEAST_0_14)}
