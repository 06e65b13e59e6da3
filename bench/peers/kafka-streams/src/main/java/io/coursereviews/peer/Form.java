package io.coursereviews.peer;

import io.coursereviews.peer.best.BestTopology;
import io.coursereviews.peer.ledger.LedgerTopology;
import io.coursereviews.peer.textbook.TextbookTopology;
import java.util.Locale;
import org.apache.kafka.streams.Topology;

/** The applications this peer can be. */
public enum Form {
  /** The aggregator as the documentation would write it. */
  TEXTBOOK,
  /** The aggregator as a team would write it that needs it fast. */
  BEST,
  /** The fraud-detector's ledger, as fast as that. */
  LEDGER;

  public static Form of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  public Topology topology(Options options, Counters counters) {
    return switch (this) {
      case TEXTBOOK -> TextbookTopology.of(options, counters);
      case BEST -> BestTopology.of(options, counters);
      case LEDGER -> LedgerTopology.of(options, counters);
    };
  }
}
