import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './replace-file.js';

/** The password of this state's PostgreSQL: made at the first start, in a file only its owner may read, in no log. */
export function databasePassword(stateDir: string): string {
  const file = join(stateDir, 'postgres-password');
  if (!existsSync(file)) replaceFile(file, randomBytes(24).toString('base64url'));
  return readFileSync(file, 'utf8');
}
