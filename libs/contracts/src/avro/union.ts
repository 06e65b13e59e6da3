/** Branches of a union with null, which always is the first one, as Avro numbers them. */
export const NULL = 0;
export const PRESENT = 2;
