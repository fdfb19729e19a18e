"""AWS' errors by their codes, which is how programs tell them apart."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError


@contextmanager
def refused(code: str, status: int | None = None) -> Iterator[None]:
    with pytest.raises(ClientError) as caught:
        yield
    error = caught.value.response
    assert error["Error"]["Code"] == code, error
    assert error["Error"]["Message"] or status == 404, error
    assert error["ResponseMetadata"]["RequestId"], error
    if status is not None:
        assert error["ResponseMetadata"]["HTTPStatusCode"] == status, error
