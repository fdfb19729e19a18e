package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ResolvedImage;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.controller.Images.Resolution.Resolved;
import dev.feast.aws.operator.controller.Images.Resolution.Unavailable;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.ImageDelivery;
import dev.feast.aws.operator.deploy.Stage;
import dev.feast.aws.operator.image.Credentials;
import dev.feast.aws.operator.image.DockerConfig;
import dev.feast.aws.operator.image.ImageMirror;
import dev.feast.aws.operator.image.ImageOutcome;
import dev.feast.aws.operator.image.ImageSource;
import dev.feast.aws.operator.image.Platform;
import dev.feast.aws.operator.image.RemoteRepository;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.validation.ImageReference;
import dev.feast.aws.operator.validation.ImageWish;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link Images} by the mirror: the shipped runtime, images that are copied, and images that are in
 * ECR already.
 */
public final class MirroredImages implements Images {
  private static final String PULL_SECRET_KEY = ".dockerconfigjson";

  /** Whoever may not pull or push in ECR has to be allowed to: credentials there are the role's. */
  private static final String PULL =
      "allow the operator's role ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on repository/%s";

  private static final String PUSH =
      "allow the operator's role ecr:BatchGetImage, ecr:BatchCheckLayerAvailability,"
          + " ecr:InitiateLayerUpload, ecr:UploadLayerPart, ecr:CompleteLayerUpload and"
          + " ecr:PutImage on repository/%s";

  private final KubernetesClient client;
  private final ImageMirror mirror;
  private final Path shipped;

  /** The shipped image does not change while the operator runs. */
  private volatile @Nullable Found shippedFound;

  private record Found(String digest, Platform platform) {}

  /**
   * @param shipped OCI layout of the runtime that ships with the operator
   */
  public MirroredImages(KubernetesClient client, ImageMirror mirror, Path shipped) {
    this.client = client;
    this.mirror = mirror;
    this.shipped = shipped;
  }

  @Override
  public Resolution resolve(FeatureServer resource, ImageWish wish, AwsRegion aws) {
    return switch (wish) {
      case ImageWish.Shipped() -> shipped(aws);
      case ImageWish.InEcr(ImageReference reference) -> inEcr(resource, wish, reference, aws);
      case ImageWish.Copied(ImageReference reference, String pullSecret) ->
          copied(resource, wish, reference, pullSecret, aws);
    };
  }

  private Resolution shipped(AwsRegion aws) {
    var source = new ImageSource.Layout(shipped);
    Found found = shippedFound;
    if (found != null) {
      return resolved(source, found, aws);
    }
    // The operator ships what its builder ran on, whichever that was.
    ImageOutcome last = new ImageOutcome.NotFound("the runtime at " + shipped);
    for (Platform platform : List.of(Platform.AMD64, Platform.ARM64)) {
      last = mirror.resolve(source, platform);
      if (last instanceof ImageOutcome.Ready(String digest)) {
        found = new Found(digest, platform);
        shippedFound = found;
        return resolved(source, found, aws);
      }
    }
    return unavailable(last, "the operator's own runtime (--runtime-image)", "");
  }

  private Resolution inEcr(
      FeatureServer resource, ImageWish wish, ImageReference reference, AwsRegion aws) {
    String repositoryUri = reference.registry() + "/" + reference.repository();
    Optional<String> known = resolvedBefore(resource, wish);
    if (known.isPresent()) {
      return inPlace(repositoryUri, known.get());
    }
    Ecr.Login login = aws.ecr().login();
    String own = login.registry().getAuthority();
    if (!reference.registry().equals(own)) {
      // Its digest would be looked up in the wrong registry: the token is for our own alone.
      return new Unavailable(
          "InvalidImage",
          ("spec.image.uri: holds \"%s\", but must be an image in %s, the ECR registry of the"
                  + " function's account and region; give any other as spec.image.source (with"
                  + " spec.image.pullSecret where it is private) to have it copied.")
              .formatted(reference, own),
          true);
    }
    var repository = RemoteRepository.inEcr(login.registry(), repositoryUri, login.token());
    ImageOutcome outcome =
        mirror.resolve(new ImageSource.Remote(repository, reference.version()), Platform.AMD64);
    return outcome instanceof ImageOutcome.Ready(String digest)
        ? inPlace(repositoryUri, digest)
        : unavailable(outcome, "spec.image.uri", PULL.formatted(reference.repository()));
  }

