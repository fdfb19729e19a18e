"""Where the registry and the features lie, and who asks for them, as boto3 sees it."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from interop.aws_errors import refused
from interop.deployed import ACCOUNT, ROLE, Aws


@pytest.fixture
def bucket() -> str:
    return f"feast-{uuid.uuid4().hex[:8]}"


def test_a_bucket_and_an_object(aws: Aws, bucket: str) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
    with refused("BucketAlreadyOwnedByYou", 409):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == aws.region
    assert bucket in [found["Name"] for found in s3.list_buckets()["Buckets"]]

    key = "registries/ü x+y.db"
    put = s3.put_object(Bucket=bucket, Key=key, Body=b"one", ContentType="application/x-feast", Metadata={"a": "b"})
    got = s3.get_object(Bucket=bucket, Key=key)
    assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"one", "application/x-feast", {"a": "b"})
    assert got["ETag"] == put["ETag"]
    assert abs(got["LastModified"] - datetime.now(UTC)) < timedelta(minutes=5)
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == 3
    with refused("304"):
        s3.get_object(Bucket=bucket, Key=key, IfNoneMatch=put["ETag"])
    assert s3.get_object(Bucket=bucket, Key=key, Range="bytes=1-")["Body"].read() == b"ne"
    listed = s3.list_objects_v2(Bucket=bucket, Prefix="registries/")
    assert [(found["Key"], found["Size"]) for found in listed["Contents"]] == [(key, 3)]

    with refused("BucketNotEmpty", 409):
        s3.delete_bucket(Bucket=bucket)
    s3.delete_object(Bucket=bucket, Key=key)
    with refused("NoSuchKey", 404):
        s3.get_object(Bucket=bucket, Key=key)
    with refused("404", 404):
        s3.head_object(Bucket=bucket, Key=key)
    s3.delete_bucket(Bucket=bucket)
    with refused("NoSuchBucket", 404):
        s3.get_object(Bucket=bucket, Key=key)


def test_a_large_object_in_parts(aws: Aws, bucket: str) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})
    of = {"Bucket": bucket, "Key": "big"}
    upload = {**of, "UploadId": s3.create_multipart_upload(**of)["UploadId"]}
    bodies = [b"a" * 5 * 1024 * 1024, b"b"]
    parts = [
        {"PartNumber": n, "ETag": s3.upload_part(**upload, PartNumber=n, Body=body)["ETag"]}
        for n, body in enumerate(bodies, 1)
    ]
    done = s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
    assert done["ETag"].endswith('-2"')
    assert s3.head_object(**of)["ContentLength"] == len(b"".join(bodies))
    assert s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "big"}]})["Deleted"] == [{"Key": "big"}]


def test_who_is_asking(aws: Aws) -> None:
    sts = aws.client("sts")
    assert sts.get_caller_identity()["Account"] == ACCOUNT
    assumed = sts.assume_role(RoleArn=ROLE, RoleSessionName="interop", DurationSeconds=900)
    keys = assumed["Credentials"]
    assert timedelta(minutes=14) < keys["Expiration"] - datetime.now(UTC) <= timedelta(minutes=15)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/feature-server/interop"
    assert assumed["AssumedRoleUser"]["Arn"] == session

    def as_role(secret: str) -> Any:
        return boto3.Session(keys["AccessKeyId"], secret, keys["SessionToken"], aws.region).client(
            "sts", endpoint_url=aws.endpoint
        )

    assert as_role(keys["SecretAccessKey"]).get_caller_identity()["Arn"] == session
    with refused("SignatureDoesNotMatch", 403):
        as_role("another").get_caller_identity()
    with refused("ValidationError", 400):
        sts.assume_role(RoleArn="no-arn-of-any-role-at-all", RoleSessionName="interop")


def test_a_table_as_feast_makes_it(aws: Aws) -> None:
    dynamodb = aws.client("dynamodb")
    table = f"interop.{uuid.uuid4().hex[:8]}"
    made = dynamodb.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "entity_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "entity_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]
    assert made["TableArn"].endswith(f"{ACCOUNT}:table/{table}")
    dynamodb.get_waiter("table_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    with refused("ResourceInUseException", 400):
        dynamodb.create_table(
            TableName=table,
            KeySchema=[{"AttributeName": "entity_id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "entity_id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    item = {
        "entity_id": {"S": "k"},
        "event_ts": {"S": "2026-11-01 12:00:00+00:00"},
        "values": {"M": {"f": {"B": b"\x20\x01"}}},
    }
    dynamodb.put_item(TableName=table, Item=item)
    read = dynamodb.batch_get_item(
        RequestItems={
            table: {
                "Keys": [{"entity_id": {"S": "k"}}, {"entity_id": {"S": "missing"}}],
                "ProjectionExpression": "entity_id, #v.#f",
                "ExpressionAttributeNames": {"#v": "values", "#f": "f"},
            }
        }
    )
    assert read["Responses"] == {table: [{"entity_id": {"S": "k"}, "values": {"M": {"f": {"B": b"\x20\x01"}}}}]}
    assert read["UnprocessedKeys"] == {}
    with refused("ValidationException", 400):
        dynamodb.batch_get_item(RequestItems={table: {"Keys": [{"entity_id": {"S": "k"}}] * 2}})
    dynamodb.delete_table(TableName=table)
    dynamodb.get_waiter("table_not_exists").wait(TableName=table, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    with refused("ResourceNotFoundException", 400):
        dynamodb.batch_get_item(RequestItems={table: {"Keys": [{"entity_id": {"S": "k"}}]}})
