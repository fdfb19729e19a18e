package dev.feast.aws.localaws.xml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** An element of a request's XML. Names are compared without their namespace, as S3 does. */
public final class XmlInput {
  private final Element element;

  private XmlInput(Element element) {
    this.element = element;
  }

  /** The document's root; empty when that is not XML. */
  public static Optional<XmlInput> parse(byte[] document) {
    try {
      var factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return Optional.of(
          new XmlInput(builder.parse(new ByteArrayInputStream(document)).getDocumentElement()));
    } catch (SAXException | IOException e) {
      return Optional.empty();
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The children of that name, in order. */
  public List<XmlInput> all(String name) {
    var found = new ArrayList<XmlInput>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child && child.getLocalName().equals(name)) {
        found.add(new XmlInput(child));
      }
    }
    return found;
  }

  /** The text of the first child of that name. */
  public Optional<String> text(String name) {
    return all(name).stream().findFirst().map(child -> child.element.getTextContent());
  }
}
