import { StackError } from './stack-error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export function readText(env: Environment, variable: string): string | undefined {
  const value = env[variable];
  return value === '' ? undefined : value;
}

export function readInteger(
  env: Environment,
  variable: string,
  range: { readonly from: number; readonly to: number },
): number | undefined {
  const text = readText(env, variable);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.from && value <= range.to) return value;
  return refuse(variable, text, `a whole number from ${range.from} to ${range.to}`);
}

export function readOneOf<T extends string>(
  env: Environment,
  variable: string,
  allowed: readonly T[],
): T | undefined {
  const text = readText(env, variable);
  if (text === undefined) return undefined;
  return allowed.find((value) => value === text) ?? refuse(variable, text, `one of ${allowed.join(', ')}`);
}

export function readPattern(
  env: Environment,
  variable: string,
  rule: { readonly pattern: RegExp; readonly meaning: string },
): string | undefined {
  const text = readText(env, variable);
  if (text === undefined || rule.pattern.test(text)) return text;
  return refuse(variable, text, rule.meaning);
}

export function readUrl(
  env: Environment,
  variable: string,
  protocols: readonly string[],
): string | undefined {
  const text = readText(env, variable);
  if (text === undefined) return undefined;
  if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
  // The value stays out of the message: a URL may carry a password.
  return refuse(
    variable,
    undefined,
    `a URL that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`,
  );
}

function refuse(variable: string, value: string | undefined, allowed: string): never {
  const found = value === undefined ? '' : `, not "${value}"`;
  throw new StackError('CONFIG_INVALID', `${variable} must be ${allowed}${found}.`, { exitCode: 2 });
}
