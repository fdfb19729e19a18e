package dev.feast.aws.runtime.config;

/** Feast's {@code table_name_template}, with the project filled in. */
public record TableNames(String templateOfProject) {

  static final String DEFAULT = "{project}.{table_name}";

  private static final String TABLE = "{table_name}";

  /** Returns the names, or says which placeholder Feast does not know. */
  static TableNames of(String template, String project) throws ConfigException {
    String rest = template.replace("{project}", "").replace(TABLE, "");
    if (rest.contains("{") || rest.contains("}")) {
      throw new ConfigException(
          "online_store.table_name_template holds "
              + template
              + "; only {project} and {table_name} are filled in");
    }
    return new TableNames(template.replace("{project}", project));
  }

  /**
   * @param table the feature view's own name, never its alias, with {@code _v2} behind it for a
   *     version
   */
  public String tableOf(String table) {
    return templateOfProject.replace(TABLE, table);
  }
}
