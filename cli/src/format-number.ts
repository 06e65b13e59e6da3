const format = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 8473 as `8,473`. */
export const formatCount = (count: number): string => format.format(count);
