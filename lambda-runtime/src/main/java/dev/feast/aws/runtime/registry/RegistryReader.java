package dev.feast.aws.runtime.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.feast.aws.runtime.proto.RegistryProto;
import dev.feast.aws.runtime.proto.ValueProto.ValueType;
import dev.feast.aws.runtime.registry.Registry.FeatureService;
import dev.feast.aws.runtime.registry.Registry.FeatureView;
import dev.feast.aws.runtime.registry.Registry.JoinKey;
import dev.feast.aws.runtime.registry.Registry.Projection;
import dev.feast.aws.runtime.registry.Registry.VersionedName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the registry object's bytes into the one project that is served; an object may hold
 * several.
 */
final class RegistryReader {

  /** What Feast gives to views without entities. */
  private static final String DUMMY_ENTITY = "__dummy";

  private final String project;
  private final boolean versioning;

  /**
   * @param versioning whether versions of views have tables of their own
   */
  RegistryReader(String project, boolean versioning) {
    this.project = project;
    this.versioning = versioning;
  }

  Registry read(byte[] bytes) throws RegistryException {
    RegistryProto.Registry proto;
    try {
      proto = RegistryProto.Registry.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw corrupt("the registry object is cut off or is not a Feast registry");
    }
    // Feast writes the version into every registry, so that without it something else lies there.
    if (proto.getRegistrySchemaVersion().isEmpty()) {
      throw corrupt("the registry object is empty or is not a Feast registry");
    }
    Registry registry;
    try {
      registry = of(proto);
    } catch (InvalidProtocolBufferException e) {
      throw corrupt("the registry object holds a version of a feature view that cannot be read");
    } catch (RuntimeException e) {
      // Protobuf takes numbers for times that java.time does not, and others may be as far off.
      throw new RegistryException(
          RegistryException.CORRUPT, "the registry object holds a value that cannot be right", e);
    }
    if (!knowsProject(registry)) {
      throw new RegistryException(
          RegistryException.PROJECT_NOT_FOUND,
          "the registry does not hold the project " + project + "; run feast apply for it");
    }
    return registry;
  }

  private static RegistryException corrupt(String message) {
    return new RegistryException(RegistryException.CORRUPT, message);
  }

  private boolean knowsProject(Registry registry) {
    return registry.entities() > 0
        || !registry.featureViews().isEmpty()
        || !registry.onDemandFeatureViews().isEmpty()
        || !registry.featureServices().isEmpty()
        || registry.hasProjectEntry();
  }

  private boolean hasProjectEntry(RegistryProto.Registry proto) {
    return proto.getProjectMetadataList().stream().anyMatch(m -> m.getProject().equals(project))
        || proto.getProjectsList().stream().anyMatch(p -> p.getSpec().getName().equals(project));
  }

  private Registry of(RegistryProto.Registry proto) throws InvalidProtocolBufferException {
    Map<String, RegistryProto.EntitySpec> entities = entities(proto);
    return new Registry(
        project,
        views(proto, entities),
        versioning ? versions(proto, entities) : null,
        onDemandViews(proto),
        services(proto),
        joinKeyOf(entities),
        entities.size(),
        hasProjectEntry(proto),
        lastUpdated(proto));
  }

  private Map<String, RegistryProto.EntitySpec> entities(RegistryProto.Registry proto) {
    Map<String, RegistryProto.EntitySpec> entities = new HashMap<>();
    for (RegistryProto.Entity entity : proto.getEntitiesList()) {
      RegistryProto.EntitySpec spec = entity.getSpec();
      if (spec.getProject().equals(project) && !spec.getName().equals(DUMMY_ENTITY)) {
        entities.put(spec.getName(), spec);
      }
    }
    return entities;
  }

  /** What the three kinds of views have in common; Feast keeps it in a message for each. */
  private record Spec(
      String name,
      List<String> entities,
      List<RegistryProto.FeatureSpec> entityColumns,
      List<RegistryProto.FeatureSpec> features,
      RegistryProto.Duration ttl,
      boolean disabled,
      int version) {

    static Spec of(RegistryProto.FeatureView view, int version) {
      RegistryProto.FeatureViewSpec spec = view.getSpec();
      return new Spec(
          spec.getName(),
          spec.getEntitiesList(),
          spec.getEntityColumnsList(),
          spec.getFeaturesList(),
          spec.getTtl(),
          spec.getDisabled(),
          version);
    }

    static Spec of(RegistryProto.StreamFeatureView view, int version) {
      RegistryProto.StreamFeatureViewSpec spec = view.getSpec();
      return new Spec(
          spec.getName(),
          spec.getEntitiesList(),
          spec.getEntityColumnsList(),
          spec.getFeaturesList(),
          spec.getTtl(),
          spec.getDisabled(),
          version);
    }

    static Spec of(RegistryProto.LabelView view, int version) {
      RegistryProto.LabelViewSpec spec = view.getSpec();
      return new Spec(
          spec.getName(),
          spec.getEntitiesList(),
          spec.getEntityColumnsList(),
          spec.getFeaturesList(),
          spec.getTtl(),
          false,
          version);
    }
  }

  /** Where two kinds share a name, the first counts, as in Feast. */
  private Map<String, FeatureView> views(
      RegistryProto.Registry proto, Map<String, RegistryProto.EntitySpec> entities) {
    Map<String, FeatureView> views = new HashMap<>();
    for (RegistryProto.FeatureView view : proto.getFeatureViewsList()) {
      if (view.getSpec().getProject().equals(project)) {
        add(views, Spec.of(view, view.getMeta().getCurrentVersionNumber()), entities);
      }
    }
    for (RegistryProto.StreamFeatureView view : proto.getStreamFeatureViewsList()) {
      if (view.getSpec().getProject().equals(project)) {
        add(views, Spec.of(view, view.getMeta().getCurrentVersionNumber()), entities);
      }
    }
    for (RegistryProto.LabelView view : proto.getLabelViewsList()) {
      if (view.getSpec().getProject().equals(project)) {
        add(views, Spec.of(view, 0), entities);
      }
    }
    return Map.copyOf(views);
  }

