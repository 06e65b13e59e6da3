import { runningStack } from './running-stack.js';
import { targetOf, type Target } from './target.js';

/** @param options what the command line says */
export const findTarget = async (options: { readonly url?: string } = {}): Promise<Target> =>
  targetOf(options.url, process.env, await runningStack());
