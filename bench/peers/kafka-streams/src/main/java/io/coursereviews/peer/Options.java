package io.coursereviews.peer;

import java.util.HashMap;
import java.util.Map;

/** What the driver said: pairs of {@code --name value}. */
public final class Options {
  private final Map<String, String> values;

  private Options(Map<String, String> values) {
    this.values = values;
  }

  public static Options parse(String[] args) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      if (!args[i].startsWith("--") || i + 1 == args.length)
        throw new IllegalArgumentException("Expected --name value, found " + args[i]);
      values.put(args[i].substring(2), args[i + 1]);
    }
    return new Options(values);
  }

  public String text(String name) {
    String value = values.get(name);
    if (value == null) throw new IllegalArgumentException("--" + name + " is missing");
    return value;
  }

  public int number(String name, int otherwise) {
    String value = values.get(name);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  /** An output topic of the product, with the driver's prefix in front. */
  public String output(String topic) {
    return text("output-prefix") + topic;
  }

  /** The registry's id of the schema that values of a topic are written with. */
  public int schemaId(String topic) {
    return number("schema-id." + topic, 1);
  }
}
