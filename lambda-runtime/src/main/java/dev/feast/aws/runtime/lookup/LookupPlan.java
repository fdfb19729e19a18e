package dev.feast.aws.runtime.lookup;

import dev.feast.aws.runtime.entitykey.KeyValue;
import java.time.Duration;
import java.util.List;

/**
 * A request made sense of with the registry.
 *
 * @param echoes the request's join keys, first in the answer
 * @param features in the answer's order
 * @param views each read once, whatever number of features it gives
 * @param versions which version of each view it is, where the request asks for that
 */
record LookupPlan(
    int rows,
    List<Echo> echoes,
    List<Feature> features,
    List<ViewRead> views,
    List<ViewVersion> versions) {

  /**
   * A join key that the answer repeats.
   *
   * @param name the join key, also where the request went by the entity's name
   */
  record Echo(String name, List<EchoValue> values) {}

  /** A repeated value: in its declared type where a view reads by it, else as it was sent. */
  sealed interface EchoValue {
    record Typed(KeyValue value) implements EchoValue {}

    record AsSent(EntityValue value) implements EchoValue {}
  }

  /**
   * A column of the answer.
   *
   * @param name in the answer
   * @param view index into {@link LookupPlan#views}
   */
  record Feature(String name, String feature, int view) {}

  /**
   * Which version of a view the answer is from.
   *
   * @param view its name or alias
   * @param version 0 where Feast counts none
   */
  record ViewVersion(String view, int version) {}

  /**
   * What is read of one view.
   *
   * @param table before the template of table names
   * @param ttl how old a row may be; zero where it may be of any age
   * @param joinKeys empty for a view without entities
   * @param columns a column of values for each join key
   */
  record ViewRead(
      String table,
      Duration ttl,
      List<String> features,
      List<String> joinKeys,
      List<List<KeyValue>> columns) {}
}
