"""The life of a function as the operator makes it, as boto3 sees it."""

import base64
import contextlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from interop import repository
from interop.aws_errors import refused
from interop.deployed import ACCOUNT, ALIAS, PULL_POLICY, ROLE, Aws, Image, Registry, token
from interop.world import LocalAws


@pytest.fixture(scope="module")
def image_uri(aws: Aws) -> str:
    ecr = aws.client("ecr")
    uri = ecr.create_repository(repositoryName="feast-lambda-tests")["repository"]["repositoryUri"]
    ecr.set_repository_policy(repositoryName="feast-lambda-tests", policyText=PULL_POLICY)
    return f"{uri}@{Registry(uri, token(ecr)).push(Image.of(repository.IMAGE))}"


@pytest.fixture(scope="module")
def function(aws: Aws) -> Any:
    return aws.client("lambda")


@pytest.fixture
def name(function: Any) -> Iterator[str]:
    name = f"feast-{uuid4().hex[:8]}"
    yield name
    with contextlib.suppress(function.exceptions.ResourceNotFoundException):
        function.delete_function(FunctionName=name)


def create(function: Any, name: str, image_uri: str, yaml: str = "project: dev\n", **more: Any) -> dict[str, Any]:
    created = function.create_function(
        FunctionName=name,
        PackageType="Image",
        Code={"ImageUri": image_uri},
        Role=ROLE,
        MemorySize=1769,
        Timeout=30,
        Environment={"Variables": {"FEATURE_STORE_YAML_BASE64": base64.b64encode(yaml.encode()).decode()}},
        Tags={"feast-owned": "true"},
        **more,
    )
    function.get_waiter("function_active_v2").wait(FunctionName=name)
    return created


def test_a_function_is_created_updated_and_deleted(
    function: Any, aws: Aws, name: str, image_uri: str, local_aws: LocalAws
) -> None:
    created = create(function, name, image_uri)
    arn = f"arn:aws:lambda:{aws.region}:{ACCOUNT}:function:{name}"
    assert (created["FunctionArn"], created["Version"], created["State"]) == (arn, "$LATEST", "Pending")
    assert (created["PackageType"], created["Role"], created["Architectures"]) == ("Image", ROLE, ["x86_64"])
    assert (created["MemorySize"], created["Timeout"]) == (1769, 30)
    assert created["CodeSha256"] == image_uri.rsplit(":", 1)[1]
    with refused("ResourceConflictException", 409):
        create(function, name, image_uri)

    found = function.get_function(FunctionName=name)
    assert found["Code"]["RepositoryType"] == "ECR"
    assert (found["Code"]["ImageUri"], found["Code"]["ResolvedImageUri"]) == (image_uri, image_uri)
    assert found["Tags"] == {"feast-owned": "true"}
    configuration = found["Configuration"]
    assert (configuration["State"], configuration["LastUpdateStatus"]) == ("Active", "Successful")
    assert set(configuration["Environment"]["Variables"]) == {"FEATURE_STORE_YAML_BASE64"}
    assert function.get_function_configuration(FunctionName=arn)["RevisionId"] == configuration["RevisionId"]
    listed = [f for page in function.get_paginator("list_functions").paginate() for f in page["Functions"]]
    assert arn in [f["FunctionArn"] for f in listed]

    with refused("PreconditionFailedException", 412):
        function.update_function_configuration(FunctionName=name, MemorySize=512, RevisionId=str(uuid4()))
    updated = function.update_function_configuration(FunctionName=name, MemorySize=512)
    assert (updated["MemorySize"], updated["LastUpdateStatus"]) == (512, "InProgress")
    function.get_waiter("function_updated_v2").wait(FunctionName=name)
    recoded = function.update_function_code(FunctionName=name, ImageUri=image_uri)
    assert recoded["CodeSha256"] == created["CodeSha256"]
    function.get_waiter("function_updated_v2").wait(FunctionName=name)

    assert function.delete_function(FunctionName=name)["ResponseMetadata"]["HTTPStatusCode"] in (200, 204)
    with refused("ResourceNotFoundException", 404):
        function.get_function(FunctionName=name)
    with refused("ResourceNotFoundException", 404):
        function.delete_function(FunctionName=name)


def test_what_cannot_be_created_is_refused(function: Any, aws: Aws, name: str, image_uri: str) -> None:
    repository_uri, _digest = image_uri.split("@")
    with refused("InvalidParameterValueException", 400):
        create(function, name, f"{repository_uri}@sha256:{'0' * 64}")
    with refused("InvalidParameterValueException", 400):
        create(function, name, image_uri, yaml="x" * 4096)
    with refused("ValidationException", 400):
        function.create_function(
            FunctionName=name, PackageType="Image", Code={"ImageUri": image_uri}, Role=ROLE, Timeout=901
        )
    with refused("ResourceNotFoundException", 404):
        function.get_function(FunctionName=name)


