"""Feast 0.67.0's feature server as a Lambda function: its own app, in Mangum, as 0.14.1's image had its own.

Mangum would run the app's lifespan at every event, and the app's end closes the store for good: it is begun once, as
a server does, before the first event. No timer refreshes the registry, for a function is frozen between events: the
registry's own cache_ttl_seconds does.
"""

import asyncio
import base64
import os
import tempfile
from pathlib import Path

from feast import FeatureStore
from feast.feature_server import get_app
from mangum import Mangum

folder = Path(tempfile.mkdtemp())
(folder / "feature_store.yaml").write_bytes(base64.b64decode(os.environ["FEATURE_STORE_YAML_BASE64"]))

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
app = get_app(FeatureStore(repo_path=str(folder)), registry_ttl_sec=0)
lifespan = app.router.lifespan_context(app)
loop.run_until_complete(lifespan.__aenter__())
handler = Mangum(app, lifespan="off")
