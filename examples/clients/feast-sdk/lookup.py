#!/usr/bin/env python3
"""Looks features up with Feast's SDK, as any code that uses Feast does.

usage: FEATURE_SERVER=https://... lookup.py
"""

from pathlib import Path

from feast import FeatureStore


def main() -> None:
    store = FeatureStore(fs_yaml_file=Path(__file__).with_name("feature_store.yaml"))
    answer = store.get_online_features(
        features=["driver_hourly_stats:conv_rate", "driver_hourly_stats:acc_rate"],
        entity_rows=[{"driver_id": 1001}, {"driver_id": 1002}],
    ).to_dict()
    for driver, conv_rate, acc_rate in zip(
        answer["driver_id"], answer["conv_rate"], answer["acc_rate"], strict=True
    ):
        print(driver, conv_rate, acc_rate)


if __name__ == "__main__":
    main()
