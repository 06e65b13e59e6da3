/** When the rows of an attack are posted: offsets in milliseconds from its start, ascending. */
import { integerIn, oneOf } from '../random.mjs';

const HOUR_MS = 3_600_000;
const AWAKE = { fromHour: 8, asleepShare: 0.1 };
const MAX_WAVES = 4;
const WAVE_SHARE = 0.05;

const even = (random, durationMs) => random() * durationMs;
const front = (random, durationMs) => random() ** 2 * durationMs;
const growing = (random, durationMs) => Math.sqrt(random()) * durationMs;

const SHAPES = {
  even: () => even,
  front: () => front,
  growing: () => growing,
  /** People who sleep: few at night, UTC. */
  daytime: (_random, startMs) => (random, durationMs) => {
    for (let tries = 0; tries < 20; tries++) {
      const offset = even(random, durationMs);
      const hour = Math.floor((startMs + offset) / HOUR_MS) % 24;
      if (hour >= AWAKE.fromHour || random() < AWAKE.asleepShare) return offset;
    }
    return even(random, durationMs);
  },
  /** A few sittings with nothing between them. */
  waves: (random, _startMs, durationMs) => {
    const starts = Array.from({ length: integerIn(random, 2, MAX_WAVES) }, () => random() * durationMs);
    return (draw, length) => Math.min(length, oneOf(draw, starts) + draw() * length * WAVE_SHARE);
  },
};

/** @param shape one of `even`, `front`, `growing`, `daytime`, `waves` */
export const timesOf = (random, { startMs, durationMs, shape }, count) => {
  const draw = SHAPES[shape](random, startMs, durationMs);
  return Array.from({ length: count }, () => startMs + Math.round(draw(random, durationMs))).sort(
    (a, b) => a - b,
  );
};
