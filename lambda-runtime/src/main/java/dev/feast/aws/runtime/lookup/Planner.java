package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.entitykey.KeyValue;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Excerpt;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.registry.Registry;
import dev.feast.aws.runtime.registry.Registry.FeatureService;
import dev.feast.aws.runtime.registry.Registry.FeatureView;
import dev.feast.aws.runtime.registry.Registry.JoinKey;
import dev.feast.aws.runtime.registry.Registry.Projection;
import dev.feast.aws.runtime.registry.Registry.VersionedName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a plan of a request, or refuses it with the name of what is wrong. Pure. */
final class Planner {

  /** In both shapes: a status with its name in rows, a value with status and time in columns. */
  private static final int MIN_CELL_BYTES = 17;

  private final Registry registry;
  private final LookupRequest request;

  /** The request's columns by join key; those that the registry does not know are left out. */
  private final Map<String, Column> columns = new LinkedHashMap<>();

  private final List<LookupPlan.Feature> features = new ArrayList<>();

  /** By the name that the view goes by in the answer. */
  private final Map<String, View> views = new LinkedHashMap<>();

  private record Column(String requestKey, List<EntityValue> values) {}

  /**
   * A view that is asked for.
   *
   * @param name its name or alias
   * @param key what it is called in the answer, its version in it where one is asked for
   */
  private record View(
      int index,
      String name,
      String key,
      FeatureView view,
      Map<String, String> requestKeyOf,
      List<String> features) {}

  private Planner(Registry registry, LookupRequest request) {
    this.registry = registry;
    this.request = request;
  }

  static LookupPlan plan(Registry registry, LookupRequest request) {
    return new Planner(registry, request).plan();
  }

  private LookupPlan plan() {
    if (request.featureService() != null) {
      addService(request.featureService());
    } else {
      addReferences(request.features());
    }
    takeColumns();
    refuseCollisions();
    refuseTooManyCells();
    Map<String, List<KeyValue>> typed = new HashMap<>();
    List<LookupPlan.ViewRead> reads = views.values().stream().map(v -> read(v, typed)).toList();
    return new LookupPlan(rows(), echoes(typed), features, reads, versions());
  }

  private void addService(String name) {
    FeatureService service = registry.featureServices().get(name);
    if (service == null) {
      throw new Refusal(
          ErrorCode.FEATURE_SERVICE_NOT_FOUND,
          "feature service "
              + Excerpt.of(name)
              + " does not exist in project "
              + registry.project());
    }
    for (Projection projection : service.projections()) {
      if (projection.features().isEmpty()) {
        continue;
      }
      View view =
          view(
              new ViewReference(projection.name(), projection.version()),
              projection.view(),
              projection.requestKeyOf());
      // What the service has a feature for is served, as in Feast, also once the view has lost it.
      projection.features().forEach(feature -> add(view, feature));
    }
  }

  private void addReferences(List<String> references) {
    if (references.isEmpty()) {
      throw new Refusal(
          ErrorCode.INVALID_REQUEST, "no features are asked for: give features or feature_service");
    }
    for (String reference : references) {
      int colon = reference.indexOf(':');
      if (colon <= 0 || colon == reference.length() - 1 || reference.indexOf(':', colon + 1) > 0) {
        throw new Refusal(
            ErrorCode.INVALID_REQUEST,
            "the feature reference "
                + Excerpt.of(reference)
                + " has to be <feature view>:<feature>");
      }
      ViewReference named = ViewReference.parse(reference.substring(0, colon));
      View view = view(named, named.view(), Map.of());
      String feature = reference.substring(colon + 1);
      if (!view.view().features().contains(feature)) {
        throw new Refusal(
            ErrorCode.FEATURE_NOT_FOUND,
            "feature view " + named.key() + " has no feature " + Excerpt.of(feature));
      }
      add(view, feature);
    }
  }

  /**
   * @param shown what it is called in the answer
   * @param name in the registry
   */
  private View view(ViewReference shown, String name, Map<String, String> requestKeyOf) {
    View view = views.get(shown.key());
    if (view == null) {
      view =
          new View(
              views.size(),
              shown.view(),
              shown.key(),
              find(name, shown.version()),
              requestKeyOf,
              new ArrayList<>());
      views.put(shown.key(), view);
    }
    return view;
  }

  /** Each name once: of several versions of a view the first, as in Feast. */
  private List<LookupPlan.ViewVersion> versions() {
    if (!request.viewVersions()) {
      return List.of();
    }
    Map<String, LookupPlan.ViewVersion> versions = new LinkedHashMap<>();
    for (View view : views.values()) {
      versions.putIfAbsent(
          view.name(), new LookupPlan.ViewVersion(view.name(), view.view().version()));
    }
    return List.copyOf(versions.values());
  }

  private void add(View view, String feature) {
    view.features().add(feature);
    String name = request.fullFeatureNames() ? view.key() + "__" + feature : feature;
    features.add(new LookupPlan.Feature(name, feature, view.index()));
  }

  private FeatureView find(String name, @Nullable Integer version) {
    FeatureView view = version == null ? findNewest(name) : findVersion(name, version);
    if (view.disabled()) {
      throw new Refusal(
          ErrorCode.FEATURE_VIEW_NOT_FOUND,
          "feature view " + name + " is disabled; feast feature-views enable " + name);
    }
    return view;
  }

