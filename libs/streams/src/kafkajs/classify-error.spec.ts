import { describe, expect, it } from '@jest/globals';
import { StreamsError } from '../streams-error.js';
import { classifyError, toStreamsError } from './classify-error.js';

/** An error as the client throws it: its class is told by its name. */
const clientError = (name: string, fields: object = {}): Error =>
  Object.assign(new Error(name), { name }, fields);
const protocolError = (code: number): Error => clientError('KafkaJSProtocolError', { code });
const retriesExceeded = (cause: Error): Error =>
  Object.assign(new Error('gave up', { cause }), { name: 'KafkaJSNumberOfRetriesExceeded', retriable: true });

describe('an error of the client', () => {
  it.each([
    ['an outdated producer epoch', protocolError(47), 'FENCED'],
    ['a fenced producer', protocolError(90), 'FENCED'],
    ['an offset out of range', protocolError(1), 'SOURCE_TRUNCATED'],
    ['concurrent transactions', protocolError(51), 'TRANSIENT'],
    ['a coordinator that moved', protocolError(16), 'TRANSIENT'],
    ['too few in-sync replicas', protocolError(19), 'TRANSIENT'],
    ['a refused connection', clientError('KafkaJSConnectionError'), 'TRANSIENT'],
    ['a request without answer', clientError('KafkaJSRequestTimeoutError'), 'TRANSIENT'],
    ['a record that is too large', protocolError(10), 'FATAL'],
    ['a refused authorization', protocolError(29), 'FATAL'],
    ['a bug of ours', new TypeError('x is not a function'), 'FATAL'],
    [
      'something unknown, even when the client calls it retriable',
      clientError('Odd', { retriable: true }),
      'FATAL',
    ],
    ['something that is no error', 'boom', 'FATAL'],
  ] as const)('is classified by what it means: %s', (_what, error, code) => {
    expect(classifyError(error)).toBe(code);
  });

  it('is classified by the reason the client gave up for, not by its giving up', () => {
    expect(classifyError(retriesExceeded(protocolError(47)))).toBe('FENCED');
  });

  it('keeps its cause and says what was being done', () => {
    const cause = protocolError(51);
    const error = toStreamsError(cause, 'fraud-detector-3: commit');
    expect(error.message).toMatch(/^fraud-detector-3: commit: /);
    expect(error.cause).toBe(cause);
  });

  it('stays what it is when it was classified before', () => {
    const error = new StreamsError('STATE_CORRUPTED', 'x');
    expect(toStreamsError(error, 'again')).toBe(error);
  });
});
