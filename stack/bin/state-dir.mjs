import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Refusal } from './refusal.mjs';

const SHARED_ROOT = '/var/lib/course-reviews';

/**
 * Where the state belongs. PostgreSQL refuses to run as root, so for root it runs as an unprivileged user, and that
 * user must be able to reach its files: a state below a directory closed to others moves to /var/lib.
 */
export function chooseStateDir({ wanted, checkout, isRoot, isReachable }) {
  if (!isRoot || isReachable(wanted)) return { stateDir: wanted, moved: false };
  const hash = createHash('sha256')
    .update(dirname(wanted) === checkout ? checkout : wanted)
    .digest('hex');
  return { stateDir: join(SHARED_ROOT, `${basename(checkout)}-${hash.slice(0, 12)}`), moved: true };
}

/** The state directory this checkout and environment mean. Changes nothing. */
export function findStateDir(checkout, env = process.env) {
  const wanted = resolve(checkout, env.REVIEWS_STATE_DIR || '.reviews');
  return chooseStateDir({ wanted, checkout, isRoot: process.getuid?.() === 0, isReachable: othersCanReach });
}

/** Makes the state directory and returns its real path. */
export function openStateDir(stateDir) {
  // A strict umask must not close the directory to PostgreSQL's user; what is private in it is closed by itself.
  const umask = process.umask(0o022);
  try {
    mkdirSync(stateDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    accessSync(stateDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(stateDir);
  } catch (cause) {
    throw new Refusal(
      'STATE_NOT_WRITABLE',
      `The state directory ${stateDir} cannot be written (${cause.code}): give this user the right to, or set REVIEWS_STATE_DIR to another directory.`,
      { cause },
    );
  } finally {
    process.umask(umask);
  }
}

/** Whether a user who owns nothing could enter this directory: every directory above it lets others pass. */
function othersCanReach(directory) {
  const existing = nearestExisting(directory);
  for (let at = existing; ; at = dirname(at)) {
    const stats = statSync(at);
    if (stats.isDirectory() && (stats.mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

export function nearestExisting(directory) {
  for (let at = resolve(directory); ; at = dirname(at)) {
    if (at === dirname(at)) return at;
    try {
      return realpathSync(at);
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return at;
    }
  }
}