  private FeatureView findVersion(String name, int version) {
    Map<VersionedName, FeatureView> versions = registry.versions();
    if (versions == null) {
      throw new Refusal(
          ErrorCode.INVALID_REQUEST,
          "version v"
              + version
              + " of feature view "
              + Excerpt.of(name)
              + " is asked for, but versions are not served: feature_store.yaml has to set"
              + " registry.enable_online_feature_view_versioning");
    }
    FeatureView view = versions.get(new VersionedName(name, version));
    if (view != null) {
      return view;
    }
    // Says so where there is no such view at all, or none that can be served.
    findNewest(name);
    throw new Refusal(
        ErrorCode.FEATURE_VIEW_NOT_FOUND,
        "feature view "
            + name
            + " has no version v"
            + version
            + " in project "
            + registry.project());
  }

  private FeatureView findNewest(String name) {
    FeatureView view = registry.featureViews().get(name);
    if (view != null) {
      return view;
    }
    if (registry.onDemandFeatureViews().contains(name)) {
      throw new Refusal(
          ErrorCode.ON_DEMAND_FEATURE_VIEW,
          "feature view "
              + name
              + " is an on-demand feature view: its Python code cannot run in this feature server");
    }
    throw new Refusal(
        ErrorCode.FEATURE_VIEW_NOT_FOUND,
        "feature view " + Excerpt.of(name) + " does not exist in project " + registry.project());
  }

  /** Also under the names that projections of a service give to join keys. */
  private void takeColumns() {
    Set<String> renamed = new HashSet<>();
    views.values().forEach(view -> renamed.addAll(view.requestKeyOf().values()));
    request
        .entities()
        .forEach(
            (requestKey, values) -> {
              String joinKey =
                  renamed.contains(requestKey) ? requestKey : registry.joinKeyOf().get(requestKey);
              if (joinKey == null) {
                return;
              }
              Column before = columns.put(joinKey, new Column(requestKey, values));
              if (before != null) {
                throw new Refusal(
                    ErrorCode.INVALID_REQUEST,
                    "entities."
                        + before.requestKey()
                        + " and entities."
                        + requestKey
                        + " are the same join key "
                        + joinKey);
              }
            });
  }

  private void refuseCollisions() {
    Set<String> names = new HashSet<>(columns.keySet());
    for (LookupPlan.Feature feature : features) {
      if (!names.add(feature.name())) {
        throw new Refusal(
            ErrorCode.FEATURE_NAME_COLLISION,
            "the answer would have "
                + feature.name()
                + " more than once; ask for it once"
                + (request.fullFeatureNames() ? "" : ", or set full_feature_names"));
      }
    }
  }

  /** Before anything is read for an answer that cannot be given. */
  private void refuseTooManyCells() {
    long cells = (long) rows() * (columns.size() + features.size());
    if (cells > Answer.MAX_BODY_BYTES / MIN_CELL_BYTES) {
      throw new Refusal(
          ErrorCode.RESPONSE_TOO_LARGE,
          "the answer would have "
              + cells
              + " values and more than "
              + Answer.MAX_BODY_BYTES
              + " bytes, the limit of an answer. Ask for fewer rows or fewer features at once.");
    }
  }

  private LookupPlan.ViewRead read(View view, Map<String, List<KeyValue>> typed) {
    List<String> joinKeys = new ArrayList<>();
    List<List<KeyValue>> values = new ArrayList<>();
    for (JoinKey joinKey : view.view().joinKeys()) {
      String key = view.requestKeyOf().getOrDefault(joinKey.name(), joinKey.name());
      Column column = columns.get(key);
      if (column == null) {
        throw new Refusal(
            ErrorCode.MISSING_ENTITY,
            "entities has no "
                + key
                + ", by which feature view "
                + view.view().name()
                + " is read");
      }
      List<KeyValue> converted = KeyTypes.convert(joinKey, column.requestKey(), column.values());
      joinKeys.add(joinKey.name());
      values.add(converted);
      typed.putIfAbsent(key, converted);
    }
    return new LookupPlan.ViewRead(
        view.view().table(), view.view().ttl(), view.features(), joinKeys, values);
  }

  private List<LookupPlan.Echo> echoes(Map<String, List<KeyValue>> typed) {
    List<LookupPlan.Echo> echoes = new ArrayList<>();
    columns.forEach(
        (joinKey, column) -> {
          List<KeyValue> values = typed.get(joinKey);
          echoes.add(
              new LookupPlan.Echo(
                  joinKey,
                  values == null
                      ? column.values().stream().map(v -> asSent(column.requestKey(), v)).toList()
                      : values.stream().map(Planner::typed).toList()));
        });
    return echoes;
  }

  private static LookupPlan.EchoValue typed(KeyValue value) {
    return new LookupPlan.EchoValue.Typed(value);
  }

  private static LookupPlan.EchoValue asSent(String requestKey, EntityValue value) {
    if (value instanceof EntityValue.Nested) {
      throw new Refusal(
          ErrorCode.INVALID_ENTITY_VALUE,
          "entities." + requestKey + " holds a list or an object, which no join key can be");
    }
    return new LookupPlan.EchoValue.AsSent(value);
  }

  /** One row where no entity was given: views without entities have a value all the same. */
  private int rows() {
    if (request.entities().isEmpty()) {
      return 1;
    }
    return request.entities().values().iterator().next().size();
  }
}
