package io.coursereviews.peer.best;

import io.coursereviews.peer.Counters;
import io.coursereviews.peer.Options;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.Stores;

/**
 * One aggregate per course for both statistics. It lives in memory behind a cache, so that a course leaves once per commit
 * however many facts it got.
 */
public final class BestTopology {
  private static final String STORE = "courses";

  private BestTopology() {}

  public static Topology of(Options options, Counters counters) {
    Map<TaskId, TaskProgress> progress = new ConcurrentHashMap<>();
    Serde<byte[]> bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();

    KStream<byte[], byte[]> statistics =
        builder.stream(options.text("source"), Consumed.with(bytes, FactSerde.create()))
            .processValues(() -> new FactStamper(counters, progress))
            .groupByKey(Grouped.with(bytes, FactSerde.create()))
            .aggregate(
                () -> PackedCourse.NEVER_SEEN,
                new CourseCounter(),
                Materialized.<byte[], byte[]>as(Stores.inMemoryKeyValueStore(STORE))
                    .withKeySerde(bytes)
                    .withValueSerde(bytes)
                    .withCachingEnabled())
            .toStream()
            .process(
                () ->
                    new StatisticsPublisher(
                        counters,
                        progress,
                        options.schemaId(StatisticsPublisher.LONG_TERM),
                        options.schemaId(StatisticsPublisher.RECENT)));
    for (String topic : new String[] {StatisticsPublisher.LONG_TERM, StatisticsPublisher.RECENT})
      statistics.to(options.output(topic), Produced.with(bytes, bytes).withName(topic));
    return builder.build();
  }
}
