package io.coursereviews.peer.ledger;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the ledger remembers of a review, as one array of bytes: flags, cause, rating, dates, content hash, and the ids of the last
 * eight submissions, oldest first.
 */
final class LedgerEntry {
  private static final int LIVE = 1;
  private static final int HELD = 2;
  private static final int IMPORTED = 4;
  private static final int CAUSE = 1;
  private static final int HALF_STARS = 9;
  private static final int CREATED_AT = 10;
  private static final int MODIFIED_AT = 18;
  private static final int CONTENT_HASH = 26;
  private static final int SUBMISSIONS = CONTENT_HASH + ReviewCommand.HASH_BYTES;
  private static final int REMEMBERED_SUBMISSIONS = 8;

  static final byte[] NEVER_SEEN = new byte[SUBMISSIONS];

  private LedgerEntry() {}

  static boolean isLive(byte[] entry) {
    return (entry[0] & LIVE) != 0;
  }

  static int halfStars(byte[] entry) {
    return entry[HALF_STARS];
  }

  static long createdAtMs(byte[] entry) {
    return ByteBuffer.wrap(entry).getLong(CREATED_AT);
  }

  static long modifiedAtMs(byte[] entry) {
    return ByteBuffer.wrap(entry).getLong(MODIFIED_AT);
  }

  static boolean hasContent(byte[] entry, byte[] hash) {
    return Arrays.equals(entry, CONTENT_HASH, SUBMISSIONS, hash, 0, hash.length);
  }

  static boolean knows(byte[] entry, byte[] submissionId) {
    for (int at = SUBMISSIONS; at < entry.length; at += ReviewCommand.HASH_BYTES)
      if (Arrays.equals(entry, at, at + ReviewCommand.HASH_BYTES, submissionId, 0, submissionId.length)) return true;
    return false;
  }

  /** A copy that knows one submission more, at most eight. */
  static byte[] remember(byte[] entry, byte[] submissionId) {
    int known = (entry.length - SUBMISSIONS) / ReviewCommand.HASH_BYTES;
    int forgotten = known == REMEMBERED_SUBMISSIONS ? ReviewCommand.HASH_BYTES : 0;
    byte[] next = Arrays.copyOf(entry, entry.length + ReviewCommand.HASH_BYTES - forgotten);
    int kept = entry.length - SUBMISSIONS - forgotten;
    System.arraycopy(entry, SUBMISSIONS + forgotten, next, SUBMISSIONS, kept);
    System.arraycopy(submissionId, 0, next, SUBMISSIONS + kept, submissionId.length);
    return next;
  }

  static void setCause(byte[] entry, long offset) {
    ByteBuffer.wrap(entry).putLong(CAUSE, offset);
  }

  static void setLive(byte[] entry, ReviewCommand command, long createdAtMs, long modifiedAtMs, boolean isHeld) {
    entry[0] = (byte) (LIVE | (isHeld ? HELD : 0) | (command.isImported ? IMPORTED : 0));
    ByteBuffer.wrap(entry)
        .put(HALF_STARS, (byte) command.halfStars)
        .putLong(CREATED_AT, createdAtMs)
        .putLong(MODIFIED_AT, modifiedAtMs)
        .put(CONTENT_HASH, command.contentHash);
  }

  static void setWithdrawn(byte[] entry) {
    Arrays.fill(entry, 0, 1, (byte) 0);
    Arrays.fill(entry, HALF_STARS, SUBMISSIONS, (byte) 0);
  }
}
