/** Names and shape of the topics of `npm run bench:streams`. */
export const PARTITIONS = 4;
export const SOURCE = 'events';
export const CHANGELOG = 'bench-changelog';
export const DEAD_LETTERS = 'bench-dead-letters';
export const OUTPUT = 'sums';
