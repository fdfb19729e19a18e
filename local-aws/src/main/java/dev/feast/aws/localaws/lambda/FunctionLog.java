package dev.feast.aws.localaws.lambda;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/**
 * The last lines that a function logged, all versions together: its log group in CloudWatch Logs,
 * where they are written with the permissions of the function's role. Thread-safe.
 */
public final class FunctionLog {
  private static final int MAX_LINES = 10_000;

  /** "AWSLambdaBasicExecutionRole grants permissions to upload logs to CloudWatch". */
  private static final String CREATE_GROUP = "logs:CreateLogGroup";

  private static final List<String> WRITE = List.of("logs:CreateLogStream", "logs:PutLogEvents");

  private final Predicate<String> mayDo;
  private final Group group;
  private final ArrayDeque<String> lines = new ArrayDeque<>();

  /** The function's log group. */
  public interface Group {
    /** Is there from the beginning and keeps nothing. */
    Group NONE =
        new Group() {
          @Override
          public boolean isThere() {
            return true;
          }

          @Override
          public void create() {}

          @Override
          public void write(String line) {}
        };

    boolean isThere();

    void create();

    void write(String line);
  }

  /**
   * @param mayDo whether the function's role may do that action on the log group
   */
  public FunctionLog(Predicate<String> mayDo, Group group) {
    this.mayDo = mayDo;
    this.group = group;
  }

  /** Adds a line, given without its end; it is lost where the role may not write it. */
  public synchronized void add(String line) {
    if (!group.isThere() && mayDo.test(CREATE_GROUP)) {
      group.create();
    }
    if (!group.isThere() || !WRITE.stream().allMatch(mayDo)) {
      return;
    }
    group.write(line);
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
  }

  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
