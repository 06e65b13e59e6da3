/** The process's environment variables, or what stands in for them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** An environment a service cannot run with. The message is one sentence that names the variable, never a secret. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigurationError';
  }
}

/** The bounds of a number, both inclusive. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** @throws ConfigurationError when the variable is not set */
const requiredText = (env: Environment, name: string): string => {
  const text = textOf(env, name);
  if (text === undefined) throw new ConfigurationError(`${name} must be set.`);
  return text;
};

export const textOr = (env: Environment, name: string, fallback: string): string =>
  textOf(env, name) ?? fallback;

/** Comma-separated texts, at least one. */
export const requiredList = (env: Environment, name: string): readonly string[] => {
  const items = requiredText(env, name)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new ConfigurationError(`${name} must name at least one.`);
  return Object.freeze(items);
};

export const integerOr = (env: Environment, name: string, fallback: number, bounds: Bounds): number => {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= bounds.min && value <= bounds.max)) {
    throw new ConfigurationError(
      `${name} must be an integer from ${bounds.min} to ${bounds.max}, not ${JSON.stringify(text)}.`,
    );
  }
  return value;
};

/** A number in decimal notation. */
export const numberOr = (env: Environment, name: string, fallback: number, bounds: Bounds): number => {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  const value = /^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= bounds.min && value <= bounds.max)) {
    throw new ConfigurationError(
      `${name} must be a number from ${bounds.min} to ${bounds.max}, not ${JSON.stringify(text)}.`,
    );
  }
  return value;
};

/** `true` or `false`; false when not set. */
export const flagOf = (env: Environment, name: string): boolean =>
  choiceOr(env, name, ['true', 'false'], 'false') === 'true';

export const choiceOr = <Choice extends string>(
  env: Environment,
  name: string,
  choices: readonly Choice[],
  fallback: Choice,
): Choice => {
  const text = textOf(env, name);
  if (text === undefined) return fallback;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw new ConfigurationError(
      `${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(text)}.`,
    );
  }
  return choice;
};

/**
 * A URL. What is wrong with it is said without repeating it: it may hold a password.
 *
 * @param protocols as `URL` spells them, for example `https:`
 */
export const requiredUrl = (env: Environment, name: string, protocols: readonly string[]): string => {
  const text = requiredText(env, name);
  if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol)) {
    throw new ConfigurationError(
      `${name} must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`,
    );
  }
  return text;
};

// Compose files and shells pass an unset variable on as an empty one.
const textOf = (env: Environment, name: string): string | undefined => {
  const text = env[name]?.trim();
  return text === '' ? undefined : text;
};
