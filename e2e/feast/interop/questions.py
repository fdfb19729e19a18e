"""Questions to feature servers: made from a seed, over views, entities, types, missing rows and mistakes."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interop.stored import Projection, Store, View

UNKNOWN_KEYS: dict[str, tuple[Any, ...]] = {
    "INT64": (9999, 0, -1),
    "INT32": (9999, 0, -1),
    "STRING": ("nobody", "☃", " "),
}


@dataclass(frozen=True)
class Question:
    """`about` says how it came about."""

    store: str
    about: str
    request: Any

    def to_json(self) -> str:
        return json.dumps({"store": self.store, "about": self.about, "request": self.request})

    @staticmethod
    def load(file: Path) -> "Question":
        return Question(**json.loads(file.read_text()))


def generate(store: Store, seed: int, count: int) -> list[Question]:
    """The same for the same arguments, and the first ones whatever the count."""
    source = random.Random(f"{store.name} {seed}")
    maker = _Maker(store, source)
    return [maker.question() for _ in range(count)]


class _Maker:
    def __init__(self, store: Store, source: random.Random) -> None:
        self._store = store
        self._random = source
        self._kinds: list[tuple[int, Callable[[], tuple[str, Any]]]] = [
            (12, self._lookup),
            (3, self._service),
            (1, self._collision),
            (1, self._entityless),
            (2, self._other_key_type),
            (1, self._wrong_key),
            (1, self._entity_name),
            (1, self._extra_entity),
            (1, self._spare_entity),
            (1, self._missing_entity),
            (1, self._no_rows),
            (1, self._uneven),
            (1, self._unknown_name),
            (1, self._malformed),
            (1, self._other_settings),
        ]

    def question(self) -> Question:
        weights = [weight for weight, _ in self._kinds]
        _, kind = self._random.choices(self._kinds, weights)[0]
        about, request = kind()
        return Question(self._store.name, about, request)

    # What is right.

    def _lookup(self) -> tuple[str, Any]:
        return "lookup", self._request(self._views())

    def _service(self) -> tuple[str, Any]:
        name = self._random.choice(list(self._store.services))
        projections = self._store.services[name]
        request: dict[str, Any] = {"feature_service": name, "entities": self._service_entities(projections)}
        self._set_full_names(request, always=len({p.view for p in projections}) < len(projections))
        return f"service {name}", request

    def _entityless(self) -> tuple[str, Any]:
        view = self._store.views["global_stats"]
        if self._random.random() < 0.5:
            return "entityless", self._request([view]) | {"entities": {}}
        return "entityless with rows", self._request([view, *self._views()[:1]])

    def _entity_name(self) -> tuple[str, Any]:
        request = self._request(self._views())
        names = {join_key: name for name, join_key in self._store.entities.items()}
        request["entities"] = {names[key]: column for key, column in request["entities"].items()}
        return "entity names for join keys", request

    def _extra_entity(self) -> tuple[str, Any]:
        request = self._request(self._views())
        rows = len(next(iter(request["entities"].values())))
        extra = self._random.choice([7, "x", 1.5, True])
        request["entities"]["extra"] = [extra] * rows
        return "an entity that nobody knows", request

    def _spare_entity(self) -> tuple[str, Any]:
        request = self._request(self._views())
        spare = [key for key in self._store.entities.values() if key not in request["entities"]]
        if spare:
            rows = len(next(iter(request["entities"].values())))
            request["entities"][spare[0]] = ["c-1" if spare[0] == "customer_id" else 7] * rows
        return "an entity that is not needed", request

    def _other_settings(self) -> tuple[str, Any]:
        request = self._request(self._views())
        if self._random.random() < 0.5:
            return "the SDK's setting", request | {"include_feature_view_version_metadata": False}
        return "no full_feature_names", request | {"full_feature_names": False}

    # What is right, or not.

    def _collision(self) -> tuple[str, Any]:
        views = [self._store.views["driver_hourly_stats"], self._store.views["expired"]]
        request = self._request(views)
        request["features"] = ["driver_hourly_stats:conv_rate", "expired:conv_rate"]
        request.pop("full_feature_names", None)
        self._set_full_names(request)
        if self._random.random() < 0.3:
            request["features"] *= 2
        return "colliding names", request

    def _other_key_type(self) -> tuple[str, Any]:
        """Numbers as text, and text that is a number."""
        request = self._request(self._views())
        key = self._random.choice(list(request["entities"]))
        column = request["entities"][key]
        if all(isinstance(value, int) for value in column):
            request["entities"][key] = [str(value) for value in column]
            return "numbers as text", request
        request["entities"][key] = [1001] * len(column)
        return "a number for text", request

    # What cannot be right.

    def _wrong_key(self) -> tuple[str, Any]:
        request = self._request(self._views())
        numbers = [key for key, column in request["entities"].items() if isinstance(column[0], int)]
        key = self._random.choice(numbers or list(request["entities"]))
        column = list(request["entities"][key])
        wrong = self._random.choice(["abc", None, 1001.5] if numbers else [None])
        column[self._random.randrange(len(column))] = wrong
        # 0.14 infers a column's type, and so refuses or takes all of it alike.
        request["entities"][key] = [wrong] * len(column) if isinstance(wrong, str) else column
        return f"a key that is {wrong!r}", request

    def _missing_entity(self) -> tuple[str, Any]:
        views = [view for view in self._views() if view.keys] or [self._store.views["trips"]]
        request = self._request(views)
        gone = self._random.choice(list(request["entities"]))
        rows = len(request["entities"].pop(gone))
        if not request["entities"]:
            other = "customer_id" if gone != "customer_id" else "driver_id"
            request["entities"][other] = (["c-1"] if other == "customer_id" else [1001]) * rows
        return f"no {gone}", request

    def _no_rows(self) -> tuple[str, Any]:
        request = self._request(self._views())
        request["entities"] = {key: [] for key in request["entities"]}
        return "no rows", request

    def _uneven(self) -> tuple[str, Any]:
        request = self._request([self._store.views["trips"]])
        column = request["entities"]["driver_id"]
        request["entities"]["driver_id"] = [*column, column[0]]
        return "columns of different lengths", request

    def _unknown_name(self) -> tuple[str, Any]:
        kind = self._random.choice(["view", "feature", "service"])
        request = self._request(self._views())
        if kind == "service":
            del request["features"]
            request["feature_service"] = "nowhere"
        elif kind == "view":
            request["features"] = ["nowhere:x"]
        else:
            request["features"] = [request["features"][0].split(":")[0] + ":nothing"]
        return f"an unknown {kind}", request

    def _malformed(self) -> tuple[str, Any]:
        request = self._request(self._views())
        kind = self._random.choice(["no colon", "no features", "not an object", "features as text"])
        if kind == "no colon":
            request["features"] = ["driver_hourly_stats"]
        elif kind == "no features":
            request["features"] = []
        elif kind == "features as text":
            request["features"] = request["features"][0]
        return kind, [] if kind == "not an object" else request

    # Parts.

    def _views(self) -> list[View]:
        views = [view for view in self._store.views.values() if view.keys]
        return self._random.sample(views, self._random.choice([1, 1, 1, 2, 2, 3]))

    def _request(self, views: list[View]) -> dict[str, Any]:
        references = []
        taken: set[str] = set()
        for view in views:
            free = [name for name in view.features if name not in taken]
            names = self._random.sample(free, self._random.randint(1, len(free)))
            taken.update(names)
            references += [f"{view.name}:{name}" for name in names]
        if self._random.random() < 0.3:
            self._random.shuffle(references)
        request = {"features": references, "entities": self._entities(views)}
        self._set_full_names(request)
        return request

    def _set_full_names(self, request: dict[str, Any], always: bool = False) -> None:
        if always or self._random.random() < 0.4:
            request["full_feature_names"] = True

    def _entities(self, views: list[View]) -> dict[str, list[Any]]:
        types = {key: kind for view in views for key, kind in view.keys.items()}
        keys = list(types)
        self._random.shuffle(keys)
        rows = [self._row(views, types) for _ in range(self._random.choice([1, 1, 2, 3, 5, 12]))]
        if self._random.random() < 0.2:
            rows.append(rows[0])
        return {key: [row[key] for row in rows] for key in keys}

    def _row(self, views: list[View], types: dict[str, str]) -> dict[str, Any]:
        """Mostly that of some view's stored row, so that views of two keys are hit too."""
        row = {key: self._key(key, kind) for key, kind in types.items()}
        stored = [stored for view in views for stored in view.rows if view.keys]
        if stored and self._random.random() < 0.7:
            row |= self._random.choice(stored).keys
        return row

    def _key(self, key: str, kind: str) -> Any:
        known = [row.keys[key] for view in self._store.views.values() for row in view.rows if key in view.keys]
        if self._random.random() < 0.25:
            return self._random.choice(UNKNOWN_KEYS[kind])
        return self._random.choice(known)

    def _service_entities(self, projections: tuple[Projection, ...]) -> dict[str, list[Any]]:
        views = [self._store.views[projection.view] for projection in projections]
        entities = self._entities(views)
        renamed: dict[str, list[Any]] = {}
        for projection, view in zip(projections, views, strict=True):
            for key in view.keys:
                column = list(entities[key])
                if key in projection.join_keys:
                    self._random.shuffle(column)
                renamed[projection.join_keys.get(key, key)] = column
        return renamed
