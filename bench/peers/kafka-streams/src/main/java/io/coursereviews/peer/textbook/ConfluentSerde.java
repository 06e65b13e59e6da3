package io.coursereviews.peer.textbook;

import io.coursereviews.peer.avro.AvroInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Generic records in the Confluent wire format, as the usual serde makes them; the registry is left out. */
final class ConfluentSerde {
  private ConfluentSerde() {}

  static Serde<GenericRecord> of(Schema schema, int schemaId) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : encode(value, schema, schemaId),
        (topic, bytes) -> bytes == null ? null : decode(bytes, schema));
  }

  /** A schema of the product, by the name of its file. */
  static Schema schema(String file) {
    try (InputStream text = ConfluentSerde.class.getResourceAsStream("/" + file)) {
      if (text == null) throw new IllegalStateException("No schema " + file);
      return new Schema.Parser().parse(text);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static byte[] encode(GenericRecord value, Schema schema, int schemaId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      bytes.write(ByteBuffer.allocate(AvroInput.HEADER_BYTES).put((byte) 0).putInt(schemaId).array());
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<GenericRecord>(schema).write(value, encoder);
      encoder.flush();
      return bytes.toByteArray();
    } catch (IOException error) {
      throw new SerializationException(error);
    }
  }

  private static GenericRecord decode(byte[] bytes, Schema schema) {
    int length = bytes.length - AvroInput.HEADER_BYTES;
    try {
      return new GenericDatumReader<GenericRecord>(schema)
          .read(null, DecoderFactory.get().binaryDecoder(bytes, AvroInput.HEADER_BYTES, length, null));
    } catch (IOException error) {
      throw new SerializationException(error);
    }
  }
}
