package org.apache.kafka.common.utils;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;

/** Kafka's clock, ahead of the machine's by as many milliseconds as a file says. Time that is only measured goes on as it does. */
class SystemTime implements Time {
  private static final long LOOK_AGAIN_NS = 20_000_000;
  /** What to be ahead by, and what this clock is ahead by: how a test knows that it was moved. */
  private static final Path ASKED = Path.of(System.getProperty("broker.clock.directory"), "asked-ahead-ms");
  private static final Path TAKEN = Path.of(System.getProperty("broker.clock.directory"), "taken-ahead-ms");
  private static final SystemTime SYSTEM_TIME = new SystemTime();

  private volatile long aheadMs;
  private volatile long lookedAtNs;
  private String taken;

  private SystemTime() {
    look();
  }

  public static SystemTime getSystemTime() {
    return SYSTEM_TIME;
  }

  @Override
  public long milliseconds() {
    if (System.nanoTime() - lookedAtNs > LOOK_AGAIN_NS) look();
    return System.currentTimeMillis() + aheadMs;
  }

  @Override
  public long nanoseconds() {
    return System.nanoTime();
  }

  @Override
  public void sleep(long ms) {
    Utils.sleep(ms);
  }

  @Override
  public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) throws InterruptedException {
    synchronized (object) {
      while (!condition.get()) {
        long leftMs = deadlineMs - milliseconds();
        if (leftMs <= 0) throw new TimeoutException("Condition not satisfied before deadline");
        object.wait(leftMs);
      }
    }
  }

  private synchronized void look() {
    try {
      String asked = Files.readString(ASKED);
      aheadMs = Long.parseLong(asked);
      lookedAtNs = System.nanoTime();
      if (!asked.equals(taken)) Files.writeString(TAKEN, asked);
      taken = asked;
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
