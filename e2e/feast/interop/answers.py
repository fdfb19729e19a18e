"""Answers of all servers and both shapes in one form, so that they can be compared."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interop.servers import Reply


@dataclass(frozen=True)
class Refused:
    """`code` is ours; Feast has none."""

    status: int
    detail: str
    code: str | None = None

    def __str__(self) -> str:
        return f"{self.status} {self.code or ''} {self.detail[:300]}"


@dataclass(frozen=True)
class Cell:
    """`value` is JSON text, in which 1 and 1.0 differ; None where there is none. `time` is None in rows."""

    status: str
    value: str | None
    time: str | None = None

    def __str__(self) -> str:
        return f"{self.value} {self.status}" + (f" at {self.time}" if self.time else "")


@dataclass(frozen=True)
class Table:
    """Columns in their order in the answer; `rows` counts also where there are no columns."""

    columns: Mapping[str, tuple[Cell, ...]]
    rows: int

    def __str__(self) -> str:
        lines = [f"{self.rows} rows"]
        lines += [f"  {name}: {', '.join(map(str, cells))}" for name, cells in self.columns.items()]
        return "\n".join(lines)


Outcome = Refused | Table


def json_text(value: Any) -> str:
    """Keys of objects have no order."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def of_columns(reply: Reply) -> Outcome:
    """As Feast has answered since 0.18, and ours at /v2."""
    if reply.status != 200:
        return _refused(reply)
    answer = reply.json()
    names = answer.get("metadata", {}).get("feature_names", [])
    results = answer["results"]
    if len(names) != len(results):
        raise ValueError(f"{len(names)} names and {len(results)} results")
    if len(set(names)) != len(names):
        raise ValueError(f"a name stands twice in {names}")
    columns = {
        name: tuple(
            Cell(status, None if status == "NOT_FOUND" and value is None else json_text(value), time)
            for value, status, time in zip(
                result["values"], result["statuses"], result["event_timestamps"], strict=True
            )
        )
        for name, result in zip(names, results, strict=True)
    }
    return Table(columns, len(next(iter(columns.values()), ())))


def of_rows(reply: Reply) -> Outcome:
    """As Feast's Lambda server answered, and ours by default."""
    if reply.status != 200:
        return _refused(reply)
    rows = reply.json().get("field_values", [])
    # 0.14 gives an unknown feature to those rows only that it has not found.
    names = list(dict.fromkeys(name for row in rows for name in (*row["statuses"], *row.get("fields", {}))))
    columns: dict[str, list[Cell]] = {name: [] for name in names}
    for row in rows:
        fields, statuses = row.get("fields", {}), row["statuses"]
        for name in names:
            value = json_text(fields[name]) if name in fields else None
            columns[name].append(Cell(statuses.get(name, "MISSING"), value))
    return Table({name: tuple(cells) for name, cells in columns.items()}, len(rows))


def _refused(reply: Reply) -> Refused:
    try:
        answer = reply.json()
    except ValueError:
        answer = reply.body.decode(errors="replace")
    if isinstance(answer, dict):
        return Refused(reply.status, str(answer.get("detail", answer)), answer.get("code"))
    return Refused(reply.status, str(answer))


def same(one: Outcome, other: Outcome) -> bool:
    """Order of columns included."""
    if isinstance(one, Table) and isinstance(other, Table):
        return one == other and list(one.columns) == list(other.columns)
    return one == other


def without_shape(outcome: Outcome) -> Outcome:
    """What both of our shapes say: rows have no times, and name nothing where there are none."""
    if not isinstance(outcome, Table):
        return outcome
    if outcome.rows == 0:
        return Table({}, 0)
    return Table(
        {name: tuple(Cell(cell.status, cell.value) for cell in cells) for name, cells in outcome.columns.items()},
        outcome.rows,
    )
