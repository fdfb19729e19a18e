package dev.feast.aws.localaws.lambda;

import dev.feast.aws.localaws.ecr.Manifest;
import dev.feast.aws.localaws.ecr.RegistryClient;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.ecr.EcrClient;

/** Pushes images for functions. */
public final class TestImages {
  private final URI endpoint;
  private final EcrClient ecr;
  private final RegistryClient registry;

  public TestImages(URI endpoint, EcrClient ecr) {
    this.endpoint = endpoint;
    this.ecr = ecr;
    this.registry = RegistryClient.of(endpoint, ecr);
  }

  /** Makes a repository and returns its URI. */
  public String repository(String name) {
    return ecr.createRepository(r -> r.repositoryName(name)).repository().repositoryUri();
  }

  /**
   * Pushes an image whose layer holds only that text, which no launcher looks at; returns its URI
   * by digest.
   */
  public String push(String repositoryUri, String tag, String content) {
    return push(
        repositoryUri,
        tag,
        "{\"architecture\":\"amd64\",\"os\":\"linux\"}",
        content.getBytes(StandardCharsets.UTF_8));
  }

  public String push(String repositoryUri, String tag, String config, byte[]... layers) {
    String path = path(repositoryUri);
    byte[] configBytes = config.getBytes(StandardCharsets.UTF_8);
    registry.pushBlob(path, configBytes);
    var list = new StringBuilder();
    for (byte[] layer : layers) {
      registry.pushBlob(path, layer);
      list.append(list.isEmpty() ? "" : ",")
          .append(
              """
              {"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}\
              """
                  .formatted(RegistryClient.digest(layer), layer.length));
    }
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},"layers":[%s]}\
        """
            .formatted(
                Manifest.OCI_MANIFEST,
                RegistryClient.digest(configBytes),
                configBytes.length,
                list);
    return pushManifest(repositoryUri, tag, Manifest.OCI_MANIFEST, manifest);
  }

  String pushManifest(String repositoryUri, String tag, String mediaType, String manifest) {
    HttpResponse<byte[]> answer =
        registry.pushManifest(path(repositoryUri), tag, mediaType, manifest);
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(RegistryClient.text(answer));
    }
    return repositoryUri + "@" + RegistryClient.digest(manifest.getBytes(StandardCharsets.UTF_8));
  }

  private String path(String repositoryUri) {
    return repositoryUri.substring(endpoint.getAuthority().length() + 1);
  }
}
