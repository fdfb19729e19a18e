package dev.feast.aws.api.v1alpha1;

/** How `POST /get-online-features` answers. The constants are spelled as in the YAML. */
public enum ResponseFormat {
  /** In rows, {@code field_values}, as Feast's Lambda server did. */
  FieldValues,
  /** In columns, {@code metadata} and {@code results}, as Feast's servers do since 0.18. */
  Results
}
