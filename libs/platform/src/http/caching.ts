import { ifNoneMatchHas } from './entity-tags.js';

/** What is asked and answered, as far as caches care. Names of headers are in lower case. */
export interface Exchange {
  readonly method: string;
  readonly ifNoneMatch: string | undefined;
  readonly status: number;
  readonly cacheControl: string | undefined;
  /** The tag of the whole answer; undefined for one that is streamed. */
  readonly etag: string | undefined;
}

/** How caches are to treat an answer. */
export type CachePolicy =
  /** Nobody keeps it. */
  | { readonly kind: 'uncached' }
  /** Kept, but asked about each time: what a review says can change at any moment. */
  | { readonly kind: 'revalidate' }
  /** The client has it already. */
  | { readonly kind: 'not-modified' };

export const REVALIDATE = 'no-cache';
export const UNCACHED = 'no-store';

/** Only what GET answers with 200 has a version that a client can have already. */
export const hasVersion = ({
  method,
  status,
  cacheControl,
}: Pick<Exchange, 'method' | 'status' | 'cacheControl'>): boolean =>
  (method === 'GET' || method === 'HEAD') && status === 200 && cacheControl !== UNCACHED;

export const cachePolicyOf = (exchange: Exchange): CachePolicy => {
  const { ifNoneMatch, etag } = exchange;
  if (!hasVersion(exchange)) return { kind: 'uncached' };
  if (etag === undefined || ifNoneMatch === undefined) return { kind: 'revalidate' };
  return { kind: ifNoneMatchHas(ifNoneMatch, etag) ? 'not-modified' : 'revalidate' };
};
