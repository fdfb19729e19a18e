package dev.feast.aws.operator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.api.v1alpha1.Authorization;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/client-feature-store.yaml} is also read by Feast, in e2e/feast. */
class ClientStoreTest {
  private static final Path EXAMPLE = Path.of("../docs/client-feature-store.yaml");

  private final ClientStore store = new ClientStore("dev", "s3://feast/registries/dev");

  @ParameterizedTest
  @EnumSource(names = {"APIKey", "JWT"})
  void isTheExampleWhereATokenIsAskedFor(Authorization authorization) throws Exception {
    assertThat(yaml(authorization)).isEqualTo(Files.readString(EXAMPLE));
  }

  @Test
  void namesNoTokenWhereNoneIsAskedFor() throws Exception {
    String example = Files.readString(EXAMPLE);
    assertThat(yaml(Authorization.None)).isEqualTo(example.substring(0, example.indexOf("auth:")));
  }

  private String yaml(Authorization authorization) {
    return store.yaml("https://a1b2c3.execute-api.us-west-2.amazonaws.com", authorization);
  }
}
