package io.coursereviews.peer.avro;

/** Reads Avro's binary form field by field: what is not wanted is skipped, no object is made. */
public final class AvroInput {
  /** Confluent wire format: byte 0 and four bytes of schema id. */
  public static final int HEADER_BYTES = 5;

  private final byte[] bytes;
  private int at = HEADER_BYTES;

  public AvroInput(byte[] value) {
    if (value.length < HEADER_BYTES || value[0] != 0)
      throw new IllegalArgumentException("Not in the Confluent wire format");
    bytes = value;
  }

  public int position() {
    return at;
  }

  public int readInt() {
    return (int) readLong();
  }

  public long readLong() {
    long raw = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      raw |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return (raw >>> 1) ^ -(raw & 1);
  }

  public boolean readBoolean() {
    return bytes[at++] != 0;
  }

  /** Whether a union of null and something holds something. */
  public boolean readPresence() {
    return readInt() != 0;
  }

  /** The text's bytes. */
  public byte[] readText() {
    int length = readInt();
    byte[] text = new byte[length];
    System.arraycopy(bytes, at, text, 0, length);
    at += length;
    return text;
  }

  /** Leaves out a text. */
  public void skipText() {
    int length = readInt();
    at += length;
  }

  public void skipOptionalText() {
    if (readPresence()) skipText();
  }

  /** @throws IllegalArgumentException when the value has bytes left, or had too few */
  public void expectEnd() {
    if (at != bytes.length) throw new IllegalArgumentException((bytes.length - at) + " bytes too many or too few");
  }
}
