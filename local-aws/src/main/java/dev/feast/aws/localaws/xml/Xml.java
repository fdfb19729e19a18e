package dev.feast.aws.localaws.xml;

import dev.feast.aws.localaws.http.Body;
import dev.feast.aws.localaws.http.Headers;
import dev.feast.aws.localaws.http.Response;
import java.util.function.Consumer;

/** Writes an XML document, an element at a time. */
public final class Xml {
  private final StringBuilder out =
      new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  private Xml() {}

  /** A document of one element that holds the others. */
  public static Xml document(String root, Consumer<Xml> children) {
    return new Xml().element(root, children);
  }

  /** As {@link #document(String, Consumer)}, in a namespace. */
  public static Xml document(String root, String namespace, Consumer<Xml> children) {
    var xml = new Xml();
    xml.out.append('<').append(root).append(" xmlns=\"").append(namespace).append("\">");
    children.accept(xml);
    xml.out.append("</").append(root).append('>');
    return xml;
  }

  /** An element that holds others. */
  public Xml element(String name, Consumer<Xml> children) {
    out.append('<').append(name).append('>');
    children.accept(this);
    out.append("</").append(name).append('>');
    return this;
  }

  /** An element that holds text. */
  public Xml element(String name, String text) {
    return element(name, xml -> xml.text(text));
  }

  /** Text between elements. */
  public Xml text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\r' -> out.append("&#13;");
        default -> out.append(c);
      }
    }
    return this;
  }

  public Response response(int status, String contentType) {
    return new Response(status, Headers.of("Content-Type", contentType), Body.text(out.toString()));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