  private void add(
      Map<String, FeatureView> views, Spec spec, Map<String, RegistryProto.EntitySpec> entities) {
    views.putIfAbsent(spec.name(), view(spec, entities));
  }

  private Map<VersionedName, FeatureView> versions(
      RegistryProto.Registry proto, Map<String, RegistryProto.EntitySpec> entities)
      throws InvalidProtocolBufferException {
    Map<VersionedName, FeatureView> versions = new HashMap<>();
    for (RegistryProto.FeatureViewVersionRecord record :
        proto.getFeatureViewVersionHistory().getRecordsList()) {
      Spec spec = record.getProjectId().equals(project) ? snapshot(record) : null;
      if (spec != null) {
        versions.putIfAbsent(
            new VersionedName(record.getFeatureViewName(), record.getVersionNumber()),
            view(spec, entities));
      }
    }
    return Map.copyOf(versions);
  }

  /** Returns null for what is not read from a table: an on-demand feature view. */
  private static @Nullable Spec snapshot(RegistryProto.FeatureViewVersionRecord record)
      throws InvalidProtocolBufferException {
    ByteString view = record.getFeatureViewProto();
    int version = record.getVersionNumber();
    return switch (record.getFeatureViewType()) {
      case "feature_view" -> Spec.of(RegistryProto.FeatureView.parseFrom(view), version);
      case "stream_feature_view" ->
          Spec.of(RegistryProto.StreamFeatureView.parseFrom(view), version);
      case "label_view" -> Spec.of(RegistryProto.LabelView.parseFrom(view), version);
      default -> null;
    };
  }

  private FeatureView view(Spec spec, Map<String, RegistryProto.EntitySpec> entities) {
    List<JoinKey> joinKeys = new ArrayList<>();
    for (String name : spec.entities()) {
      if (!name.equals(DUMMY_ENTITY)) {
        joinKeys.add(joinKey(name, entities.get(name), spec));
      }
    }
    // The first version has the table that the view had before there were versions.
    boolean ownTable = versioning && spec.version() > 0;
    return new FeatureView(
        spec.name(),
        ownTable ? spec.name() + "_v" + spec.version() : spec.name(),
        spec.version(),
        List.copyOf(joinKeys),
        names(spec.features()),
        Duration.ofSeconds(spec.ttl().getSeconds(), spec.ttl().getNanos()),
        spec.disabled());
  }

  private static JoinKey joinKey(
      String entityName, RegistryProto.@Nullable EntitySpec entity, Spec view) {
    String name = entity == null ? entityName : joinKey(entity);
    for (RegistryProto.FeatureSpec column : view.entityColumns()) {
      if (column.getName().equals(name)) {
        return new JoinKey(name, column.getValueType());
      }
    }
    return new JoinKey(name, entity == null ? ValueType.Enum.INVALID : entity.getValueType());
  }

  /** Feast took the name for the join key where none was given. */
  private static String joinKey(RegistryProto.EntitySpec entity) {
    return entity.getJoinKey().isEmpty() ? entity.getName() : entity.getJoinKey();
  }

  private static Map<String, String> joinKeyOf(Map<String, RegistryProto.EntitySpec> entities) {
    Map<String, String> joinKeyOf = new HashMap<>();
    entities.forEach((name, entity) -> joinKeyOf.put(name, joinKey(entity)));
    // A join key goes before an entity that happens to be named like it, as in Feast.
    entities.values().forEach(entity -> joinKeyOf.put(joinKey(entity), joinKey(entity)));
    return Map.copyOf(joinKeyOf);
  }

  private Set<String> onDemandViews(RegistryProto.Registry proto) {
    return proto.getOnDemandFeatureViewsList().stream()
        .map(RegistryProto.OnDemandFeatureView::getSpec)
        .filter(spec -> spec.getProject().equals(project))
        .map(RegistryProto.OnDemandFeatureViewSpec::getName)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Map<String, FeatureService> services(RegistryProto.Registry proto) {
    Map<String, FeatureService> services = new HashMap<>();
    for (RegistryProto.FeatureService service : proto.getFeatureServicesList()) {
      RegistryProto.FeatureServiceSpec spec = service.getSpec();
      if (spec.getProject().equals(project)) {
        services.put(
            spec.getName(),
            new FeatureService(
                spec.getName(),
                spec.getFeaturesList().stream().map(RegistryReader::projection).toList()));
      }
    }
    return Map.copyOf(services);
  }

  private static Projection projection(RegistryProto.FeatureViewProjection projection) {
    String view = projection.getFeatureViewName();
    String alias = projection.getFeatureViewNameAlias();
    return new Projection(
        view,
        projection.hasVersionTag() ? projection.getVersionTag() : null,
        alias.isEmpty() ? view : alias,
        List.copyOf(names(projection.getFeatureColumnsList())),
        Map.copyOf(projection.getJoinKeyMapMap()));
  }

  private static Set<String> names(List<RegistryProto.FeatureSpec> features) {
    Set<String> names = new LinkedHashSet<>();
    features.forEach(feature -> names.add(feature.getName()));
    return names;
  }

  private static @Nullable Instant lastUpdated(RegistryProto.Registry proto) {
    if (!proto.hasLastUpdated()) {
      return null;
    }
    RegistryProto.Timestamp at = proto.getLastUpdated();
    return Instant.ofEpochSecond(at.getSeconds(), at.getNanos());
  }
}
