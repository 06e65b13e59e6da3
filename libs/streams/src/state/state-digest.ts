import { crc32 } from 'node:zlib';

/** How many entries a state has, and a sum over them that does not depend on their order. */
export interface StateSummary {
  readonly entries: number;
  /** Two 32-bit sums in hexadecimal, 16 characters. */
  readonly digest: string;
}

/**
 * Follows a state as its entries come and go, in a few integer operations each. A lost, stale or leaked entry changes
 * the digest; entries add up in any order, as multiset hashes do (Clarke et al., ASIACRYPT 2003), here without secrets:
 * it finds accidents, not attackers.
 */
export class StateDigest {
  #entries = 0;
  #sum = 0;
  #weighted = 0;

  add(entryHash: number): void {
    this.#entries += 1;
    this.#sum = (this.#sum + mix(entryHash)) | 0;
    this.#weighted = (this.#weighted + mix(entryHash ^ SECOND_LANE)) | 0;
  }

  remove(entryHash: number): void {
    this.#entries -= 1;
    this.#sum = (this.#sum - mix(entryHash)) | 0;
    this.#weighted = (this.#weighted - mix(entryHash ^ SECOND_LANE)) | 0;
  }

  copy(): StateDigest {
    const copy = new StateDigest();
    copy.#entries = this.#entries;
    copy.#sum = this.#sum;
    copy.#weighted = this.#weighted;
    return copy;
  }

  summary(): StateSummary {
    return { entries: this.#entries, digest: hex(this.#sum) + hex(this.#weighted) };
  }
}

/**
 * Hash of one entry: of its value and of the changelog key it is stored under.
 *
 * @param valueChecksum CRC-32 of the value
 */
export const entryHashOf = (changelogKey: Buffer, valueChecksum: number): number =>
  crc32(changelogKey, valueChecksum);

export const isSameSummary = (a: StateSummary, b: StateSummary): boolean =>
  a.entries === b.entries && a.digest === b.digest;

const SECOND_LANE = 0x9e37_79b9;

/** Spreads a checksum over all bits (the finalizer of MurmurHash3), so that sums of related checksums do not cancel out. */
const mix = (hash: number): number => {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) | 0;
};

const hex = (lane: number): string => (lane >>> 0).toString(16).padStart(8, '0');
