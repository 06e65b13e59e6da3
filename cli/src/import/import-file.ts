import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import { CliError } from '../cli-error.js';

export type ImportFormat = 'jsonl' | 'csv';

/** A file to import. */
export interface ImportFile {
  readonly content: Readable;
  /** Undefined when nobody knows, as with standard input. */
  readonly bytes: number | undefined;
}

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.csv': 'csv',
};

/** The format somebody asked for, else the one the file's name says. @throws CliError when neither does */
export const formatOf = (file: string, asked: ImportFormat | undefined): ImportFormat => {
  const format = asked ?? FORMATS[extname(file).toLowerCase()];
  if (format === undefined)
    throw new CliError(
      `The name of ${nameOf(file)} does not say its format: add --format jsonl or --format csv.`,
      { exitCode: 2 },
    );
  return format;
};

/** @param file a path, or `-` for standard input. @throws CliError when it cannot be read */
export const openImportFile = async (file: string): Promise<ImportFile> => {
  if (file === '-') return { content: process.stdin, bytes: undefined };
  try {
    const entry = await stat(file);
    if (entry.isDirectory()) throw new CliError(`${file} is a directory.`);
    return { content: createReadStream(file), bytes: entry.isFile() ? entry.size : undefined };
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
};

const nameOf = (file: string): string => (file === '-' ? 'standard input' : file);
