package dev.feast.aws.operator.image;

import java.io.IOException;
import java.io.InputStream;

/** An image in a registry. */
record RemoteContent(RepositoryClient client, String version) implements ImageContent {

  @Override
  public Document root() throws ImageException, IOException, InterruptedException {
    return client.manifest(version);
  }

  @Override
  public Document document(Descriptor descriptor)
      throws ImageException, IOException, InterruptedException {
    return client.manifest(descriptor.digest());
  }

  @Override
  public InputStream blob(Descriptor descriptor)
      throws ImageException, IOException, InterruptedException {
    return client.blob(descriptor.digest());
  }

  @Override
  public String name() {
    return client.repository() + (version.startsWith("sha256:") ? "@" : ":") + version;
  }
}
