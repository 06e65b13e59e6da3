import prometheus, { type Registry } from 'prom-client';

/** What live updates say of themselves. */
export interface LiveFigures {
  courseStreams(): number;
  allStreams(): number;
  lagMs(): number;
}

/** How live updates count what they do. */
export interface LiveMeters {
  queried(): void;
}

export const liveMetrics = (metrics: Registry, figures: LiveFigures): LiveMeters => {
  const registers = [metrics];
  new prometheus.Gauge({
    name: 'live_open_streams',
    help: 'Streams of events that are open',
    labelNames: ['follows'],
    registers,
    collect() {
      this.set({ follows: 'course' }, figures.courseStreams());
      this.set({ follows: 'all' }, figures.allStreams());
    },
  });
  new prometheus.Gauge({
    name: 'live_feed_lag_seconds',
    help: 'How long changes have waited to be read for those who follow, 0 when none wait',
    registers,
    collect() {
      this.set(figures.lagMs() / 1_000);
    },
  });
  const queries = new prometheus.Counter({
    name: 'live_feed_queries_total',
    help: 'Queries for changes: none for a stream that is up to date',
    registers,
  });
  return {
    queried() {
      queries.inc();
    },
  };
};
