package dev.feast.aws.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feast.aws.e2e.controlplane.ControlPlane;
import dev.feast.aws.e2e.process.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The chart as the real helm installs it; what it says about the operator's Pod is read back. */
public final class ChartRelease {
  static final String NAME = "feature-server-operator";
  static final String NAMESPACE = "feast-system";

  private static final Duration BOUND = Duration.ofMinutes(2);

  private final ControlPlane controlPlane;

  private ChartRelease(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /** The command that installs the chart, or upgrades it. */
  static List<String> installCommand(String helm, String chart) {
    return List.of(
        helm,
        "upgrade",
        "--install",
        NAME,
        chart,
        "--namespace",
        NAMESPACE,
        "--create-namespace",
        "--hide-notes");
  }

  /** Installs the chart. */
  public static ChartRelease install(ControlPlane controlPlane, Repository repository)
      throws IOException, InterruptedException {
    return install(controlPlane, repository.chart());
  }

  /**
   * Installs a chart, or upgrades to it.
   *
   * @param chart its folder
   * @param options more of helm's
   */
  static ChartRelease install(ControlPlane controlPlane, Path chart, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            installCommand(controlPlane.programs().helm().toString(), chart.toString()));
    command.addAll(List.of(options));
    helm(controlPlane, command).successfulOutput();
    return new ChartRelease(controlPlane);
  }

  /** Uninstalls the chart, and returns what helm says about it. */
  String uninstall() throws IOException, InterruptedException {
    return helm(
            controlPlane,
            List.of(
                controlPlane.programs().helm().toString(),
                "uninstall",
                NAME,
                "--namespace",
                NAMESPACE))
        .successfulOutput();
  }

  private static Execution helm(ControlPlane controlPlane, List<String> command)
      throws IOException, InterruptedException {
    return Execution.run(
        controlPlane.run(),
        command,
        helmEnvironment(controlPlane),
        controlPlane.run().folder(),
        BOUND);
  }

  /** One that is installed already. */
  static ChartRelease installed(ControlPlane controlPlane) {
    return new ChartRelease(controlPlane);
  }

  /** Keeps helm away from the user's own settings and clusters. */
  static Map<String, String> helmEnvironment(ControlPlane controlPlane) {
    Path home = controlPlane.adminKubeconfig().resolveSibling("helm");
    Map<String, String> environment = new HashMap<>();
    System.getenv().keySet().stream()
        .filter(name -> name.startsWith("HELM_"))
        .forEach(name -> environment.put(name, ""));
    environment.put("KUBECONFIG", controlPlane.adminKubeconfig().toString());
    environment.put("HELM_CACHE_HOME", home.resolve("cache").toString());
    environment.put("HELM_CONFIG_HOME", home.resolve("config").toString());
    environment.put("HELM_DATA_HOME", home.resolve("data").toString());
    return environment;
  }

  /** A kubeconfig with a token of the operator's ServiceAccount. */
  Path operatorKubeconfig() throws IOException, InterruptedException {
    return controlPlane.serviceAccountKubeconfig(NAMESPACE, serviceAccount());
  }

  private String serviceAccount() throws IOException, InterruptedException {
    return deployment().at("/spec/template/spec/serviceAccountName").asText();
  }

  /**
   * Puts into a root what the operator's Pod would have mounted: its ServiceAccount's token, the
   * volumes that are ConfigMaps, and a folder for each that is empty.
   */
  void mountInto(Path root) throws IOException, InterruptedException {
    Path identity = folder(root, "/var/run/secrets/kubernetes.io/serviceaccount");
    Files.writeString(
        identity.resolve("token"), controlPlane.serviceAccountToken(NAMESPACE, serviceAccount()));
    Files.writeString(identity.resolve("namespace"), NAMESPACE);
    Files.copy(
        controlPlane.certificateAuthority(),
        identity.resolve("ca.crt"),
        StandardCopyOption.REPLACE_EXISTING);
    JsonNode pod = deployment().at("/spec/template/spec");
    for (JsonNode mount : pod.at("/containers/0/volumeMounts")) {
      Path folder = folder(root, mount.path("mountPath").asText());
      JsonNode volume = volume(pod, mount.path("name").asText());
      if (volume.has("configMap")) {
        JsonNode data = get("configmap", volume.at("/configMap/name").asText()).path("data");
        for (Map.Entry<String, JsonNode> file : data.properties()) {
          Files.writeString(folder.resolve(file.getKey()), file.getValue().asText());
        }
      } else if (volume.has("emptyDir")) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      } else {
        throw new IOException("Nothing here mounts the volume " + volume);
      }
    }
  }

  private static Path folder(Path root, String path) throws IOException {
    return Files.createDirectories(root.resolve(path.substring(1)));
  }

  private static JsonNode volume(JsonNode pod, String name) throws IOException {
    for (JsonNode volume : pod.path("volumes")) {
      if (volume.path("name").asText().equals(name)) {
        return volume;
      }
    }
    throw new IOException("The Deployment mounts a volume %s that it has not.".formatted(name));
  }

  /** The file of the ConfigMap that the operator's Pod mounts for its policy. */
  Path policyFile() throws IOException, InterruptedException {
    String policy = get("configmap", NAME + "-policy").at("/data/policy.yaml").asText();
    return Files.writeString(
        controlPlane.adminKubeconfig().resolveSibling("operator-policy.yaml"), policy);
  }

  /** The arguments of the operator's container. */
  List<String> operatorArguments() throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    container().path("args").forEach(argument -> arguments.add(argument.asText()));
    return arguments;
  }

  /** The environment of the operator's container, fields of its Pod filled in. */
  Map<String, String> operatorEnvironment() throws IOException, InterruptedException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode variable : container().path("env")) {
      String name = variable.path("name").asText();
      String field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
      environment.put(
          name,
          switch (field) {
            case "" -> variable.path("value").asText();
            case "metadata.namespace" -> NAMESPACE;
            case "metadata.name" -> NAME + "-0";
            default ->
                throw new IOException(
                    "The Deployment's variable %s refers to %s, which nothing fills in here."
                        .formatted(name, field));
          });
    }
    return environment;
  }

  private JsonNode container() throws IOException, InterruptedException {
    return deployment().at("/spec/template/spec/containers/0");
  }

  private JsonNode deployment() throws IOException, InterruptedException {
    return get("deployment", NAME);
  }

  private JsonNode get(String kind, String name) throws IOException, InterruptedException {
    return new ObjectMapper()
        .readTree(
            controlPlane.admin().output("get", kind, name, "--namespace", NAMESPACE, "-o", "json"));
  }
}
