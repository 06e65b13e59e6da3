export function crc32c(bytes: Uint8Array, start: number, end: number): number;
