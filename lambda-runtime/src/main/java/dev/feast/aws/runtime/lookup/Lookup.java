package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.config.ServingConfig;
import dev.feast.aws.runtime.config.TableNames;
import dev.feast.aws.runtime.entitykey.EntityKeyVersions;
import dev.feast.aws.runtime.http.Answer;
import dev.feast.aws.runtime.http.Deadline;
import dev.feast.aws.runtime.http.ErrorCode;
import dev.feast.aws.runtime.http.Handler;
import dev.feast.aws.runtime.http.Refusal;
import dev.feast.aws.runtime.http.Request;
import dev.feast.aws.runtime.log.Log;
import dev.feast.aws.runtime.registry.Registry;
import dev.feast.aws.runtime.registry.RegistryCache;
import dev.feast.aws.runtime.registry.RegistryState;
import dev.feast.aws.runtime.store.OnlineStore;
import dev.feast.aws.runtime.store.StoreException;
import java.time.Clock;

/** Answers lookups: parse, plan, read, write. */
public final class Lookup {

  private final RegistryCache registries;
  private final EntityKeyVersions versions;
  private final RowReader reader;
  private final MaxAge maxAge;
  private final int maxRows;

  public Lookup(
      RegistryCache registries,
      OnlineStore store,
      TableNames tableNames,
      EntityKeyVersions versions,
      ServingConfig serving,
      Clock clock) {
    this.registries = registries;
    this.versions = versions;
    this.maxAge = new MaxAge(serving.staleFeatures(), clock);
    this.maxRows = serving.maxRows();
    this.reader = new RowReader(store, tableNames, versions);
  }

  /** The same lookups in one of the two shapes. */
  public Handler in(AnswerFormat format) {
    return request -> answer(request, format);
  }

  private Answer answer(Request request, AnswerFormat format) {
    LookupRequest asked = LookupRequestParser.parse(request.body(), maxRows);
    LookupPlan plan = Planner.plan(registry(request.deadline()), asked);
    LookupResult result = read(plan, request);
    return Answer.ok(json -> format.write(json, result));
  }

  private Registry registry(Deadline deadline) {
    RegistryState state = registries.current(deadline);
    RegistryState.Loaded usable =
        switch (state) {
          case RegistryState.Loaded loaded -> loaded;
          case RegistryState.Stale stale -> stale.lastGood();
          case RegistryState.Unavailable unavailable ->
              throw new Refusal(
                  ErrorCode.REGISTRY_UNAVAILABLE,
                  unavailable.reason() + ": " + unavailable.message());
        };
    if (!deadline.toAnswer().isPositive()) {
      throw new Refusal(
          ErrorCode.REGISTRY_UNAVAILABLE, "the registry came too late for this request; try again");
    }
    versions.forgetUnless(usable.etag());
    return usable.registry();
  }

  private LookupResult read(LookupPlan plan, Request request) {
    try {
      return maxAge.check(plan, reader.read(plan, request.deadline()));
    } catch (StoreException e) {
      Log.warn(
          "the online store was not read",
          "kind",
          e.kind(),
          "error",
          String.valueOf(e.getMessage()));
      throw switch (e.kind()) {
        case TOO_LARGE ->
            new Refusal(
                ErrorCode.RESPONSE_TOO_LARGE,
                e.getMessage() + "; ask for fewer rows or fewer features at once");
        case THROTTLED ->
            new Refusal(
                ErrorCode.ONLINE_STORE_THROTTLED,
                "the online store throttled until the time was up; try again");
        case UNREACHABLE ->
            new Refusal(
                ErrorCode.ONLINE_STORE_UNREACHABLE,
                "the online store did not answer in time; try again");
        case REFUSED ->
            new Refusal(
                ErrorCode.ONLINE_STORE_REFUSED,
                "the online store refused to be read; the feature server's log says why");
      };
    }
  }
}
