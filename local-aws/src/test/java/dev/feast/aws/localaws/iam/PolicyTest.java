package dev.feast.aws.localaws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feast.aws.localaws.spi.Caller;
import dev.feast.aws.localaws.spi.Permission;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** IAM's rules of evaluation, by themselves. */
class PolicyTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/team/feast";
  private static final String NOBODY =
      "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"999999999999\"},\"Action\":\"sts:AssumeRole\"}}";
  private static final Caller SESSION =
      new Caller(
          "123456789012",
          "us-west-2",
          "ASIA",
          "arn:aws:sts::123456789012:assumed-role/feast/session",
          "");

  private static Decision decide(String statements, Permission permission) {
    Role role = Role.of(ROLE, NOBODY, Policy.parse("{\"Statement\":[" + statements + "]}"));
    return role.decide(permission, Context.of(SESSION, ROLE, permission));
  }

  private static String allow(String action, String resource, String more) {
    return "{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"%s\"%s}"
        .formatted(action, resource, more);
  }

  @ParameterizedTest
  @CsvSource({
    "*,                     *,                                     ALLOWED",
    "lambda:*,              *,                                     ALLOWED",
    "LAMBDA:createfunction, *,                                     ALLOWED",
    "lambda:Create*,        arn:aws:lambda:*:*:function:feast-*,   ALLOWED",
    "lambda:CreateFunctio?, arn:aws:lambda:us-west-2:123456789012:function:feast-dev, ALLOWED",
    "lambda:CreateFunction, arn:aws:lambda:us-west-2:123456789012:function:feast-?,   NOT_ALLOWED",
    "lambda:CreateFunction, arn:aws:lambda:us-west-2:123456789012:function:feast,     NOT_ALLOWED",
    "lambda:CreateFunction, arn:aws:lambda:us-east-1:123456789012:function:feast-*,   NOT_ALLOWED",
    "lambda:CreateFunction, arn:aws:lambda:us-west-2:123456789012:function:FEAST-*,   NOT_ALLOWED",
    "lambda:GetFunction,    *,                                     NOT_ALLOWED",
    "ecr:*,                 *,                                     NOT_ALLOWED",
  })
  void allowsWhatActionAndResourceMatch(String action, String resource, Decision expected) {
    var create =
        Permission.of(
            "lambda:CreateFunction", "arn:aws:lambda:us-west-2:123456789012:function:feast-dev");

    assertThat(decide(allow(action, resource, ""), create)).isEqualTo(expected);
  }

  @Test
  void deniesWhatIsDeniedWhateverAllowsIt() {
    var delete = Permission.of("lambda:DeleteFunction", "arn:aws:lambda:r:a:function:feast-dev");
    String all = allow("*", "*", "");
    String deny = "{\"Effect\":\"Deny\",\"Action\":\"lambda:Delete*\",\"Resource\":\"*\"}";

    assertThat(decide(all + "," + deny, delete)).isEqualTo(Decision.DENIED);
    assertThat(decide(deny + "," + all, delete)).isEqualTo(Decision.DENIED);
    assertThat(decide(deny, Permission.of("lambda:GetFunction", "x")))
        .isEqualTo(Decision.NOT_ALLOWED);
  }

  @Test
  void knowsWhatIsAboutAllOthers() {
    var get = Permission.of("s3:GetObject", "arn:aws:s3:::feast/registry");
    String others = "{\"Effect\":\"Allow\",\"NotAction\":\"%s\",\"NotResource\":\"%s\"}";

    assertThat(decide(others.formatted("iam:*", "arn:aws:s3:::secret/*"), get))
        .isEqualTo(Decision.ALLOWED);
    assertThat(decide(others.formatted("s3:*", "arn:aws:s3:::secret/*"), get))
        .isEqualTo(Decision.NOT_ALLOWED);
    assertThat(decide(others.formatted("iam:*", "arn:aws:s3:::feast/*"), get))
        .isEqualTo(Decision.NOT_ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "StringEquals               | iam:PassedToService | lambda.amazonaws.com | ALLOWED",
        "StringEquals               | IAM:passedtoservice | lambda.amazonaws.com | ALLOWED",
        "StringEquals               | iam:PassedToService | LAMBDA.amazonaws.com | NOT_ALLOWED",
        "StringEqualsIgnoreCase     | iam:PassedToService | LAMBDA.amazonaws.com | ALLOWED",
        "StringEquals               | iam:PassedToService | lambda.*             | NOT_ALLOWED",
        "StringLike                 | iam:PassedToService | lambda.*             | ALLOWED",
        "StringNotEquals            | iam:PassedToService | ec2.amazonaws.com    | ALLOWED",
        "StringNotEquals            | iam:PassedToService | lambda.amazonaws.com | NOT_ALLOWED",
        "StringNotLike              | iam:PassedToService | lambda*              | NOT_ALLOWED",
        "StringEquals               | aws:RequestedRegion | us-west-2            | ALLOWED",
        "StringEquals               | aws:RequestedRegion | eu-west-1            | NOT_ALLOWED",
        "StringEquals               | aws:PrincipalAccount | 123456789012        | ALLOWED",
        "ArnLike                    | aws:PrincipalArn    | arn:aws:iam::*:role/team/feast |"
            + " ALLOWED",
        "ArnLike                    | aws:PrincipalArn    | arn:*                | NOT_ALLOWED",
        "ArnNotLike                 | aws:PrincipalArn    | arn:aws:iam::*:role/*| NOT_ALLOWED",
        "StringEquals               | aws:ResourceTag/team | ml                  | ALLOWED",
        "StringEquals               | aws:ResourceTag/cost | ml                  | NOT_ALLOWED",
        "StringNotEquals            | aws:ResourceTag/cost | ml                  | ALLOWED",
        "StringEqualsIfExists       | aws:ResourceTag/cost | ml                  | ALLOWED",
        "StringEqualsIfExists       | aws:ResourceTag/team | other               | NOT_ALLOWED",
        "Null                       | aws:ResourceTag/cost | true                | ALLOWED",
        "Null                       | aws:ResourceTag/team | true                | NOT_ALLOWED",
        "Null                       | aws:ResourceTag/team | false               | ALLOWED",
        "ForAllValues:StringLike    | aws:TagKeys         | feast*               | NOT_ALLOWED",
        "ForAnyValue:StringLike     | aws:TagKeys         | feast*               | ALLOWED",
        "ForAnyValue:StringEquals   | aws:TagKeys         | owner                | NOT_ALLOWED",
      })
  void holdsConditionsAgainstTheCall(String operator, String key, String value, Decision expected) {
    var pass =
        Permission.of("iam:PassRole", ROLE)
            .with("iam:PassedToService", "lambda.amazonaws.com")
            .onTagged(Map.of("team", "ml"))
            .namingTags(List.of("feast-owned", "team"));
    String condition = ",\"Condition\":{\"%s\":{\"%s\":\"%s\"}}".formatted(operator, key, value);

    assertThat(decide(allow("iam:PassRole", "*", condition), pass)).isEqualTo(expected);
  }

  @Test
  void wantsAllConditionsAndOneOfTheirValues() {
    var pass =
        Permission.of("iam:PassRole", ROLE).with("iam:PassedToService", "lambda.amazonaws.com");
    String both =
        ",\"Condition\":{\"StringEquals\":{\"iam:PassedToService\":[\"a\",\"lambda.amazonaws.com\"],"
            + "\"aws:RequestedRegion\":\"%s\"}}";

    assertThat(decide(allow("*", "*", both.formatted("us-west-2")), pass))
        .isEqualTo(Decision.ALLOWED);
    assertThat(decide(allow("*", "*", both.formatted("us-east-1")), pass))
        .isEqualTo(Decision.NOT_ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Statement':[]}                                                        | no Statement",
        "{'Version':'2020-01-01','Statement':{}}                                 | 2020-01-01",
        "{'Statements':[]}                                                       | Statements",
        "{'Statement':{'Action':'s3:*','Resource':'*'}}                          | Effect",
        "{'Statement':{'Effect':'allow','Action':'s3:*','Resource':'*'}}         | Effect",
        "{'Statement':{'Effect':'Allow','Resource':'*'}}                         | Action",
        "{'Statement':{'Effect':'Allow','Action':'s3:*'}}                        | Resource",
        "{'Statement':{'Effect':'Allow','Action':[],'Resource':'*'}}             | Action",
        "{'Statement':{'Effect':'Allow','Action':'GetObject','Resource':'*'}}    | GetObject",
        "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'feast/*'}}   | feast/*",
        "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*','If':{}}} | If",
        "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*','Condition':{'DateLessThan':{'aws:CurrentTime':'x'}}}}"
            + " | DateLessThan",
        "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*','Condition':{'StringEquals':{'aws:SourceVpce':'x'}}}}"
            + "  | aws:SourceVpce",
        "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::b/${aws:username}'}}"
            + " | variables",
        "{'Statement':{'Effect':'Deny','Action':'s3:*','Resource':'*','Condition':{'StringLike':{'s3:prefix':'${aws:username}'}}}}"
            + " | variables",
        "{'Statement':{'Effect':'Allow','Action' = ['s3:*']}}                    | not JSON",
      })
  void refusesAPolicyOfWhichItDoesNotKnowAPart(String policy, String named) {
    assertThatThrownBy(() -> Policy.parse(policy.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @Test
  void tellsWhatOfAPolicyWasUsed() {
    Role role =
        Role.of(
            ROLE,
            NOBODY,
            Policy.parse(
                """
                {"Statement": [
                  {"Effect": "Allow", "Action": ["s3:Get*", "s3:PutObject"],
                   "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]},
                  {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}]}
                """));
    var get = Permission.of("s3:GetObject", "arn:aws:s3:::b/x");

    role.decide(get, Context.of(SESSION, ROLE, get));

    assertThat(role.used()).containsExactly(new Grant("s3:Get*", "arn:aws:s3:::b/*"));
    assertThat(role.unused())
        .containsExactly(
            new Grant("s3:Get*", "arn:aws:s3:::a/*"),
            new Grant("s3:PutObject", "arn:aws:s3:::a/*"),
            new Grant("s3:PutObject", "arn:aws:s3:::b/*"));
  }
}
