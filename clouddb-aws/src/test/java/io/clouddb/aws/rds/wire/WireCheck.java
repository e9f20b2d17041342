/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds.wire;

import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Says what of a request or an answer is not as the service's definition has it. */
final class WireCheck {
  private static final Set<String> ENVELOPE = Set.of("Action", "Version");

  /**
   * Errors that every action of AWS can have: <em>Common Errors</em> in the API reference, and
   * those that the RDS user guide names without the definition; with their HTTP status.
   */
  private static final Map<String, Integer> COMMON_ERRORS =
      Map.ofEntries(
          Map.entry("AccessDenied", 403),
          Map.entry("ExpiredToken", 403),
          Map.entry("IncompleteSignature", 400),
          Map.entry("InternalFailure", 500),
          Map.entry("InvalidClientTokenId", 403),
          Map.entry("InvalidParameterCombination", 400),
          Map.entry("InvalidParameterValue", 400),
          Map.entry("MissingAuthenticationToken", 403),
          Map.entry("MissingParameter", 400),
          Map.entry("OptInRequired", 403),
          Map.entry("RequestExpired", 400),
          Map.entry("RequestLimitExceeded", 503),
          Map.entry("ServiceUnavailable", 503),
          Map.entry("SignatureDoesNotMatch", 403),
          Map.entry("Throttling", 400),
          Map.entry("UnsupportedOperation", 400),
          Map.entry("ValidationError", 400));

  private final ServiceDefinition definition;
  private final String version;
  private final String namespace;

  private WireCheck(String service, String version, String namespace) {
    this.definition = ServiceDefinition.load(service + "-" + version + ".txt");
    this.version = version;
    this.namespace = namespace + version + "/";
  }

  static WireCheck rds() {
    return new WireCheck("rds", "2014-10-31", "http://rds.amazonaws.com/doc/");
  }

  static WireCheck sts() {
    return new WireCheck("sts", "2011-06-15", "https://sts.amazonaws.com/doc/");
  }

  /** Whether a form is of this service's version, by which the two are told apart. */
  boolean isOf(String form) {
    return version.equals(parse(form).get("Version"));
  }

  /** Checks a form; the action is known from it. */
  List<String> request(String form) {
    Map<String, String> values = parse(form);
    String action = values.getOrDefault("Action", "");
    List<String> problems = new ArrayList<>();
    Optional<ServiceDefinition.Operation> operation = definition.operation(action);
    if (operation.isEmpty()) {
      return List.of("unknown action '" + action + "'");
    }
    if (!version.equals(values.get("Version"))) {
      problems.add(action + ": Version is " + values.get("Version"));
    }
    values.keySet().removeAll(ENVELOPE);
    Set<String> known = new HashSet<>();
    structure(action, operation.get().input(), "", values, known, problems);
    values.keySet().stream()
        .filter(name -> !known.contains(name))
        .forEach(name -> problems.add(action + ": no member " + name));
    return problems;
  }

  static Map<String, String> parse(String form) {
    Map<String, String> values = new TreeMap<>();
    for (String pair : form.split("&")) {
      int equals = pair.indexOf('=');
      String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
      values.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return values;
  }

  private void structure(
      String action,
      String shapeName,
      String prefix,
      Map<String, String> values,
      Set<String> known,
      List<String> problems) {
    ServiceDefinition.Shape shape = definition.shape(shapeName);
    shape
        .members()
        .forEach(
            (member, memberShape) -> {
              boolean there = member(action, memberShape, prefix + member, values, known, problems);
              if (!there && shape.required().contains(member)) {
                problems.add(action + ": " + prefix + member + " is required");
              }
            });
  }

  private boolean member(
      String action,
      String shapeName,
      String name,
      Map<String, String> values,
      Set<String> known,
      List<String> problems) {
    ServiceDefinition.Shape shape = definition.shape(shapeName);
    return switch (shape.type()) {
      case "structure" -> {
        boolean there = values.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
        if (there) {
          structure(action, shapeName, name + ".", values, known, problems);
        }
        yield there;
      }
      case "list" -> {
        String elements = name + "." + shape.element().get(0) + ".";
        int count = 0;
        while (member(
            action, shape.element().get(1), elements + (count + 1), values, known, problems)) {
          count++;
        }
        yield count > 0;
      }
      default -> {
        String value = values.get(name);
        if (value != null) {
          known.add(name);
          definition
              .problem(shape, value)
              .ifPresent(problem -> problems.add(action + ": " + name + ": " + problem));
        }
        yield value != null;
      }
    };
  }

  /** Checks an answer. */
  List<String> response(String action, int status, String body) {
    Optional<ServiceDefinition.Operation> operation = definition.operation(action);
    if (operation.isEmpty()) {
      return List.of("unknown action '" + action + "'");
    }
    List<String> problems = new ArrayList<>();
    Element root;
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      DocumentBuilder parser = factory.newDocumentBuilder();
      // The default one prints.
      parser.setErrorHandler(null);
      root = parser.parse(new InputSource(new StringReader(body))).getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      return List.of(action + ": no XML: " + e.getMessage());
    }
    if (!namespace.equals(root.getNamespaceURI())) {
      problems.add(action + ": namespace " + root.getNamespaceURI());
    }
    if (status == 200) {
      success(action, operation.get(), root, problems);
    } else {
      error(action, operation.get(), status, root, problems);
    }
    return problems;
  }

