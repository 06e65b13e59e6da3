package io.coursereviews.peer.ledger;

import io.coursereviews.peer.avro.AvroInput;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A record of reviews. Texts stay where they are in the record: a fact takes them over as they are. */
final class ReviewCommand {
  static final int SUBMITTED = 1;
  static final int WITHDRAWN = 2;
  static final int HASH_BYTES = 16;
  private static final int MAX_HALF_STARS = 10;

  final byte[] record;
  final int kind;
  final byte[] reviewId;
  final byte[] courseId;
  final byte[] userId;
  final byte[] submissionId;
  final boolean isImported;
  /** Null: the append time. */
  final Long createdAtMs;
  /** Null on a withdrawal. */
  final byte[] contentHash;
  final int halfStars;
  /** Where course title, title and content begin, encoded the same way as in a fact. */
  final int textsStart;

  /** @throws RuntimeException when the record cannot be a command */
  ReviewCommand(byte[] value) {
    record = value;
    AvroInput input = new AvroInput(value);
    kind = input.readInt();
    reviewId = input.readText();
    courseId = input.readText();
    userId = input.readText();
    submissionId = bytesOf(input.readText());
    isImported = input.readBoolean();
    createdAtMs = input.readPresence() ? (Long) input.readLong() : null;
    contentHash = input.readPresence() ? bytesOf(input.readText()) : null;
    halfStars = input.readPresence() ? input.readInt() : 0;
    textsStart = input.position();
    for (int text = 0; text < 3; text++) input.skipOptionalText();
    input.expectEnd();
    switch (kind) {
      case SUBMITTED -> {
        if (contentHash == null || halfStars < 1 || halfStars > MAX_HALF_STARS)
          throw new IllegalArgumentException("A submission without content or with an impossible rating");
      }
      case WITHDRAWN -> {}
      default -> throw new IllegalArgumentException("A command of an unknown kind");
    }
  }

  private static byte[] bytesOf(byte[] hex) {
    byte[] bytes = HexFormat.of().parseHex(new String(hex, StandardCharsets.ISO_8859_1));
    if (bytes.length != HASH_BYTES) throw new IllegalArgumentException("A hash of " + bytes.length + " bytes");
    return bytes;
  }
}
