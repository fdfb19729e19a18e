package dev.feast.aws.operator.image;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A registry's wish for a bearer token: {@code WWW-Authenticate: Bearer
 * realm="...",service="...",scope="..."}, its parameters in any order (the distribution project's
 * token specification).
 */
record Challenge(Map<String, String> parameters) {
  private static final Pattern PARAMETER = Pattern.compile("([A-Za-z_]+)=\"([^\"]*)\"");

  static Optional<Challenge> bearer(List<String> headers) {
    return headers.stream()
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith("bearer "))
        .findFirst()
        .map(
            header -> {
              Map<String, String> parameters = new HashMap<>();
              Matcher matcher = PARAMETER.matcher(header);
              while (matcher.find()) {
                parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
              }
              return new Challenge(parameters);
            })
        .filter(challenge -> challenge.parameters().containsKey("realm"));
  }

  /** Where the token is to be had. */
  URI tokenUri(String scopeIfNone) {
    String realm = parameters.getOrDefault("realm", "");
    StringBuilder uri = new StringBuilder(realm).append(realm.contains("?") ? '&' : '?');
    uri.append("scope=").append(encode(parameters.getOrDefault("scope", scopeIfNone)));
    if (parameters.containsKey("service")) {
      uri.append("&service=").append(encode(parameters.getOrDefault("service", "")));
    }
    return URI.create(uri.toString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
