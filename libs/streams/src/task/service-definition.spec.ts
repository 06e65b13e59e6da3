import { describe, expect, it } from '@jest/globals';
import type { TaskLogic } from './service-definition.js';

describe('a handler', () => {
  it('is synchronous: an asynchronous one is a type error', () => {
    const logic: TaskLogic = {
      // @ts-expect-error Promise<void> is not undefined
      process: async () => {
        await Promise.resolve();
      },
      // @ts-expect-error Promise<void> is not undefined
      tick: () => Promise.resolve(),
      // @ts-expect-error Promise<undefined> is not undefined
      finish: () => Promise.resolve(undefined),
    };
    expect(logic).toBeDefined();
  });

  it('may end without a return', () => {
    const logic: TaskLogic = {
      process(records, context) {
        for (const { key, value } of records) context.emit('output', { key, value });
      },
    };
    expect(logic).toBeDefined();
  });
});
