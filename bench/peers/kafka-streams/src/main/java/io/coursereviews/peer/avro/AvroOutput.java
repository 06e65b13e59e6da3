package io.coursereviews.peer.avro;

import java.util.Arrays;

/** Writes Avro's binary form into a buffer that is used again. For one thread. */
public final class AvroOutput {
  private byte[] buffer = new byte[4096];
  private int at;

  /** Begins a value with the header of the Confluent wire format. */
  public void begin(int schemaId) {
    buffer[0] = 0;
    buffer[1] = (byte) (schemaId >>> 24);
    buffer[2] = (byte) (schemaId >>> 16);
    buffer[3] = (byte) (schemaId >>> 8);
    buffer[4] = (byte) schemaId;
    at = AvroInput.HEADER_BYTES;
  }

  public void writeLong(long value) {
    ensure(10);
    long raw = (value << 1) ^ (value >> 63);
    while ((raw & ~0x7fL) != 0) {
      buffer[at++] = (byte) (raw | 0x80);
      raw >>>= 7;
    }
    buffer[at++] = (byte) raw;
  }

  public void writeBoolean(boolean value) {
    ensure(1);
    buffer[at++] = (byte) (value ? 1 : 0);
  }

  /** Which branch of a union of null and something follows. */
  public void writePresence(boolean isPresent) {
    writeLong(isPresent ? 1 : 0);
  }

  public void writeText(byte[] text, int start, int length) {
    writeLong(length);
    writeEncoded(text, start, length);
  }

  public void writeText(byte[] text) {
    writeText(text, 0, text.length);
  }

  /** Bytes that are Avro already. */
  public void writeEncoded(byte[] bytes, int start, int length) {
    ensure(length);
    System.arraycopy(bytes, start, buffer, at, length);
    at += length;
  }

  public byte[] end() {
    return Arrays.copyOf(buffer, at);
  }

  private void ensure(int more) {
    if (at + more > buffer.length) buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, at + more));
  }
}
