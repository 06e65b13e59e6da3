import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { lastStatementIn } from './last-statement.js';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

const ROTATE_AT = '10M';
const KEPT_FILES = 4;
const REOPEN_AFTER_MS = 5_000;
const TAIL_BYTES = 16_384;
const LONGEST_LINE = 300;

/** A log file that rotates. A disk that is full costs log lines, never the stack. */
export interface LogFile {
  readonly path: string;
  readonly write: (chunk: string | Uint8Array) => void;
  close(): Promise<void>;
}

export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  let stream: RotatingFileStream | undefined;
  let closedForMs = 0;

  const open = (): RotatingFileStream => {
    const opened = createStream(basename(path), {
      path: dirname(path),
      size: ROTATE_AT,
      rotate: KEPT_FILES,
      mode: 0o640,
    });
    opened.on('error', () => {
      stream = undefined;
      closedForMs = Date.now();
    });
    return opened;
  };

  return {
    path,
    write: (chunk) => {
      if (stream === undefined && Date.now() - closedForMs < REOPEN_AFTER_MS) return;
      stream ??= open();
      stream.write(chunk);
    },
    close: () =>
      new Promise((resolve) => {
        const open = stream;
        stream = undefined;
        closedForMs = Number.POSITIVE_INFINITY;
        if (open === undefined) {
          resolve();
        } else {
          open.once('error', () => {
            resolve();
          });
          open.end(() => {
            resolve();
          });
        }
      }),
  };
}

/** The last statement in a log, for the message about the process that wrote it. */
export async function lastStatementOf(path: string): Promise<string | undefined> {
  try {
    const start = Math.max(0, statSync(path).size - TAIL_BYTES);
    return lastStatementIn(await text(createReadStream(path, { start })))?.slice(0, LONGEST_LINE);
  } catch {
    // Nothing was logged: the message does without.
    return undefined;
  }
}
