import { hash } from 'node:crypto';

/** The tag of an answer: of what was to be said and not of how it is packed, hence weak. */
export const weakTagOf = (payload: string | Buffer): string => `W/"${hash('sha1', payload, 'base64')}"`;

/**
 * Whether a client has this version already (RFC 9110, 13.1.2): its If-None-Match is `*` or lists the tag. Weak tags and
 * strong ones are compared alike.
 *
 * @param tag the ETag of what would be answered
 */
export const ifNoneMatchHas = (header: string, tag: string): boolean =>
  header.trim() === '*' || (header.match(ENTITY_TAG) ?? []).map(opaquePartOf).includes(opaquePartOf(tag));

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

const opaquePartOf = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);
