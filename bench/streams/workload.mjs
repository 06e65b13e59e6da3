/** The bytes of a seeded record. */
import { Buffer } from 'node:buffer';

const VALUE_BYTES = 237;

export const keyOf = (number) => Buffer.from(`course-${String(number).padStart(9, '0')}`);

export const valueOf = (random) => {
  const value = Buffer.alloc(VALUE_BYTES, 'x');
  value[0] = Math.floor(random() * 10) + 1;
  return value;
};
