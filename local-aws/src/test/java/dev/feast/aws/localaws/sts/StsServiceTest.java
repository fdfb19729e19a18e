package dev.feast.aws.localaws.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.localaws.LocalAws;
import dev.feast.aws.localaws.Sdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;
import software.amazon.awssdk.services.sts.model.StsException;

class StsServiceTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/team/feast";

  private LocalAws aws;
  private Sdk sdk;
  private StsClient sts;

  @BeforeEach
  void start(@TempDir Path data) throws IOException {
    aws = LocalAws.builder().dataDir(data).start();
    sdk = new Sdk(aws.endpoint());
    sts = sdk.sts();
  }

  @AfterEach
  void stop() {
    sdk.close();
    aws.close();
  }

  private GetCallerIdentityResponse identity(Credentials keys) {
    try (Sdk role =
        sdk.as(
            AwsSessionCredentials.create(
                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()))) {
      return role.sts().getCallerIdentity();
    }
  }

  @Test
  void tellsThatAnyKeyIsRoot() {
    GetCallerIdentityResponse identity = sts.getCallerIdentity();

    assertThat(identity.arn()).isEqualTo("arn:aws:iam::000000000000:root");
    assertThat(identity.account()).isEqualTo("000000000000");
    assertThat(identity.userId()).isEqualTo("000000000000");
  }

  @Test
  void issuesKeysThatAreTheRole() {
    AssumeRoleResponse assumed =
        sts.assumeRole(r -> r.roleArn(ROLE).roleSessionName("dev").durationSeconds(900));

    assertThat(assumed.assumedRoleUser().arn())
        .isEqualTo("arn:aws:sts::123456789012:assumed-role/feast/dev");
    assertThat(assumed.assumedRoleUser().assumedRoleId()).matches("AROA[A-Z2-7]{16}:dev");
    assertThat(assumed.credentials().expiration())
        .isBetween(
            Instant.now().plus(Duration.ofSeconds(800)),
            Instant.now().plus(Duration.ofSeconds(901)));
    GetCallerIdentityResponse identity = identity(assumed.credentials());
    assertThat(identity.arn()).isEqualTo(assumed.assumedRoleUser().arn());
    assertThat(identity.userId()).isEqualTo(assumed.assumedRoleUser().assumedRoleId());
    assertThat(identity.account()).isEqualTo("123456789012");
  }

  @Test
  void issuesKeysForAWebIdentity() {
    String claims =
        "{\"sub\":\"system:serviceaccount:feast:operator\",\"iss\":\"https://k8s\","
            + "\"aud\":[\"sts.amazonaws.com\"]}";
    String token =
        "e30."
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
            + ".c2ln";

    var assumed =
        sts.assumeRoleWithWebIdentity(
            r -> r.roleArn(ROLE).roleSessionName("dev").webIdentityToken(token));

    assertThat(assumed.subjectFromWebIdentityToken())
        .isEqualTo("system:serviceaccount:feast:operator");
    assertThat(assumed.audience()).isEqualTo("sts.amazonaws.com");
    assertThat(identity(assumed.credentials()).arn())
        .isEqualTo("arn:aws:sts::123456789012:assumed-role/feast/dev");
    StsException invalid =
        catchThrowableOfType(
            StsException.class,
            () ->
                sts.assumeRoleWithWebIdentity(
                    r -> r.roleArn(ROLE).roleSessionName("dev").webIdentityToken("no token")));
    assertThat(invalid.awsErrorDetails().errorCode()).isEqualTo("InvalidIdentityToken");
  }

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::123456789012:user/feast, dev,      3600,  is invalid",
    "feast-execution-role-name-1,          dev,      3600,  is invalid",
    "arn:aws:iam::123456789012:role/feast, 'a b',    3600,  roleSessionName",
    "arn:aws:iam::123456789012:role/feast, dev,      899,   durationSeconds",
    "arn:aws:iam::123456789012:role/feast, dev,      43201, durationSeconds",
  })
  void refusesWhatStsRefuses(String role, String session, int seconds, String text) {
    StsException refused =
        catchThrowableOfType(
            StsException.class,
            () ->
                sts.assumeRole(
                    r -> r.roleArn(role).roleSessionName(session).durationSeconds(seconds)));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationError");
    assertThat(refused.getMessage()).contains(text);
  }

  @Test
  void saysThatItDoesNotHaveAnOperation() {
    StsException missing =
        catchThrowableOfType(StsException.class, () -> sts.getFederationToken(f -> f.name("ab")));

    assertThat(missing.statusCode()).isEqualTo(400);
    assertThat(missing.awsErrorDetails().errorCode()).isEqualTo("InvalidAction");
    assertThat(missing.getMessage())
        .contains("Could not find operation GetFederationToken for version 2011-06-15");
  }
}
