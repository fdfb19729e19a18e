package dev.feast.aws.operator.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feast.aws.operator.policy.ImageHosts;
import dev.feast.aws.operator.policy.Patterns;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.policy.TenantRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class PolicyFileTest {
  private static final Path CHART = Path.of("..", "helm", "feature-server-operator");

  private final List<String> mistakes = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // Set by the extension.
  @TempDir
  Path folder;

  @Test
  void takesWhatANamespaceLeavesOutFromTheDefaults() throws Exception {
    TenantPolicy policy =
        read(
            """
            defaults:
              allowedExecutionRoles: []
              allowPublicEndpoints: false
            namespaces:
              team-a:
                allowedExecutionRoles: ["arn:aws:iam::123456789012:role/team-a-*", team-a-*]
                allowedAssumeRoles: ["arn:aws:iam::210987654321:role/feast"]
                allowedImageHosts: [images.example.com, "registry.example.com:5000"]
                allowedAdoptions: [feast-alpha*, cluster/old-*]
              team-b: {allowPublicEndpoints: true}
              team-c:
            """);

    assertThat(mistakes).isEmpty();
    assertThat(policy.of("another"))
        .isEqualTo(
            new TenantRules(Patterns.NONE, Patterns.NONE, false, ImageHosts.PUBLIC, Patterns.ALL));
    assertThat(policy.of("team-a"))
        .isEqualTo(
            new TenantRules(
                new Patterns(List.of("arn:aws:iam::123456789012:role/team-a-*", "team-a-*")),
                new Patterns(List.of("arn:aws:iam::210987654321:role/feast")),
                false,
                new ImageHosts(List.of("images.example.com", "registry.example.com:5000")),
                new Patterns(List.of("feast-alpha*", "cluster/old-*"))));
    assertThat(policy.of("team-b"))
        .isEqualTo(
            new TenantRules(Patterns.NONE, Patterns.NONE, true, ImageHosts.PUBLIC, Patterns.ALL));
    assertThat(policy.of("team-c")).isEqualTo(policy.of("another"));
  }

  @Test
  void allowsByDefaultWhatAnOperatorWithoutOneAllows() throws Exception {
    assertThat(read("").of("any")).isEqualTo(TenantPolicy.DEFAULT.of("any"));
    assertThat(mistakes).isEmpty();
  }

  /** A mistake that was passed over would allow what somebody meant to deny. */
  @Test
  void tellsAllMistakesAtOnce() throws Exception {
    read(
        """
        default: {}
        defaults:
          allowedRoles: [a]
          allowedExecutionRoles: everything
          allowPublicEndpoints: never
          allowedImageHosts: ["https://images.example.com", "images.example.com/acme", "*:port", 5]
        namespaces:
          Team: {}
          team-a: [all]
          team-b: {allowedExecutionRoles: ["arn:aws:iam::1:user/a", "a b"]}
          team-d: {allowedAssumeRoles: [feast], allowedAdoptions: [alpha]}
        """);

    assertThat(mistakes)
        .satisfiesExactlyInAnyOrder(
            mistake -> assertThat(mistake).startsWith("default: there is no such key; there are "),
            mistake ->
                assertThat(mistake).startsWith("defaults.allowedRoles: ").contains("no such"),
            mistake ->
                assertThat(mistake)
                    .isEqualTo("defaults.allowedExecutionRoles: \"everything\" is no list"),
            mistake -> assertThat(mistake).startsWith("defaults.allowPublicEndpoints: \"never\""),
            mistake ->
                assertThat(mistake).contains("allowedImageHosts: \"https://images.example.com\""),
            mistake ->
                assertThat(mistake).contains("allowedImageHosts: \"images.example.com/acme\""),
            mistake -> assertThat(mistake).contains("allowedImageHosts: \"*:port\""),
            mistake -> assertThat(mistake).contains("allowedImageHosts: \"5\""),
            mistake ->
                assertThat(mistake).startsWith("namespaces.team-d.allowedAdoptions: \"alpha\""),
            mistake -> assertThat(mistake).startsWith("namespaces.Team: "),
            mistake -> assertThat(mistake).startsWith("namespaces.team-a: "),
            mistake ->
                assertThat(mistake)
                    .startsWith(
                        "namespaces.team-b.allowedExecutionRoles: \"arn:aws:iam::1:user/a\""),
            mistake ->
                assertThat(mistake).startsWith("namespaces.team-b.allowedExecutionRoles: \"a b\""),
            mistake ->
                assertThat(mistake).startsWith("namespaces.team-d.allowedAssumeRoles: \"feast\""));
  }

  @Test
  void saysThatThereIsNoFileOrNoYamlInIt() throws Exception {
    new PolicyFile(mistakes::add).read(folder.resolve("none"));
    read("defaults: [");
    read("just a text");
    read("defaults: {}\ndefaults: {}");

    assertThat(mistakes)
        .satisfiesExactly(
            mistake -> assertThat(mistake).startsWith("it cannot be read: "),
            mistake -> assertThat(mistake).startsWith("it is no YAML: "),
            mistake -> assertThat(mistake).isEqualTo("it holds no mapping"),
            mistake -> assertThat(mistake).startsWith("it is no YAML: ").contains("duplicate"));
  }

  @Test
  void deniesAllWithTheChartsRestrictedValues() throws Exception {
    TenantPolicy policy = readValues("values-restricted.yaml");

    assertThat(mistakes).isEmpty();
    assertThat(policy)
        .isEqualTo(
            new TenantPolicy(
                new TenantRules(
                    Patterns.NONE, Patterns.NONE, false, ImageHosts.NONE, Patterns.NONE),
                Map.of()));
  }

  @Test
  void allowsWithTheChartsOwnValuesWhatItsDefaultsSay() throws Exception {
    assertThat(readValues("values.yaml")).isEqualTo(TenantPolicy.DEFAULT);
    assertThat(mistakes).isEmpty();
  }

  private TenantPolicy readValues(String values) throws IOException {
    Map<String, Object> chart =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(CHART.resolve(values)));
    return read(new Yaml().dump(chart.get("policy")));
  }

  private TenantPolicy read(String text) throws IOException {
    return new PolicyFile(mistakes::add)
        .read(Files.writeString(folder.resolve("policy.yaml"), text));
  }
}