  private void success(
      String action, ServiceDefinition.Operation operation, Element root, List<String> problems) {
    Map<String, Element> parts = new HashMap<>();
    children(root).forEach(child -> parts.put(child.getLocalName(), child));
    Set<String> expected = new HashSet<>(Set.of("ResponseMetadata"));
    operation.output().ifPresent(output -> expected.add(action + "Result"));
    if (!root.getLocalName().equals(action + "Response") || !parts.keySet().equals(expected)) {
      problems.add(action + ": <" + root.getLocalName() + "> holds " + parts.keySet());
      return;
    }
    operation
        .output()
        .ifPresent(
            output ->
                element(action, output, "", required(parts.get(action + "Result")), problems));
    if (text(required(parts.get("ResponseMetadata")), "RequestId").isEmpty()) {
      problems.add(action + ": no RequestId");
    }
  }

  private static Element required(@Nullable Element element) {
    return Objects.requireNonNull(element);
  }

  private void element(
      String action, String shapeName, String path, Element element, List<String> problems) {
    ServiceDefinition.Shape shape = definition.shape(shapeName);
    switch (shape.type()) {
      case "structure" -> {
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (Element child : children(element)) {
          String name = child.getLocalName();
          String memberShape = shape.members().get(name);
          if (memberShape == null) {
            problems.add(action + " answers " + path + "/" + name + ", which is no member");
          } else {
            element(action, memberShape, path + "/" + name, child, problems);
          }
          if (seen.merge(name, 1, Integer::sum) > 1) {
            problems.add(action + " answers " + path + "/" + name + " twice");
          }
        }
        shape.required().stream()
            .filter(name -> !seen.containsKey(name))
            .forEach(name -> problems.add(action + " does not answer " + path + "/" + name));
        if (children(element).isEmpty() && !element.getTextContent().isBlank()) {
          problems.add(action + " answers text in " + path);
        }
      }
      case "list" -> {
        for (Element child : children(element)) {
          if (!child.getLocalName().equals(shape.element().get(0))) {
            problems.add(action + " answers " + path + "/" + child.getLocalName());
          } else {
            element(
                action, shape.element().get(1), path + "/" + child.getLocalName(), child, problems);
          }
        }
      }
      default ->
          definition
              .problem(shape, element.getTextContent())
              .ifPresent(problem -> problems.add(action + " answers " + path + ": " + problem));
    }
  }

  private void error(
      String action,
      ServiceDefinition.Operation operation,
      int status,
      Element root,
      List<String> problems) {
    List<Element> errors =
        children(root).stream().filter(child -> child.getLocalName().equals("Error")).toList();
    if (!root.getLocalName().equals("ErrorResponse")
        || errors.size() != 1
        || text(root, "RequestId").isEmpty()) {
      problems.add(action + ": <" + root.getLocalName() + "> is no error");
      return;
    }
    Element error = errors.get(0);
    String code = text(error, "Code").orElse("");
    if (text(error, "Message").isEmpty()
        || !Set.of("Sender", "Receiver").contains(text(error, "Type").orElse(""))) {
      problems.add(action + ": an error without message or type");
    }
    Integer expected =
        operation.errors().contains(code)
            ? definition.status(code).orElseThrow()
            : COMMON_ERRORS.get(code);
    if (expected == null || expected != status) {
      problems.add(action + " has no error " + code + " with status " + status);
    }
  }

  private static Optional<String> text(Element parent, String name) {
    return children(parent).stream()
        .filter(child -> child.getLocalName().equals(name))
        .map(Node::getTextContent)
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  private static List<Element> children(Element element) {
    List<Element> all = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        all.add(child);
      }
    }
    return all;
  }
}
