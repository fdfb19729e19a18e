#!/usr/bin/env python3
"""Looks features up with nothing but Python's standard library, and prints a line for each driver.

usage: [API_KEY=...] lookup.py ENDPOINT
"""

import json
import os
import sys
import urllib.error
import urllib.request

FEATURES = ["driver_hourly_stats:conv_rate", "driver_hourly_stats:acc_rate"]


def look_up(endpoint: str, drivers: list[int]) -> list[dict]:
    """The fields of each driver, by name; a feature that is not stored is None."""
    headers = {"Content-Type": "application/json"}
    if os.environ.get("API_KEY"):
        headers["x-api-key"] = os.environ["API_KEY"]
    body = json.dumps({"features": FEATURES, "entities": {"driver_id": drivers}}).encode()
    request = urllib.request.Request(f"{endpoint}/get-online-features", body, headers)
    try:
        # A cold start takes a second or two; API Gateway itself gives up after 30.
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [row["fields"] for row in json.load(answer)["field_values"]]
    except urllib.error.HTTPError as refused:
        sys.exit(f"{refused.code}: {refused.read().decode()}")


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for fields in look_up(sys.argv[1], [1001, 1002]):
        print(fields["driver_id"], fields["conv_rate"], fields["acc_rate"])


if __name__ == "__main__":
    main()
