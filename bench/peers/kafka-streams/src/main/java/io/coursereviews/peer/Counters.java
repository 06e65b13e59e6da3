package io.coursereviews.peer;

import java.util.concurrent.atomic.LongAdder;

/** What the stream threads have done since they started; not yet committed, necessarily. */
public final class Counters {
  /** Records of the source, of whatever kind. */
  public final LongAdder records = new LongAdder();
  /** Records written to output topics; changelogs do not count. */
  public final LongAdder outputs = new LongAdder();
  /** Records of the source that cannot be what they should be, and were left out. */
  public final LongAdder poison = new LongAdder();
}
