"""Applies the feature repo in the working directory and fills its online store, in Feast 0.67's process."""

import datetime
import decimal
import uuid
import zoneinfo
from pathlib import Path

from feast import FeatureStore, FeatureView, ValueType
from feast.cli.cli import cli
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.type_map import python_values_to_proto_values
from frames import table, write_parquet

from interop.stored import FEAST_0_67, NOON

AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")


EXOTIC = {
    "tags": ({"a"}, {"☃"}, set()),
    "codes": ({1}, {-(2**63)}, {2**63 - 1}),
    "attributes": ({"k": "v", "n": 2, "x": 1.0, "on": True}, {"list": [1, 2], "none": None, "map": {"a": "b"}}, {}),
    "maps": ([{"a": "1"}, {"b": 2}], [{}], []),
    "document": ('{"a": [1, null, true], "b": {"c": 1.50}}', "{}", "null"),
    "uid": (uuid.UUID(int=1), uuid.UUID(int=2**128 - 1), None),
    "uids": ([uuid.UUID(int=3), uuid.UUID(int=4)], [uuid.UUID(int=5)], []),
    "price": (decimal.Decimal("12.3400"), decimal.Decimal("-1E-7"), decimal.Decimal(0)),
    "prices": ([decimal.Decimal("0.10"), decimal.Decimal("1E+3")], [decimal.Decimal(-5)], []),
    "point": ({"x": 1.5, "y": 2}, {"x": -0.0, "y": -1}, {"x": None, "y": None}),
    "zoned": (NOON.astimezone(AMSTERDAM), NOON + datetime.timedelta(days=-120), None),
    "matrix": ([[1.0, 2.5], [3.0]], [[0.5], []], []),
    "gaps": ([float("nan"), 1.0], [float("inf")], []),
    "missing": (None, None, None),
}


def exotic_rows(view: FeatureView) -> list[tuple]:
    """As Feast makes values of Python's; a data frame could not hold them all."""
    kinds = {field.name: field.dtype.to_value_type() for field in view.schema}
    values = {name: [python_values_to_proto_values([v], kinds[name])[0] for v in EXOTIC[name]] for name in EXOTIC}
    drivers = [row.keys["driver_id"] for row in FEAST_0_67.views["exotic"].rows]
    keys = python_values_to_proto_values(drivers, ValueType.INT64)
    return [
        (
            EntityKey(join_keys=["driver_id"], entity_values=[key]),
            {name: column[row] for name, column in values.items()},
            NOON + datetime.timedelta(microseconds=row),
            None,
        )
        for row, key in enumerate(keys)
    ]


def main() -> None:
    for view in FEAST_0_67.views.values():
        if view.name != "exotic":
            write_parquet(view, Path("data"))
    cli(["apply", "--skip-source-validation"], standalone_mode=False)
    store = FeatureStore(repo_path=".")
    store.materialize(
        NOON - datetime.timedelta(days=20000),
        NOON + datetime.timedelta(days=1),
        feature_views=[view.name for view in FEAST_0_67.views.values() if view.materialized],
    )
    store.write_to_online_store("global_stats", table(FEAST_0_67.views["global_stats"]).to_pandas())
    exotic = store.get_feature_view("exotic")
    store._get_provider().online_write_batch(store.config, exotic, exotic_rows(exotic), None)


if __name__ == "__main__":
    main()
