import { CsvError, parse } from 'csv-parse';
import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { CliError } from '../cli-error.js';
import { parseHeader, rowOf } from './csv-row.js';

/** A CSV file as JSON lines, row by row. Fails with a CliError when it is not CSV. */
export const csvLines = (file: Readable): Readable => {
  const rows = parse({ bom: true, skip_empty_lines: true, relax_column_count: true });
  const lines = toJsonLines();
  // Errors do not travel along pipes by themselves.
  file.on('error', (error) => rows.destroy(error));
  rows.on('error', (error) => lines.destroy(toCliError(error)));
  return file.pipe(rows).pipe(lines);
};

const toJsonLines = (): Transform => {
  let header: readonly string[] | undefined;
  return new Transform({
    writableObjectMode: true,
    transform(cells: readonly string[], _encoding, done: TransformCallback) {
      if (header !== undefined) {
        done(null, `${JSON.stringify(rowOf(header, cells))}\n`);
        return;
      }
      try {
        header = parseHeader(cells);
        done();
      } catch (error) {
        done(error as CliError);
      }
    },
  });
};

const toCliError = (error: Error): Error =>
  error instanceof CsvError
    ? new CliError(`The file is not CSV: ${error.message}.`, { cause: error })
    : error;
