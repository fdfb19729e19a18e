package dev.feast.aws.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.feast.aws.runtime.Fixtures;
import dev.feast.aws.runtime.proto.RegistryProto;
import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import dev.feast.aws.runtime.registry.Registry.FeatureView;
import dev.feast.aws.runtime.registry.Registry.JoinKey;
import dev.feast.aws.runtime.registry.Registry.Projection;
import dev.feast.aws.runtime.registry.Registry.VersionedName;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegistryReaderTest {

  @Test
  void readsTheDocumentedRegistry() throws RegistryException {
    Registry registry = read("dev", "documented/registry.db");
    assertThat(registry.featureViews())
        .containsOnlyKeys("driver_hourly_stats")
        .containsEntry(
            "driver_hourly_stats",
            new FeatureView(
                "driver_hourly_stats",
                "driver_hourly_stats",
                0,
                List.of(new JoinKey("driver_id", ValueType.Enum.INT64)),
                Set.of("conv_rate", "acc_rate", "avg_daily_trips"),
                Duration.ofDays(364),
                false));
    assertThat(registry.lastUpdated()).isNotNull();
  }

  @Test
  void countsNoPlaceholderAmongTheEntities() throws RegistryException {
    assertThat(read("dev", "documented/registry.db").entities()).isEqualTo(1);
  }

  @Test
  void readsOnlyItsOwnProject() throws RegistryException {
    Registry registry = read("legacy", "feast-0.14/registry.db");
    assertThat(registry.featureViews())
        .containsOnlyKeys(
            "driver_hourly_stats", "customer_profile", "trips", "lists", "expired", "global_stats");
    assertThat(registry.featureServices()).containsOnlyKeys("driver_activity", "two_drivers");
  }

  @Test
  void takesTheJoinKeysTypeFromTheView() throws RegistryException {
    Registry registry = read("dev", "feast-0.67/registry.db");
    assertThat(joinKeys(registry, "trips"))
        .containsExactlyInAnyOrder(
            new JoinKey("driver_id", ValueType.Enum.INT64),
            new JoinKey("customer_id", ValueType.Enum.STRING));
    assertThat(joinKeys(registry, "lists"))
        .containsExactly(new JoinKey("user_id", ValueType.Enum.INT32));
  }

  @Test
  void seesThatAViewHasNoEntities() throws RegistryException {
    assertThat(joinKeys(read("dev", "feast-0.67/registry.db"), "global_stats")).isEmpty();
    assertThat(joinKeys(read("legacy", "feast-0.14/registry.db"), "global_stats")).isEmpty();
  }

  @Test
  void knowsAnEntityByItsNameAndByItsJoinKey() throws RegistryException {
    assertThat(read("dev", "feast-0.67/registry.db").joinKeyOf())
        .containsEntry("driver", "driver_id")
        .containsEntry("driver_id", "driver_id");
  }

  @Test
  void readsAliasesOfServices() throws RegistryException {
    Registry registry = read("dev", "feast-0.67/registry.db");
    assertThat(registry.featureServices()).containsKey("two_drivers");
    assertThat(Objects.requireNonNull(registry.featureServices().get("two_drivers")).projections())
        .containsExactly(
            new Projection(
                "driver_hourly_stats",
                null,
                "origin",
                List.of("conv_rate"),
                Map.of("driver_id", "origin_id")),
            new Projection(
                "driver_hourly_stats",
                null,
                "dest",
                List.of("conv_rate"),
                Map.of("driver_id", "dest_id")));
  }

  @Test
  void readsHowOldRowsMayBe() throws RegistryException {
    Registry registry = read("dev", "feast-0.67/registry.db");
    assertThat(ttl(registry, "expired")).isEqualTo(Duration.ofSeconds(1));
    assertThat(ttl(registry, "customer_profile")).isEqualTo(Duration.ZERO);
    assertThat(ttl(registry, "global_stats")).isEqualTo(Duration.ofDays(36_500));
  }

  /** Feast numbers every view from 0, whether versions are enabled or not. */
  @Test
  void readsVersionsOnlyWhereTheyAreEnabled() throws RegistryException {
    byte[] bytes = Fixtures.bytes("feast-0.67/registry.db");
    assertThat(new RegistryReader("dev", false).read(bytes).versions()).isNull();
    assertThat(new RegistryReader("dev", true).read(bytes).versions())
        .containsKey(new VersionedName("trips", 0))
        .containsEntry(
            new VersionedName("expired", 0),
            Objects.requireNonNull(
                read("dev", "feast-0.67/registry.db").featureViews().get("expired")));
  }

  @Test
  void refusesARegistryWithoutTheProject() {
    RegistryException e = refusal("other", Fixtures.bytes("feast-0.14/registry.db"));
    assertThat(e.reason()).isEqualTo("ProjectNotFound");
    assertThat(e).hasMessageContaining("other").hasMessageContaining("feast apply");
  }

  /** Wherever it is cut off: it is either refused or still a registry with its project. */
  @Test
  void refusesATruncatedRegistry() {
    byte[] whole = Fixtures.bytes("feast-0.67/registry.db");
    assertThat(refusal("dev", new byte[0]).reason()).isEqualTo("Corrupt");
    assertThat(refusal("dev", Arrays.copyOf(whole, whole.length - 1)).reason())
        .isEqualTo("Corrupt");
    assertThat(refusal("dev", Arrays.copyOf(whole, 100)).reason()).isEqualTo("Corrupt");
  }

  /** java.time's own exceptions would end every request from then on. */
  @Test
  void refusesTimesThatCannotBe() throws Exception {
    RegistryProto.Registry whole =
        RegistryProto.Registry.parseFrom(Fixtures.bytes("feast-0.67/registry.db"));
    RegistryProto.Registry updated =
        whole.toBuilder()
            .setLastUpdated(RegistryProto.Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
            .build();
    assertThat(refusal("dev", updated.toByteArray()).reason()).isEqualTo("Corrupt");
    RegistryProto.FeatureView view = whole.getFeatureViews(0);
    RegistryProto.Registry ttl =
        whole.toBuilder()
            .setFeatureViews(
                0,
                view.toBuilder()
                    .setSpec(
                        view.getSpec().toBuilder()
                            .setTtl(
                                RegistryProto.Duration.newBuilder()
                                    .setSeconds(Long.MAX_VALUE)
                                    .setNanos(Integer.MAX_VALUE))))
            .build();
    assertThat(refusal("dev", ttl.toByteArray()).reason()).isEqualTo("Corrupt");
  }

  @Test
  void refusesWhatIsNoRegistry() {
    assertThat(refusal("dev", Fixtures.bytes("documented/feature_store.yaml")).reason())
        .isEqualTo("Corrupt");
  }

  private static List<JoinKey> joinKeys(Registry registry, String view) {
    return Objects.requireNonNull(registry.featureViews().get(view)).joinKeys();
  }

  private static Duration ttl(Registry registry, String view) {
    return Objects.requireNonNull(registry.featureViews().get(view)).ttl();
  }

  private static Registry read(String project, String fixture) throws RegistryException {
    return new RegistryReader(project, false).read(Fixtures.bytes(fixture));
  }

  private static RegistryException refusal(String project, byte[] bytes) {
    return catchThrowableOfType(
        RegistryException.class, () -> new RegistryReader(project, false).read(bytes));
  }
}
