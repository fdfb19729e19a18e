"""A feature server made with boto3 as the operator makes one: repository, image, function, version, alias, API."""

import base64
import hashlib
import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import boto3
from botocore.config import Config

from interop import local_aws

ALIAS = "live"
ROUTES = ("POST /get-online-features", "POST /v2/get-online-features", "GET /health")
ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/feature-server"

PULL_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "LambdaPulls",
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            }
        ],
    }
)


class Aws:
    """boto3's clients for local-aws, and nothing of the caller's own settings."""

    def __init__(self, endpoint: str, region: str = local_aws.REGION) -> None:
        self.endpoint = endpoint
        self.region = region
        self._session = boto3.Session(
            aws_access_key_id="local", aws_secret_access_key="local", region_name=region, profile_name=None
        )

    def client(self, service: str, **more: Any) -> Any:
        # One try: what an error looks like is what is tested.
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return self._session.client(service, endpoint_url=self.endpoint, config=config, **more)


@dataclass(frozen=True)
class Image:
    """An OCI layout's one image. `blobs` are its config and layers, by digest."""

    layout: Path
    manifest: bytes
    media_type: str

    @staticmethod
    def of(layout: Path) -> "Image":
        entry = json.loads((layout / "index.json").read_text())["manifests"][0]
        return Image(layout, _blob(layout, entry["digest"]).read_bytes(), entry["mediaType"])

    @property
    def digest(self) -> str:
        return "sha256:" + hashlib.sha256(self.manifest).hexdigest()

    @property
    def blobs(self) -> list[str]:
        manifest = json.loads(self.manifest)
        return [manifest["config"]["digest"], *(layer["digest"] for layer in manifest["layers"])]


def _blob(layout: Path, digest: str) -> Path:
    return layout / "blobs" / digest.replace(":", "/")


class Registry:
    """ECR's other face: the OCI distribution API, with the token that GetAuthorizationToken gives."""

    def __init__(self, repository_uri: str, token: str) -> None:
        host, self._name = repository_uri.split("/", 1)
        self._host = host
        self._headers = {"Authorization": f"Basic {token}"}

    def push(self, image: Image, reference: str | None = None) -> str:
        """Returns the digest. By tag where a reference is given, else by digest."""
        for digest in image.blobs:
            if self._call("HEAD", f"blobs/{digest}")[0] == 404:
                status, headers, body = self._call("POST", "blobs/uploads/")
                assert status == 202, body
                location = urljoin(f"http://{self._host}/", headers["Location"])
                path = location + ("&" if "?" in location else "?") + f"digest={digest}"
                status, _, body = self._call("PUT", path, _blob(image.layout, digest).read_bytes())
                assert status == 201, body
        path = f"manifests/{reference or image.digest}"
        status, headers, body = self._call("PUT", path, image.manifest, {"Content-Type": image.media_type})
        assert status == 201, body
        assert headers["Docker-Content-Digest"] == image.digest
        return image.digest

    def _call(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, bytes]:
        url = urlsplit(path if path.startswith("http") else f"http://{self._host}/v2/{self._name}/{path}")
        connection = http.client.HTTPConnection(url.netloc, timeout=60)
        try:
            target = url.path + (f"?{url.query}" if url.query else "")
            connection.request(method, target, body, self._headers | (headers or {}))
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


def token(ecr: Any) -> str:
    return ecr.get_authorization_token()["authorizationData"][0]["authorizationToken"]


def deploy(aws: Aws, name: str, image: Image, feature_store_yaml: str) -> str:
    """Returns the endpoint's URL once the alias answers there."""
    ecr, function, gateway = aws.client("ecr"), aws.client("lambda"), aws.client("apigatewayv2")
    repository = ecr.create_repository(repositoryName=name)["repository"]
    ecr.set_repository_policy(repositoryName=name, policyText=PULL_POLICY)
    digest = Registry(repository["repositoryUri"], token(ecr)).push(image)
    function.create_function(
        FunctionName=name,
        PackageType="Image",
        Code={"ImageUri": f"{repository['repositoryUri']}@{digest}"},
        Role=ROLE,
        MemorySize=1769,
        Timeout=30,
        Environment={
            "Variables": {"FEATURE_STORE_YAML_BASE64": base64.b64encode(feature_store_yaml.encode()).decode()}
        },
    )
    function.get_waiter("function_active_v2").wait(FunctionName=name)
    version = function.publish_version(FunctionName=name)["Version"]
    function.get_waiter("published_version_active").wait(FunctionName=name, Qualifier=version)
    alias = function.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
    api = gateway.create_api(Name=name, ProtocolType="HTTP")
    integration = gateway.create_integration(
        ApiId=api["ApiId"],
        IntegrationType="AWS_PROXY",
        IntegrationUri=alias["AliasArn"],
        PayloadFormatVersion="2.0",
    )
    for number, route in enumerate(ROUTES):
        gateway.create_route(ApiId=api["ApiId"], RouteKey=route, Target=f"integrations/{integration['IntegrationId']}")
        allow(function, aws, name, api["ApiId"], route, f"route-{number}")
    gateway.create_stage(ApiId=api["ApiId"], StageName="$default", AutoDeploy=True)
    return api["ApiEndpoint"]


def allow(function: Any, aws: Aws, name: str, api: str, route: str, statement: str) -> dict[str, Any]:
    """Lets the route, and nothing else, call the alias."""
    method, path = route.split(" ")
    return function.add_permission(
        FunctionName=name,
        Qualifier=ALIAS,
        StatementId=statement,
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:{aws.region}:{ACCOUNT}:{api}/$default/{method}{path}",
    )