def test_a_function_keeps_its_tags(function: Any, name: str, image_uri: str) -> None:
    arn = create(function, name, image_uri)["FunctionArn"]
    function.tag_resource(Resource=arn, Tags={"team": "ml"})
    assert function.list_tags(Resource=arn)["Tags"] == {"feast-owned": "true", "team": "ml"}
    function.untag_resource(Resource=arn, TagKeys=["team"])
    assert function.list_tags(Resource=arn)["Tags"] == {"feast-owned": "true"}


def test_versions_are_published_and_an_alias_moves(function: Any, name: str, image_uri: str) -> None:
    arn = create(function, name, image_uri)["FunctionArn"]
    first = function.publish_version(FunctionName=name, Description="one")
    assert (first["Version"], first["FunctionArn"]) == ("1", f"{arn}:1")
    assert function.publish_version(FunctionName=name)["Version"] == "1", "nothing has changed"
    with refused("InvalidParameterValueException", 400):
        function.publish_version(FunctionName=name, CodeSha256="0" * 64)

    alias = function.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1")
    assert (alias["AliasArn"], alias["FunctionVersion"]) == (f"{arn}:{ALIAS}", "1")
    with refused("ResourceConflictException", 409):
        function.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1")

    function.update_function_configuration(FunctionName=name, Timeout=29)
    function.get_waiter("function_updated_v2").wait(FunctionName=name)
    assert function.publish_version(FunctionName=name)["Version"] == "2"
    moved = function.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion="2")
    assert moved["FunctionVersion"] == "2"
    assert moved["RevisionId"] != alias["RevisionId"]
    assert function.get_alias(FunctionName=name, Name=ALIAS)["FunctionVersion"] == "2"
    assert function.get_function(FunctionName=name, Qualifier=ALIAS)["Configuration"]["Timeout"] == 29
    versions = [
        version["Version"]
        for page in function.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        for version in page["Versions"]
    ]
    assert versions == ["$LATEST", "1", "2"]
    with refused("ResourceConflictException", 409):
        function.delete_function(FunctionName=name, Qualifier="2")
    function.delete_function(FunctionName=name, Qualifier="1")
    with refused("ResourceNotFoundException", 404):
        function.get_function(FunctionName=name, Qualifier="1")
    with refused("ResourceNotFoundException", 404):
        function.get_alias(FunctionName=name, Name="nowhere")


def test_each_alias_has_a_policy_of_its_own(function: Any, aws: Aws, name: str, image_uri: str) -> None:
    arn = create(function, name, image_uri)["FunctionArn"]
    function.publish_version(FunctionName=name)
    function.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion="1")
    with refused("ResourceNotFoundException", 404):
        function.get_policy(FunctionName=name, Qualifier=ALIAS)
    source = f"arn:aws:execute-api:{aws.region}:{ACCOUNT}:abc/$default/GET/health"
    permission = {
        "FunctionName": name,
        "Qualifier": ALIAS,
        "StatementId": "health",
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": source,
    }
    statement = json.loads(function.add_permission(**permission)["Statement"])
    assert statement == {
        "Sid": "health",
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": f"{arn}:{ALIAS}",
        "Condition": {"ArnLike": {"AWS:SourceArn": source}},
    }
    with refused("ResourceConflictException", 409):
        function.add_permission(**permission)
    assert json.loads(function.get_policy(FunctionName=name, Qualifier=ALIAS)["Policy"])["Statement"] == [statement]
    with refused("ResourceNotFoundException", 404):
        function.get_policy(FunctionName=name)
    function.remove_permission(FunctionName=name, Qualifier=ALIAS, StatementId="health")
    with refused("ResourceNotFoundException", 404):
        function.remove_permission(FunctionName=name, Qualifier=ALIAS, StatementId="health")


def test_a_version_is_invoked_with_its_log(function: Any, name: str, image_uri: str, local_aws: LocalAws) -> None:
    create(function, name, image_uri, local_aws.fixture_yaml.read_text())
    function.publish_version(FunctionName=name)
    event = {
        "version": "2.0",
        "routeKey": "GET /health",
        "rawPath": "/health",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {"http": {"method": "GET", "path": "/health"}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    answer = function.invoke(FunctionName=name, Qualifier="1", LogType="Tail", Payload=json.dumps(event).encode())
    assert (answer["StatusCode"], answer["ExecutedVersion"], answer.get("FunctionError")) == (200, "1", None)
    health = json.loads(answer["Payload"].read())
    assert health["statusCode"] == 200
    assert json.loads(health["body"])["registry"]["state"] == "loaded"
    log = base64.b64decode(answer["LogResult"]).decode()
    assert all(f"{line} RequestId: " in log for line in ("START", "END", "REPORT"))
    with refused("InvalidRequestContentException", 400):
        function.invoke(FunctionName=name, Payload=b"{")
    with refused("ResourceNotFoundException", 404):
        function.invoke(FunctionName=name, Qualifier="7", Payload=b"{}")
