package io.coursereviews.peer.ledger;

import io.coursereviews.peer.avro.AvroOutput;
import java.nio.charset.StandardCharsets;

/** Writes what a command changed, as reviews-valid and reviews-fraud have it. For one thread. */
final class FactWriter {
  private static final int REVIEW_CHANGED = 1;
  private static final int HELD = 2;
  private static final int FIRST_ORDINAL = 0;
  private static final int SCORE = 100;
  private static final byte[] REASON = "hash-share".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DETECTOR = "hash".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DETECTOR_VERSION = "1".getBytes(StandardCharsets.US_ASCII);

  private final AvroOutput output = new AvroOutput();
  private final int validSchemaId;
  private final int fraudSchemaId;

  FactWriter(int validSchemaId, int fraudSchemaId) {
    this.validSchemaId = validSchemaId;
    this.fraudSchemaId = fraudSchemaId;
  }

  /** A fact of reviews-valid. */
  byte[] valid(ReviewCommand command, long causeOffset, byte[] before, byte[] after) {
    output.begin(validSchemaId);
    output.writeLong(REVIEW_CHANGED);
    output.writeLong(causeOffset);
    output.writeLong(FIRST_ORDINAL);
    output.writePresence(false); // day
    for (byte[] id : new byte[][] {command.reviewId, command.courseId, command.userId}) {
      output.writePresence(true);
      output.writeText(id);
    }
    writeSides(command, before, after);
    return output.end();
  }

  /** A record of reviews-fraud. */
  byte[] held(ReviewCommand command, long causeOffset, byte[] before, byte[] after) {
    boolean isHeld = LedgerEntry.isLive(after);
    output.begin(fraudSchemaId);
    output.writeLong(causeOffset);
    output.writeLong(FIRST_ORDINAL);
    output.writeText(command.reviewId);
    output.writeText(command.courseId);
    output.writeText(command.userId);
    output.writePresence(isHeld);
    if (isHeld) writeVerdict();
    output.writePresence(false); // textOffset
    writeSides(command, before, after);
    return output.end();
  }

  private void writeVerdict() {
    output.writeLong(HELD);
    output.writeLong(SCORE);
    output.writeLong(1); // reasons
    output.writeText(REASON);
    output.writeLong(0);
    output.writeText(DETECTOR);
    output.writeText(DETECTOR_VERSION);
  }

  private void writeSides(ReviewCommand command, byte[] before, byte[] after) {
    output.writePresence(LedgerEntry.isLive(before));
    if (LedgerEntry.isLive(before)) writeCounted(before);
    output.writePresence(LedgerEntry.isLive(after));
    if (!LedgerEntry.isLive(after)) return;
    writeCounted(after);
    output.writeBoolean(command.isImported);
    output.writeEncoded(command.record, command.textsStart, command.record.length - command.textsStart);
  }

  private void writeCounted(byte[] entry) {
    output.writeLong(LedgerEntry.halfStars(entry));
    output.writeLong(LedgerEntry.createdAtMs(entry));
    output.writeLong(LedgerEntry.modifiedAtMs(entry));
  }
}
