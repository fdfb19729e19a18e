package dev.feast.aws.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The edges between the packages, as the table in docs/operator.md has them. */
@AnalyzeClasses(packages = "dev.feast.aws.operator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String MAIN = "dev.feast.aws.operator";
  private static final String ROOT = MAIN + ".";
  private static final String WHAT_TO_DO =
      "the table of packages in docs/operator.md says so: move the code to where it may use that,"
          + " or take a value or an interface of its own package instead";
  private static final Set<String> SLEEPS =
      Set.of(
          "java.lang.Thread.sleep",
          "java.util.concurrent.TimeUnit.sleep",
          "java.util.concurrent.locks.LockSupport.parkNanos",
          "java.util.concurrent.locks.LockSupport.parkUntil");

  @ArchTest
  static final ArchRule packagesUseOnlyWhatTheTableSays =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          // A new package is gated once it has a line in the table, and here.
          .ensureAllClassesAreContainedInArchitecture()
          .layer("main")
          .definedBy(MAIN)
          .layer("model")
          .definedBy(ROOT + "model..")
          .layer("policy")
          .definedBy(ROOT + "policy..")
          .layer("validation")
          .definedBy(ROOT + "validation..")
          .layer("plan")
          .definedBy(ROOT + "plan..")
          .layer("metrics")
          .definedBy(ROOT + "metrics..")
          .layer("aws")
          .definedBy(ROOT + "aws..")
          .layer("deploy")
          .definedBy(ROOT + "deploy..")
          .layer("iam")
          .definedBy(ROOT + "iam..")
          .layer("image")
          .definedBy(ROOT + "image..")
          .layer("status")
          .definedBy(ROOT + "status..")
          .layer("config")
          .definedBy(ROOT + "config..")
          .layer("admission")
          .definedBy(ROOT + "admission..")
          .layer("controller")
          .definedBy(ROOT + "controller..")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("controller")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("admission")
          .mayOnlyBeAccessedByLayers("controller", "main")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("controller", "main")
          .whereLayer("status")
          .mayOnlyBeAccessedByLayers("controller")
          .whereLayer("deploy")
          .mayOnlyBeAccessedByLayers("controller")
          .whereLayer("iam")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("image")
          .mayOnlyBeAccessedByLayers("controller", "main")
          .whereLayer("plan")
          .mayOnlyBeAccessedByLayers("deploy", "controller")
          .whereLayer("aws")
          .mayOnlyBeAccessedByLayers("deploy", "config", "controller", "main")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("aws", "deploy", "admission", "controller", "main")
          .whereLayer("validation")
          .mayOnlyBeAccessedByLayers("image", "admission", "controller")
          .whereLayer("policy")
          .mayOnlyBeAccessedByLayers("validation", "image", "config", "admission", "controller")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers(
              "validation", "plan", "aws", "deploy", "iam", "admission", "controller")
          .because(WHAT_TO_DO);

  @ArchTest
  static final ArchRule onlyTheAwsPackageKnowsTheSdk =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "aws..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..")
          .because(WHAT_TO_DO);

  @ArchTest
  static final ArchRule onlyTheMetricsPackageKnowsTheirLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..")
          .because(WHAT_TO_DO);

  /** Waits are requeues: a pass sleeps for its turn at a token bucket and for nothing else. */
  @ArchTest
  static final ArchRule onlyATokenBucketSleeps =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(ROOT + "aws.TokenBucket")
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "it lets its thread sleep",
                  call ->
                      SLEEPS.contains(
                          call.getTargetOwner().getName() + "." + call.getTarget().getName())));

  @ArchTest
  static final ArchRule onlyWhatTalksToTheApiServerKnowsKubernetes =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              MAIN, ROOT + "status..", ROOT + "admission..", ROOT + "controller..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
          .because(WHAT_TO_DO);

  @ArchTest
  static final ArchRule onlyValidationAndStatusTranslateTheApi =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              ROOT + "validation..", ROOT + "status..", ROOT + "admission..", ROOT + "controller..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.feast.aws.api..")
          .because(WHAT_TO_DO);

  /** ARNs and host names differ between partitions: they are put together, never written out. */
  @Test
  void noPartitionIsWrittenIntoTheSources() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      List<Path> literal =
          sources
              .filter(Files::isRegularFile)
              .filter(
                  source -> {
                    String code = withoutComments(source);
                    return code.contains("arn:aws:") || code.contains("amazonaws.com");
                  })
              .toList();
      assertThat(literal).isEmpty();
    }
  }

  private static String withoutComments(Path source) {
    try {
      return Files.readString(source)
          .replaceAll("(?s)/\\*.*?\\*/", "")
          .replaceAll("(?m)(?<!:)//.*$", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
