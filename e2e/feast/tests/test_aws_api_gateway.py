"""The life of an HTTP API as the operator makes it, as boto3 sees it."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from interop.aws_errors import refused
from interop.deployed import ACCOUNT, ROUTES, Aws

TARGET = f"arn:aws:lambda:us-west-2:{ACCOUNT}:function:feast-nobody:live"


@pytest.fixture
def gateway(aws: Aws) -> Any:
    return aws.client("apigatewayv2")


@pytest.fixture
def api(gateway: Any) -> Iterator[dict[str, Any]]:
    made = gateway.create_api(Name="feast-api", ProtocolType="HTTP", Tags={"feast-owned": "true"})
    yield made
    with contextlib.suppress(gateway.exceptions.NotFoundException):
        gateway.delete_api(ApiId=made["ApiId"])


def integrate(gateway: Any, api: dict[str, Any], uri: str = TARGET) -> dict[str, Any]:
    return gateway.create_integration(
        ApiId=api["ApiId"], IntegrationType="AWS_PROXY", IntegrationUri=uri, PayloadFormatVersion="2.0"
    )


def test_an_api_is_made_found_renamed_and_deleted(gateway: Any, aws: Aws, api: dict[str, Any]) -> None:
    assert (api["Name"], api["ProtocolType"]) == ("feast-api", "HTTP")
    assert api["ApiEndpoint"] == f"{aws.endpoint}/_apis/{api['ApiId']}"
    assert api["RouteSelectionExpression"] == "$request.method $request.path"
    found = gateway.get_api(ApiId=api["ApiId"])
    assert {key: found[key] for key in ("Name", "ApiEndpoint", "Tags")} == {
        "Name": "feast-api",
        "ApiEndpoint": api["ApiEndpoint"],
        "Tags": {"feast-owned": "true"},
    }
    assert found["CreatedDate"] == api["CreatedDate"]
    assert api["ApiId"] in [item["ApiId"] for item in gateway.get_apis()["Items"]]
    assert gateway.update_api(ApiId=api["ApiId"], Description="other")["Description"] == "other"
    gateway.delete_api(ApiId=api["ApiId"])
    with refused("NotFoundException", 404):
        gateway.get_api(ApiId=api["ApiId"])
    with refused("NotFoundException", 404):
        gateway.delete_api(ApiId=api["ApiId"])


def test_apis_are_listed_by_pages(gateway: Any) -> None:
    made = {gateway.create_api(Name=f"feast-page-{n}", ProtocolType="HTTP")["ApiId"] for n in range(3)}
    seen: list[str] = []
    page = gateway.get_apis(MaxResults="1")
    while True:
        assert len(page["Items"]) == 1
        seen += [item["ApiId"] for item in page["Items"]]
        if "NextToken" not in page:
            break
        page = gateway.get_apis(MaxResults="1", NextToken=page["NextToken"])
    assert made <= set(seen)
    assert len(seen) == len(set(seen))
    for api in made:
        gateway.delete_api(ApiId=api)


def test_an_integration_and_its_routes(gateway: Any, api: dict[str, Any]) -> None:
    of = {"ApiId": api["ApiId"]}
    made = integrate(gateway, api)
    assert (made["IntegrationType"], made["IntegrationUri"], made["PayloadFormatVersion"]) == (
        "AWS_PROXY",
        TARGET,
        "2.0",
    )
    integration = made["IntegrationId"]
    assert [item["IntegrationId"] for item in gateway.get_integrations(**of)["Items"]] == [integration]
    other = TARGET.replace("nobody", "somebody")
    assert gateway.update_integration(**of, IntegrationId=integration, IntegrationUri=other)["IntegrationUri"] == other
    with refused("BadRequestException", 400):
        integrate(gateway, api, "arn:aws:sqs:nowhere")

    target = f"integrations/{integration}"
    routes = {key: gateway.create_route(**of, RouteKey=key, Target=target) for key in ROUTES}
    assert {key: (route["RouteKey"], route["Target"]) for key, route in routes.items()} == {
        key: (key, target) for key in ROUTES
    }
    assert {route["AuthorizationType"] for route in routes.values()} == {"NONE"}
    with refused("ConflictException", 409):
        gateway.create_route(**of, RouteKey=ROUTES[0], Target=target)
    assert {item["RouteId"] for item in gateway.get_routes(**of)["Items"]} == {
        route["RouteId"] for route in routes.values()
    }
    route = routes[ROUTES[0]]["RouteId"]
    assert gateway.get_route(**of, RouteId=route)["RouteKey"] == ROUTES[0]
    assert gateway.update_route(**of, RouteId=route, Target=target)["RouteId"] == route
    gateway.delete_route(**of, RouteId=route)
    with refused("NotFoundException", 404):
        gateway.get_route(**of, RouteId=route)
    for key in ROUTES[1:]:
        gateway.delete_route(**of, RouteId=routes[key]["RouteId"])
    gateway.delete_integration(**of, IntegrationId=integration)
    with refused("NotFoundException", 404):
        gateway.get_integration(**of, IntegrationId=integration)


def test_a_stage(gateway: Any, api: dict[str, Any]) -> None:
    of = {"ApiId": api["ApiId"], "StageName": "$default"}
    made = gateway.create_stage(**of, AutoDeploy=True)
    assert (made["StageName"], made["AutoDeploy"]) == ("$default", True)
    with refused("ConflictException", 409):
        gateway.create_stage(**of, AutoDeploy=True)
    assert [item["StageName"] for item in gateway.get_stages(ApiId=api["ApiId"])["Items"]] == ["$default"]
    assert gateway.get_stage(**of)["CreatedDate"] == made["CreatedDate"]
    gateway.delete_stage(**of)
    with refused("NotFoundException", 404):
        gateway.get_stage(**of)


def test_an_api_keeps_its_tags(gateway: Any, aws: Aws, api: dict[str, Any]) -> None:
    arn = f"arn:aws:apigateway:{aws.region}::/apis/{api['ApiId']}"
    gateway.tag_resource(ResourceArn=arn, Tags={"team": "ml", "feast-owned": "yes"})
    assert gateway.get_tags(ResourceArn=arn)["Tags"] == {"feast-owned": "yes", "team": "ml"}
    gateway.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert gateway.get_tags(ResourceArn=arn)["Tags"] == {"feast-owned": "yes"}
    with refused("NotFoundException", 404):
        gateway.get_tags(ResourceArn=f"{arn}x")
