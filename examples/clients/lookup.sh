#!/usr/bin/env bash
# Looks features up with curl, and prints the answer.
# usage: [API_KEY=...] lookup.sh ENDPOINT
set -euo pipefail
if [ $# -ne 1 ]; then
  sed -n 's/^# usage: /usage: /p' "$0" >&2
  exit 2
fi
# The key goes by a pipe: arguments of a process can be read by others.
curl --silent --show-error --fail-with-body --request POST "$1/get-online-features" \
  --header 'Content-Type: application/json' \
  --header @<(printf '%s' "${API_KEY:+x-api-key: $API_KEY}") \
  --data '{
    "features": ["driver_hourly_stats:conv_rate", "driver_hourly_stats:acc_rate"],
    "entities": {"driver_id": [1001, 1002]}
  }'
