import { InvalidArgumentError } from 'commander';

/** Reads an option that is a number above zero; commander says which option it was. */
export const parsePositiveNumber = (text: string): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
};

/** Reads an option that is an integer of at least `min`. */
export const parseInteger =
  (min: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min)) throw new InvalidArgumentError(`It must be an integer of at least ${min}.`);
    return value;
  };

/** Reads an option that is a number of seconds, 0 included. */
export const parseSeconds = (text: string): number => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
};
