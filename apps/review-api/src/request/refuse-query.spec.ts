import { describe, expect, it } from '@jest/globals';
import { refuseQuery } from './refuse-query.js';

describe('a request that may have no query', () => {
  it.each(['/v1/courses/c/reviews?dryRun=true', '/v1/courses/c/reviews#dryRun=true'])(
    'is refused for what the router takes for one: %s',
    (url) => {
      expect(() => {
        refuseQuery({ url, query: { dryRun: 'true' } });
      }).toThrow('dryRun is not a known parameter');
    },
  );

  it('goes on without', () => {
    expect(() => {
      refuseQuery({ url: '/v1/courses/c/reviews', query: {} });
    }).not.toThrow();
  });
});
