package io.coursereviews.peer.textbook;

import io.coursereviews.peer.Counters;
import io.coursereviews.peer.Options;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** Group by course; aggregate of all time; aggregate of hopping windows, of which the current one is kept. */
public final class TextbookTopology {
  private static final String LONG_TERM = "long-term-stats";
  private static final String RECENT = "recent-stats";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WINDOW = Duration.ofDays(90);
  /** An imported review may be dated a day ahead: today's window must outlive it. */
  private static final Duration GRACE = DAY;

  private TextbookTopology() {}

  public static Topology of(Options options, Counters counters) {
    Schema factSchema = ConfluentSerde.schema("reviews-valid.v1.avsc");
    Schema statisticsSchema = ConfluentSerde.schema("long-term-stats.v1.avsc");
    Serde<String> keys = Serdes.String();
    Serde<GenericRecord> facts = ConfluentSerde.of(factSchema, 0);
    Serde<GenericRecord> longTerm = ConfluentSerde.of(statisticsSchema, options.schemaId(LONG_TERM));
    Serde<GenericRecord> recent = ConfluentSerde.of(statisticsSchema, options.schemaId(RECENT));
    Statistics statistics = new Statistics(statisticsSchema);
    AtomicInteger today = new AtomicInteger((int) Duration.ofMillis(System.currentTimeMillis()).toDays());
    StreamsBuilder builder = new StreamsBuilder();

    KStream<String, GenericRecord> source =
        builder.stream(
            options.text("source"), Consumed.with(keys, facts).withTimestampExtractor(createdAt()));
    source
        .peek((key, fact) -> counters.records.increment())
        .filter((key, fact) -> isOf(fact, "day_started"))
        .foreach((key, fact) -> today.set((int) fact.get("day")));
    KGroupedStream<String, GenericRecord> byCourse =
        source.filter((key, fact) -> isOf(fact, "review_changed")).groupByKey(Grouped.with(keys, facts));

    byCourse
        .aggregate(
            statistics::empty,
            statistics::count,
            Materialized.<String, GenericRecord, KeyValueStore<Bytes, byte[]>>as(LONG_TERM)
                .withKeySerde(keys)
                .withValueSerde(longTerm))
        .toStream()
        .peek((course, value) -> counters.outputs.increment())
        .to(options.output(LONG_TERM), Produced.with(keys, longTerm));

    byCourse
        .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, GRACE).advanceBy(DAY))
        .aggregate(
            statistics::empty,
            statistics::count,
            Materialized.<String, GenericRecord, WindowStore<Bytes, byte[]>>as(RECENT)
                .withKeySerde(keys)
                .withValueSerde(recent))
        .toStream()
        .filter((windowed, value) -> lastDayOf(windowed.window()) == today.get())
        .map((windowed, value) -> KeyValue.pair(windowed.key(), withDay(value, lastDayOf(windowed.window()))))
        .peek((course, value) -> counters.outputs.increment())
        .to(options.output(RECENT), Produced.with(keys, recent));
    return builder.build();
  }

  /** A review belongs to the day it was first written, whatever happens to it later. */
  private static TimestampExtractor createdAt() {
    return (record, partitionTime) -> {
      GenericRecord fact = (GenericRecord) record.value();
      Object review = fact.get("after") == null ? fact.get("before") : fact.get("after");
      return review == null ? record.timestamp() : (long) ((GenericRecord) review).get("createdAt");
    };
  }

  private static boolean isOf(GenericRecord fact, String kind) {
    return fact.get("kind").toString().equals(kind);
  }

  private static int lastDayOf(Window window) {
    return (int) Duration.ofMillis(window.end()).toDays() - 1;
  }

  private static GenericRecord withDay(GenericRecord statistics, int day) {
    statistics.put("day", day);
    return statistics;
  }
}
