import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { classifyDatabaseError } from './classify-database-error.js';
import { ReadModelError } from './read-model-error.js';

const answer = (sqlState: string): DatabaseError => {
  const error = new DatabaseError(`refused with ${sqlState}`, 0, 'error');
  error.code = sqlState;
  return error;
};

describe('an error of the database', () => {
  it.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a broken pipe, whose code looks like a SQLSTATE', Object.assign(new Error('write'), { code: 'EPIPE' })],
    ['a host refused on all its addresses', new AggregateError([new Error('one'), new Error('two')])],
    ['a connection cut in the middle', new Error('Connection terminated unexpectedly')],
    ['a shutdown', answer('57P01')],
    ['a start-up that is not over', answer('57P03')],
    ['too many connections', answer('53300')],
    ['a deadlock', answer('40P01')],
    ['a transaction that stood still for too long', answer('25P03')],
    ['a lock that others held for too long', answer('55P03')],
    ['a database not created yet', answer('3D000')],
    ['a server that became a standby', answer('25006')],
  ])('may pass: %s', (_, error) => {
    const classified = classifyDatabaseError(error);
    expect(classified.code).toBe('DATABASE_UNAVAILABLE');
    expect(classified.retriable).toBe(true);
  });

  it.each([
    ['schema', '3F000'],
    ['table', '42P01'],
    ['column', '42703'],
  ])('asks for the set-up when a %s is missing', (_, sqlState) => {
    expect(classifyDatabaseError(answer(sqlState)).code).toBe('NOT_MIGRATED');
  });

  it.each([
    ['a statement with a mistake', answer('42601')],
    ['a value that cannot be stored', answer('22021')],
    ['an error of our own program', new TypeError('not a function')],
  ])('is our bug otherwise: %s', (_, error) => {
    const classified = classifyDatabaseError(error);
    expect(classified.code).toBe('QUERY_REFUSED');
    expect(classified.retriable).toBe(false);
  });

  it('is the same when a migration met it', () => {
    const wrapped = new QueryFailedError('create table', [], answer('57P01'));
    expect(classifyDatabaseError(wrapped).code).toBe('DATABASE_UNAVAILABLE');
  });

  it('names every address that refused', () => {
    const error = new AggregateError([new Error('refused by ::1'), new Error('refused by 127.0.0.1')]);
    expect(classifyDatabaseError(error).message).toContain('refused by ::1; refused by 127.0.0.1');
  });

  it('is classified once', () => {
    const once = new ReadModelError('POSITION_GAP', 'a gap');
    expect(classifyDatabaseError(once)).toBe(once);
  });
});
