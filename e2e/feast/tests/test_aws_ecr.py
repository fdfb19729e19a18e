"""The life of what the operator makes in ECR, as boto3 sees it."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from interop import repository
from interop.aws_errors import refused
from interop.deployed import ACCOUNT, PULL_POLICY, Aws, Image, Registry, token

TAGS = [{"Key": "feast-owned", "Value": "true"}]


@pytest.fixture
def ecr(aws: Aws) -> Any:
    return aws.client("ecr")


@pytest.fixture
def name() -> str:
    return f"feast-{uuid4().hex[:8]}"


@pytest.fixture
def made(ecr: Any, name: str) -> dict[str, Any]:
    return ecr.create_repository(repositoryName=name, tags=TAGS)["repository"]


def test_a_repository_is_made_found_and_deleted(ecr: Any, aws: Aws, name: str, made: dict[str, Any]) -> None:
    arn = f"arn:aws:ecr:{aws.region}:{ACCOUNT}:repository/{name}"
    assert made["repositoryName"] == name
    assert made["repositoryArn"] == arn
    assert made["registryId"] == ACCOUNT
    assert made["repositoryUri"] == f"{aws.endpoint.removeprefix('http://')}/{ACCOUNT}/{aws.region}/{name}"
    assert made["imageTagMutability"] == "MUTABLE"
    assert abs(made["createdAt"] - datetime.now(UTC)) < timedelta(minutes=5)
    assert ecr.describe_repositories(repositoryNames=[name])["repositories"] == [made]
    assert made in [r for page in ecr.get_paginator("describe_repositories").paginate() for r in page["repositories"]]
    with refused("RepositoryAlreadyExistsException", 400):
        ecr.create_repository(repositoryName=name)
    with refused("InvalidParameterException", 400):
        ecr.create_repository(repositoryName="Upper")
    assert ecr.delete_repository(repositoryName=name)["repository"]["repositoryArn"] == arn
    with refused("RepositoryNotFoundException", 400):
        ecr.describe_repositories(repositoryNames=[name])
    with refused("RepositoryNotFoundException", 400):
        ecr.delete_repository(repositoryName=name)


def test_a_repository_keeps_its_tags(ecr: Any, made: dict[str, Any]) -> None:
    arn = made["repositoryArn"]
    ecr.tag_resource(resourceArn=arn, tags=[{"Key": "team", "Value": "ml"}, {"Key": "feast-owned", "Value": "yes"}])
    tags = ecr.list_tags_for_resource(resourceArn=arn)["tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"feast-owned": "yes", "team": "ml"}
    ecr.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert ecr.list_tags_for_resource(resourceArn=arn)["tags"] == [{"Key": "feast-owned", "Value": "yes"}]


def test_a_repository_has_a_policy(ecr: Any, name: str, made: dict[str, Any]) -> None:
    with refused("RepositoryPolicyNotFoundException", 400):
        ecr.get_repository_policy(repositoryName=name)
    ecr.set_repository_policy(repositoryName=name, policyText=PULL_POLICY)
    found = ecr.get_repository_policy(repositoryName=name)
    assert json.loads(found["policyText"]) == json.loads(PULL_POLICY)
    assert found["registryId"] == ACCOUNT
    ecr.delete_repository_policy(repositoryName=name)
    with refused("RepositoryPolicyNotFoundException", 400):
        ecr.delete_repository_policy(repositoryName=name)


def test_a_repository_has_a_lifecycle_policy(ecr: Any, name: str, made: dict[str, Any]) -> None:
    policy = json.dumps(
        {
            "rules": [
                {
                    "rulePriority": 1,
                    "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 5},
                    "action": {"type": "expire"},
                }
            ]
        }
    )
    with refused("LifecyclePolicyNotFoundException", 400):
        ecr.get_lifecycle_policy(repositoryName=name)
    ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=policy)
    assert json.loads(ecr.get_lifecycle_policy(repositoryName=name)["lifecyclePolicyText"]) == json.loads(policy)
    ecr.delete_lifecycle_policy(repositoryName=name)
    with refused("LifecyclePolicyNotFoundException", 400):
        ecr.delete_lifecycle_policy(repositoryName=name)


def test_a_token_opens_the_registry(ecr: Any, aws: Aws) -> None:
    data = ecr.get_authorization_token()["authorizationData"][0]
    user, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
    assert (user, bool(password)) == ("AWS", True)
    assert data["proxyEndpoint"] == aws.endpoint
    assert timedelta(hours=11) < data["expiresAt"] - datetime.now(UTC) <= timedelta(hours=12)


def test_an_image_is_pushed_described_and_deleted(ecr: Any, name: str, made: dict[str, Any]) -> None:
    image = Image.of(repository.IMAGE)
    digest = Registry(made["repositoryUri"], token(ecr)).push(image)
    by_digest = [{"imageDigest": digest}]

    (described,) = ecr.describe_images(repositoryName=name, imageIds=by_digest)["imageDetails"]
    assert described["imageDigest"] == digest
    assert described["repositoryName"] == name
    assert described["imageManifestMediaType"] == image.media_type
    assert described["imageSizeInBytes"] > 10_000_000
    assert "imageTags" not in described

    (got,) = ecr.batch_get_image(repositoryName=name, imageIds=by_digest)["images"]
    assert hashlib.sha256(got["imageManifest"].encode()).hexdigest() == digest.removeprefix("sha256:")

    put = {"repositoryName": name, "imageManifest": got["imageManifest"], "imageTag": "live"}
    tagged = ecr.put_image(imageManifestMediaType=image.media_type, **put)["image"]
    assert tagged["imageId"] == {"imageDigest": digest, "imageTag": "live"}
    with refused("ImageAlreadyExistsException", 400):
        ecr.put_image(imageManifestMediaType=image.media_type, **put)
    assert ecr.describe_images(repositoryName=name)["imageDetails"][0]["imageTags"] == ["live"]
    assert ecr.list_images(repositoryName=name)["imageIds"] == [{"imageDigest": digest, "imageTag": "live"}]

    with refused("RepositoryNotEmptyException", 400):
        ecr.delete_repository(repositoryName=name)
    missing = {"imageDigest": "sha256:" + "0" * 64}
    deleted = ecr.batch_delete_image(repositoryName=name, imageIds=[*by_digest, missing])
    assert {"imageDigest": digest, "imageTag": "live"} in deleted["imageIds"]
    (failure,) = deleted["failures"]
    assert (failure["failureCode"], failure["imageId"]) == ("ImageNotFound", missing)
    with refused("ImageNotFoundException", 400):
        ecr.describe_images(repositoryName=name, imageIds=by_digest)
    assert ecr.batch_get_image(repositoryName=name, imageIds=by_digest)["failures"][0]["failureCode"] == "ImageNotFound"


def test_a_tag_of_an_immutable_repository_stays(ecr: Any, name: str) -> None:
    made = ecr.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE")["repository"]
    image = Image.of(repository.IMAGE)
    Registry(made["repositoryUri"], token(ecr)).push(image, "v1")
    # Another manifest of the same blobs.
    other = json.dumps(json.loads(image.manifest) | {"annotations": {"other": "yes"}})
    with refused("ImageTagAlreadyExistsException", 400):
        ecr.put_image(repositoryName=name, imageManifest=other, imageManifestMediaType=image.media_type, imageTag="v1")
    ecr.delete_repository(repositoryName=name, force=True)
    with refused("RepositoryNotFoundException", 400):
        ecr.list_images(repositoryName=name)
