package io.coursereviews.peer.best;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Reads facts; nothing of this form ever writes one. */
final class FactSerde {
  private FactSerde() {}

  static Serde<CourseFact> create() {
    Serializer<CourseFact> never =
        (topic, fact) -> {
          throw new UnsupportedOperationException("Facts are only read");
        };
    Deserializer<CourseFact> parse = (topic, value) -> value == null ? null : CourseFact.parse(value);
    return Serdes.serdeFrom(never, parse);
  }
}
