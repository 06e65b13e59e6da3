package io.coursereviews.peer.best;

/**
 * Where a task stands between the two ends of its topology, which run in one thread.
 *
 * <p>A cache empties itself of everything that changed, never of a part: so when results come out, all facts up to the last one
 * taken in are published, and only what changed after them is news the next time.
 */
final class TaskProgress {
  private static final long NOTHING = -1;

  private long takenIn = NOTHING;
  private long published = NOTHING;
  private boolean isPublishing;

  void take(long offset) {
    if (isPublishing) published = takenIn;
    isPublishing = false;
    takenIn = offset;
  }

  /** Whether a statistic that last changed with this record has not come out since. */
  boolean isNews(long version) {
    isPublishing = true;
    return version > published;
  }
}
