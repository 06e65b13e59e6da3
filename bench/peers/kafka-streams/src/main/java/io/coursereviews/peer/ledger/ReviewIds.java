package io.coursereviews.peer.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Review ids are UUIDv5 of course and user, and anybody may write to reviews: so they are checked, as the product does. */
final class ReviewIds {
  private static final byte[] NAMESPACE = HexFormat.of().parseHex("5b0c6c1e4a555d0f9d0e6a3c1f2b7e90");
  private static final int ID_BYTES = 16;
  private static final int[] DASHES = {8, 13, 18, 23};

  private final MessageDigest sha1;

  ReviewIds() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The id's 16 bytes.
   *
   * @throws IllegalArgumentException when it is not the id of this course and user
   */
  byte[] checked(ReviewCommand command) {
    sha1.update(NAMESPACE);
    sha1.update(command.courseId);
    sha1.update((byte) '/');
    sha1.update(command.userId);
    byte[] expected = Arrays.copyOf(sha1.digest(), ID_BYTES);
    expected[6] = (byte) (expected[6] & 0x0f | 0x50);
    expected[8] = (byte) (expected[8] & 0x3f | 0x80);
    if (!Arrays.equals(expected, bytesOf(command.reviewId)))
      throw new IllegalArgumentException("The reviewId belongs to others");
    return expected;
  }

  private static byte[] bytesOf(byte[] uuid) {
    if (uuid.length != 2 * ID_BYTES + DASHES.length) throw new IllegalArgumentException("Not a UUID");
    byte[] digits = new byte[2 * ID_BYTES];
    int from = 0;
    int to = 0;
    for (int dash : DASHES) {
      if (uuid[dash] != '-') throw new IllegalArgumentException("Not a UUID");
      System.arraycopy(uuid, from, digits, to, dash - from);
      to += dash - from;
      from = dash + 1;
    }
    System.arraycopy(uuid, from, digits, to, uuid.length - from);
    return HexFormat.of().parseHex(new String(digits, StandardCharsets.ISO_8859_1));
  }
}
