"""Applies the feature repo in the working directory and fills its online store, in Feast 0.14's process."""

import datetime
from pathlib import Path

from feast import FeatureStore, FeatureView, ValueType
from feast.cli import cli
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.type_map import python_value_to_proto_value
from frames import write_parquet

from interop.stored import FEAST_0_14, NOON, View


def write_with_declared_keys(store: FeatureStore, view: View) -> None:
    """materialize makes an INT64 of every number, whatever its entity's type is; other writers do not."""
    feature_view: FeatureView = store.get_feature_view(view.name)
    rows = [
        (
            EntityKey(
                join_keys=list(row.keys),
                entity_values=[python_value_to_proto_value(row.keys[k], ValueType[view.keys[k]]) for k in row.keys],
            ),
            {name: python_value_to_proto_value(v, ValueType[view.features[name]]) for name, v in row.features.items()},
            row.event_time,
            None,
        )
        for row in view.rows
    ]
    store._get_provider().online_write_batch(store.config, feature_view, rows, None)


def main() -> None:
    for view in FEAST_0_14.views.values():
        write_parquet(view, Path("data"), times_as_seconds=True)
    cli(["apply", "--skip-source-validation"], standalone_mode=False)
    store = FeatureStore(repo_path=".")
    int32_keys = [view for view in FEAST_0_14.views.values() if "INT32" in view.keys.values()]
    store.materialize(
        NOON - datetime.timedelta(days=20000),
        NOON + datetime.timedelta(days=1),
        feature_views=[view.name for view in FEAST_0_14.views.values() if view not in int32_keys],
    )
    for view in int32_keys:
        write_with_declared_keys(store, view)


if __name__ == "__main__":
    main()
