package dev.feast.aws.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One Feast feature server on AWS Lambda: a function that answers lookups, and the HTTP endpoint in
 * front of it.
 */
@JsonClassDescription(
    "A Feast feature server on AWS Lambda: declares the feature store that is served; the operator"
        + " makes the ECR repository, Lambda function and HTTP API for it and reports the endpoint"
        + " in its status.")
@Group("aws.feast.dev")
@Version("v1alpha1")
@ShortNames("fsrv")
@Categories("feast")
@AdditionalPrinterColumn(
    name = "PROJECT",
    jsonPath = ".status.project",
    getDescription = "Feast project that is served")
@AdditionalPrinterColumn(
    name = "ENDPOINT",
    jsonPath = ".status.endpoint",
    getDescription = "Base URL of the feature server")
@AdditionalPrinterColumn(
    name = "READY",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    getDescription = "Whether the endpoint serves what the spec says")
@AdditionalPrinterColumn(
    name = "REASON",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    getDescription = "Why it is ready or not")
@AdditionalPrinterColumn(
    name = "REGION",
    jsonPath = ".status.region",
    priority = 1,
    getDescription = "AWS region of the function and the endpoint")
@AdditionalPrinterColumn(
    name = "VERSION",
    jsonPath = ".status.function.version",
    priority = 1,
    getDescription = "Version of the Lambda function that answers")
@AdditionalPrinterColumn(
    name = "IMAGE",
    jsonPath = ".status.image.digest",
    priority = 1,
    getDescription = "Digest of the image of the version that answers")
@AdditionalPrinterColumn(
    name = "AUTH",
    jsonPath = ".status.authorization",
    priority = 1,
    getDescription = "Who may ask the endpoint")
@AdditionalPrinterColumn(
    name = "AGE",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    getDescription = "Time since the FeatureServer was created")
public final class FeatureServer extends CustomResource<FeatureServerSpec, FeatureServerStatus>
    implements Namespaced {}
