package dev.feast.aws.operator.controller;

import dev.feast.aws.api.v1alpha1.Architecture;
import dev.feast.aws.api.v1alpha1.FeatureServer;
import dev.feast.aws.api.v1alpha1.ResolvedImage;
import dev.feast.aws.operator.aws.AwsRegion;
import dev.feast.aws.operator.aws.Ecr;
import dev.feast.aws.operator.controller.Images.Resolution.Resolved;
import dev.feast.aws.operator.controller.Images.Resolution.Unavailable;
import dev.feast.aws.operator.controller.ReferencedObjects.Lookup;
import dev.feast.aws.operator.deploy.Blocked;
import dev.feast.aws.operator.deploy.ImageDelivery;
import dev.feast.aws.operator.deploy.Stage;
import dev.feast.aws.operator.image.Credentials;
import dev.feast.aws.operator.image.DockerConfig;
import dev.feast.aws.operator.image.ImageMirror;
import dev.feast.aws.operator.image.ImageOutcome;
import dev.feast.aws.operator.image.ImageSource;
import dev.feast.aws.operator.image.NotAllowed;
import dev.feast.aws.operator.image.Platform;
import dev.feast.aws.operator.image.Reach;
import dev.feast.aws.operator.image.RemoteRepository;
import dev.feast.aws.operator.model.DesiredStack.DesiredImage;
import dev.feast.aws.operator.model.ObservedStack.Repository;
import dev.feast.aws.operator.policy.TenantPolicy;
import dev.feast.aws.operator.validation.ImageReference;
import dev.feast.aws.operator.validation.ImageWish;
import dev.feast.aws.operator.validation.Problem;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
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

  /** Where ECR says itself what is missing. */
  private static final String ALLOW = "allow the operator's role %s on %s";

  private static final String SOURCE = "spec.image.source";
  private static final String GIVE_PULL_SECRET =
      "give spec.image.pullSecret, a docker-config Secret with credentials for it";

  private final ReferencedObjects objects;
  private final ImageMirror mirror;
  private final Path shipped;
  private final TenantPolicy policy;

  /** The shipped image does not change while the operator runs. */
  private volatile @Nullable Found shippedFound;

  private record Found(String digest, Platform platform) {}

  /**
   * @param shipped OCI layout of the runtime that ships with the operator
   * @param policy says where images may be copied from
   */
  public MirroredImages(
      KubernetesClient client, ImageMirror mirror, Path shipped, TenantPolicy policy) {
    this.objects = new ReferencedObjects(client);
    this.mirror = mirror;
    this.shipped = shipped;
    this.policy = policy;
  }

  @Override
  public Resolution resolve(FeatureServer resource, ImageWish wish, AwsRegion aws) {
    return switch (wish) {
      case ImageWish.Shipped(Architecture architecture) -> shipped(architecture, aws);
      case ImageWish.InEcr(ImageReference reference, Architecture _) ->
          inEcr(resource, wish, reference, aws);
      case ImageWish.Copied(ImageReference reference, String pullSecret, Architecture _) ->
          copied(resource, wish, reference, pullSecret, aws);
    };
  }

  private Resolution shipped(@Nullable Architecture wanted, AwsRegion aws) {
    // The operator ships what its builder ran on, whichever that was.
    List<Platform> platforms =
        wanted == null ? List.of(Platform.AMD64, Platform.ARM64) : List.of(platform(wanted));
    var source = new ImageSource.Layout(shipped);
    Found known = shippedFound;
    if (known != null && platforms.contains(known.platform())) {
      return resolved(() -> new Source.Ready(source), known, aws);
    }
    ImageOutcome last = new ImageOutcome.NotFound("the runtime at " + shipped);
    for (Platform platform : platforms) {
      last = mirror.resolve(source, platform);
      if (last instanceof ImageOutcome.Ready(String digest)) {
        var found = new Found(digest, platform);
        shippedFound = found;
        return resolved(() -> new Source.Ready(source), found, aws);
      }
    }
    return unavailable(last, "the operator's own runtime (--runtime-image)", "");
  }

  private Resolution inEcr(
      FeatureServer resource, ImageWish wish, ImageReference reference, AwsRegion aws) {
    String repositoryUri = reference.registry() + "/" + reference.repository();
    Platform platform = platform(wish.architecture());
    Optional<String> known = resolvedBefore(resource, wish);
    if (known.isPresent()) {
      return inPlace(repositoryUri, known.get(), platform);
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
        mirror.resolve(new ImageSource.Remote(repository, reference.version()), platform);
    return outcome instanceof ImageOutcome.Ready(String digest)
        ? inPlace(repositoryUri, digest, platform)
        : unavailable(outcome, "spec.image.uri", PULL.formatted(reference.repository()));
  }

  private Resolution copied(
      FeatureServer resource,
      ImageWish wish,
      ImageReference reference,
      @Nullable String pullSecret,
      AwsRegion aws) {
    // With what it may be read is found out when it is read: what is deployed already needs none.
    Supplier<Access> access = () -> access(resource, reference, pullSecret, aws);
    var reach = new Reach(policy.of(resource.getMetadata().getNamespace()).imageHosts());
    Platform platform = platform(wish.architecture());
    Optional<String> known = resolvedBefore(resource, wish);
    if (known.isPresent()) {
      var found = new Found(known.get(), platform);
      return resolved(source(reference, found.digest(), access, reach), found, aws);
    }
    return switch (access.get()) {
      case Access.None(Unavailable why) -> why;
      case Access.With(Credentials credentials, String advice) -> {
        var repository = RemoteRepository.of(reference, credentials, reach);
        ImageOutcome outcome =
            mirror.resolve(new ImageSource.Remote(repository, reference.version()), platform);
        yield outcome instanceof ImageOutcome.Ready(String digest)
            ? resolved(source(reference, digest, access, reach), new Found(digest, platform), aws)
            : unavailable(outcome, SOURCE, advice);
      }
    };
  }

  /** With what an image of others may be read. */
  private sealed interface Access {
    /**
     * @param advice what to do where the registry refuses them
     */
    record With(Credentials credentials, String advice) implements Access {}

    record None(Unavailable why) implements Access {}
  }

  private Access access(
      FeatureServer resource,
      ImageReference reference,
      @Nullable String pullSecret,
      AwsRegion aws) {
    if (pullSecret == null) {
      // The account's own registry is asked with the operator's permissions, any other anonymously.
      Ecr.Login login = aws.ecr().login();
      return reference.registry().equals(login.registry().getAuthority())
          ? new Access.With(
              Credentials.Basic.ofEcr(login.token()), PULL.formatted(reference.repository()))
          : new Access.With(new Credentials.Anonymous(), GIVE_PULL_SECRET);
    }
    String namespace = resource.getMetadata().getNamespace();
    return switch (objects.secret(namespace, pullSecret, "spec.image.pullSecret")) {
      case Lookup.Forbidden(String message) ->
          new Access.None(new Unavailable(ReferencedObjects.FORBIDDEN, message, false));
      case Lookup.Missing() -> withoutPullSecret(pullSecret);
      case Lookup.Found(Map<String, String> data) ->
          dockerConfig(data)
              .<Access>map(
                  config ->
                      new Access.With(config.forRegistry(reference.registry()), GIVE_PULL_SECRET))
              .orElseGet(() -> withoutPullSecret(pullSecret));
    };
  }

  private static Access withoutPullSecret(String pullSecret) {
    return new Access.None(
        new Unavailable(
            "PullSecretNotFound",
            "spec.image.pullSecret: there is no Secret %s with a key %s that holds a Docker configuration; it is waited for."
                .formatted(pullSecret, PULL_SECRET_KEY),
            false));
  }

  private static Optional<DockerConfig> dockerConfig(Map<String, String> data) {
    String config = data.get(PULL_SECRET_KEY);
    try {
      return config == null ? Optional.empty() : Optional.of(DockerConfig.parse(config));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A tag is resolved once for each generation: what is deployed changes with the spec alone. */
  private static Optional<String> resolvedBefore(FeatureServer resource, ImageWish wish) {
    return Facts.resolved(Facts.of(resource))
        .filter(resolved -> resolved.source().equals(wish.text()))
        .filter(resolved -> resolved.generation() == resource.getMetadata().getGeneration())
        .map(ResolvedImage::digest);
  }

  /** What is copied; read only where ECR does not hold it yet. */
  private sealed interface Source {
    record Ready(ImageSource source) implements Source {}

    record None(Unavailable why) implements Source {}
  }

  private static Supplier<Source> source(
      ImageReference reference, String digest, Supplier<Access> access, Reach reach) {
    return () ->
        switch (access.get()) {
          case Access.None(Unavailable why) -> new Source.None(why);
          case Access.With(Credentials credentials, String _) ->
              new Source.Ready(
                  new ImageSource.Remote(
                      RemoteRepository.of(reference, credentials, reach), digest));
        };
  }

  private Resolution resolved(Supplier<Source> source, Found found, AwsRegion aws) {
    ImageDelivery delivery =
        repository ->
            switch (source.get()) {
              case Source.None(Unavailable why) -> Optional.of(blocked(why));
              case Source.Ready(ImageSource ready) -> copy(ready, repository, found, aws);
            };
    return new Resolved(
        new DesiredImage.Copied(found.digest()), lambdaName(found.platform()), delivery);
  }

  private Optional<Blocked> copy(
      ImageSource source, Repository repository, Found found, AwsRegion aws) {
    Ecr.Login login = aws.ecr().login();
    var target = RemoteRepository.inEcr(login.registry(), repository.uri(), login.token());
    ImageOutcome outcome = mirror.copy(source, target, found.platform());
    return outcome instanceof ImageOutcome.Ready
        ? Optional.empty()
        : Optional.of(
            blocked(
                unavailable(
                    outcome,
                    "the copy to " + repository.uri(),
                    PUSH.formatted(repository.name()))));
  }

  private static Resolution inPlace(String repositoryUri, String digest, Platform platform) {
    ImageDelivery nothing = repository -> Optional.empty();
    return new Resolved(
        new DesiredImage.InPlace(repositoryUri, digest), lambdaName(platform), nothing);
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
      case ImageOutcome.Unauthorized(String registry, NotAllowed missing) ->
          new Unavailable(
              "ImagePullDenied",
              "%s: %s refuses it: %s."
                  .formatted(
                      where,
                      registry,
                      missing == null
                          ? access
                          : ALLOW.formatted(missing.action(), missing.resource())),
              false);
      case ImageOutcome.Forbidden(String host, String why) ->
          new Unavailable(
              Problem.Reason.ImageHostNotAllowed.name(),
              ("%s: it leads to %s, which is not asked: %s. Only a host that allowedImageHosts in"
                      + " the operator's settings spells out is.")
                  .formatted(where, host, why),
              true);
      case ImageOutcome.Unsupported(String reason) ->
          new Unavailable("ImageUnsupported", "%s: %s".formatted(where, reason), true);
      case ImageOutcome.Unavailable(String reason) ->
          new Unavailable("RegistryUnavailable", "%s: %s".formatted(where, reason), false);
      case ImageOutcome.Ready _ ->
          throw new IllegalArgumentException("An image that is ready is not unavailable");
    };
  }

  private static Platform platform(@Nullable Architecture wanted) {
    return wanted == Architecture.arm64 ? Platform.ARM64 : Platform.AMD64;
  }

  private static String lambdaName(Platform platform) {
    return platform.equals(Platform.ARM64) ? "arm64" : "x86_64";
  }
}