  private Resolution copied(
      FeatureServer resource,
      ImageWish wish,
      ImageReference reference,
      @Nullable String pullSecret,
      AwsRegion aws) {
    Credentials credentials;
    Ecr.Login login = aws.ecr().login();
    boolean isOwnEcr = reference.registry().equals(login.registry().getAuthority());
    if (pullSecret == null) {
      // The account's own registry is asked with the operator's permissions, any other anonymously.
      credentials = isOwnEcr ? Credentials.Basic.ofEcr(login.token()) : new Credentials.Anonymous();
    } else {
      Optional<DockerConfig> config = pullSecret(resource.getMetadata().getNamespace(), pullSecret);
      if (config.isEmpty()) {
        return new Unavailable(
            "PullSecretNotFound",
            "spec.image.pullSecret: there is no Secret %s with a key %s that holds a Docker configuration; it is waited for."
                .formatted(pullSecret, PULL_SECRET_KEY),
            false);
      }
      credentials = config.get().forRegistry(reference.registry());
    }
    RemoteRepository repository = RemoteRepository.of(reference, credentials);
    Optional<String> known = resolvedBefore(resource, wish);
    ImageOutcome outcome =
        known.isPresent()
            ? new ImageOutcome.Ready(known.get())
            : mirror.resolve(
                new ImageSource.Remote(repository, reference.version()), Platform.AMD64);
    return outcome instanceof ImageOutcome.Ready(String digest)
        ? resolved(
            new ImageSource.Remote(repository, digest), new Found(digest, Platform.AMD64), aws)
        : unavailable(
            outcome,
            "spec.image.source",
            isOwnEcr && pullSecret == null
                ? PULL.formatted(reference.repository())
                : "give spec.image.pullSecret, a docker-config Secret with credentials for it");
  }

  /** A tag is resolved once for each generation: what is deployed changes with the spec alone. */
  private static Optional<String> resolvedBefore(FeatureServer resource, ImageWish wish) {
    return Facts.resolved(Facts.of(resource))
        .filter(resolved -> resolved.source().equals(wish.text()))
        .filter(resolved -> resolved.generation() == resource.getMetadata().getGeneration())
        .map(ResolvedImage::digest);
  }

  private Resolution resolved(ImageSource source, Found found, AwsRegion aws) {
    ImageDelivery delivery =
        repository -> {
          Ecr.Login login = aws.ecr().login();
          var target = RemoteRepository.inEcr(login.registry(), repository.uri(), login.token());
          ImageOutcome outcome =
              mirror.copy(source, target, found.platform(), (blobs, of, bytes, ofBytes) -> {});
          return outcome instanceof ImageOutcome.Ready
              ? Optional.empty()
              : Optional.of(
                  blocked(
                      unavailable(
                          outcome,
                          "the copy to " + repository.uri(),
                          PUSH.formatted(repository.name()))));
        };
    return new Resolved(
        new DesiredImage.Copied(found.digest()), lambdaName(found.platform()), delivery);
  }

  private static Resolution inPlace(String repositoryUri, String digest) {
    ImageDelivery nothing = repository -> Optional.empty();
    return new Resolved(
        new DesiredImage.InPlace(repositoryUri, digest), lambdaName(Platform.AMD64), nothing);
  }

  private Optional<DockerConfig> pullSecret(String namespace, String name) {
    Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
    Map<String, String> data = secret == null ? null : secret.getData();
    String encoded = data == null ? null : data.get(PULL_SECRET_KEY);
    if (encoded == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          DockerConfig.parse(
              new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Blocked blocked(Unavailable unavailable) {
    return new Blocked(Stage.IMAGE, unavailable.reason(), unavailable.message(), null);
  }

  /**
   * Why an image cannot be had.
   *
   * @param access what to do where the registry refuses
   */
  private static Unavailable unavailable(ImageOutcome outcome, String where, String access) {
    return switch (outcome) {
      case ImageOutcome.NotFound(String what) ->
          new Unavailable(
              "ImageNotFound",
              "%s: %s is not there; it is waited for.".formatted(where, what),
              false);
      case ImageOutcome.WrongPlatform(List<String> found, String wanted) ->
          new Unavailable(
              "ImageWrongPlatform",
              "%s: the image is for %s, the function needs %s."
                  .formatted(where, String.join(", ", found), wanted),
              true);
      case ImageOutcome.Unauthorized(String registry) ->
          new Unavailable(
              "ImagePullDenied",
              "%s: %s refuses it: %s.".formatted(where, registry, access),
              false);
      case ImageOutcome.Unsupported(String reason) ->
          new Unavailable("ImageUnsupported", "%s: %s".formatted(where, reason), true);
      case ImageOutcome.Unavailable(String reason) ->
          new Unavailable("RegistryUnavailable", "%s: %s".formatted(where, reason), false);
      case ImageOutcome.Ready _ ->
          throw new IllegalArgumentException("An image that is ready is not unavailable");
    };
  }

  private static String lambdaName(Platform platform) {
    return platform.equals(Platform.ARM64) ? "arm64" : "x86_64";
  }
}
