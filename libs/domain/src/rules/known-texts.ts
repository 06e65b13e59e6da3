import type { CourseMemory } from '../fraud-detector.js';
import { parseUserId, type UserId } from '../identifiers.js';
import { asciiAt, bodyOf, isAscii, keysOf, newValue, putAscii } from './remembered-bytes.js';
import { SIGNATURE_BYTES, similarityPercent, type TextSignature } from './text-signature.js';

/** The text of one user, as it is remembered. */
export interface KnownText {
  readonly userId: UserId;
  /** Lower: came earlier; no two have the same. An edit that leaves a text much as it was keeps it. */
  readonly order: number;
  readonly signature: TextSignature;
}

/** The last texts of a course. */
export interface KnownTexts {
  find(userId: UserId): KnownText | undefined;
  /** Likeness to the most similar text among those whose place in the order is accepted, in percent. */
  highestSimilarity(signature: TextSignature, isOther: (order: number) => boolean): number;
  /** Remembers the text of a user who has none yet. @param remembered texts that were remembered before */
  add(text: KnownText, remembered: number): void;
  /** Puts a text where an earlier one of the same user is. */
  replace(text: KnownText): void;
}

const KEYS = keysOf('texts', 64);
const PAGE_TEXTS = 8;
const ORDER_BYTES = 4;
const AFTER_USER_BYTES = ORDER_BYTES + SIGNATURE_BYTES;

/** Texts that are compared with, per course: the last ones, less what the page begun last took the place of. */
export const MAX_KNOWN_TEXTS = KEYS.length * PAGE_TEXTS;

export const knownTextsOf = (memory: CourseMemory): KnownTexts => {
  const pages = KEYS.map((key) => memory.get(key));
  const places = pages.flatMap((page, index) => placesIn(page, index));
  const ofPage = (page: number): readonly KnownText[] =>
    places.filter((place) => place.page === page).flatMap((place) => textAt(place) ?? []);
  const placeOf = (userId: UserId): Place | undefined =>
    places.find(({ body, start }) => isAscii(body, start, userId));
  return {
    find(userId) {
      const place = placeOf(userId);
      return place === undefined ? undefined : textAt(place);
    },
    highestSimilarity(signature, isOther) {
      let highest = 0;
      for (const { bytes, body, afterUser } of places)
        if (isOther(body.getUint32(afterUser)))
          highest = Math.max(highest, similarityPercent(signature, bytes, 1 + afterUser + ORDER_BYTES));
      return highest;
    },
    add(text, remembered) {
      const page = Math.floor(remembered / PAGE_TEXTS) % KEYS.length;
      const before = remembered % PAGE_TEXTS === 0 ? [] : ofPage(page);
      memory.put(KEYS[page] ?? '', pageOf([...before, text].slice(-PAGE_TEXTS)));
    },
    replace(text) {
      const page = placeOf(text.userId)?.page;
      if (page === undefined) return;
      const texts = ofPage(page).map((old) => (old.userId === text.userId ? text : old));
      memory.put(KEYS[page] ?? '', pageOf(texts));
    },
  };
};

/** Where a text is. Only the texts that are asked for are taken out: there are hundreds for each review. */
interface Place {
  readonly page: number;
  readonly bytes: Uint8Array;
  readonly body: DataView;
  readonly start: number;
  readonly afterUser: number;
}

/** The texts of a page; of a damaged one those before the damage. */
const placesIn = (bytes: Uint8Array | undefined, page: number): readonly Place[] => {
  const body = bodyOf(bytes);
  const places: Place[] = [];
  if (bytes === undefined || body === undefined) return places;
  for (let start = 0; start < body.byteLength;) {
    const afterUser = start + 1 + body.getUint8(start);
    const end = afterUser + AFTER_USER_BYTES;
    if (end > body.byteLength) break;
    places.push({ page, bytes, body, start, afterUser });
    start = end;
  }
  return places;
};

const textAt = ({ bytes, body, start, afterUser }: Place): KnownText | undefined => {
  const userId = parseUserId(asciiAt(body, start + 1, afterUser - start - 1));
  if (userId === undefined) return undefined;
  const signature = bytes.slice(1 + afterUser + ORDER_BYTES, 1 + afterUser + AFTER_USER_BYTES);
  return { userId, order: body.getUint32(afterUser), signature };
};

const pageOf = (texts: readonly KnownText[]): Uint8Array => {
  const bytes = texts.reduce((total, { userId }) => total + 1 + userId.length + AFTER_USER_BYTES, 0);
  const { value, body } = newValue(bytes);
  let at = 0;
  for (const { userId, order, signature } of texts) {
    at = putAscii(body, at, userId);
    body.setUint32(at, order);
    value.set(signature, 1 + at + ORDER_BYTES);
    at += AFTER_USER_BYTES;
  }
  return value;
};
