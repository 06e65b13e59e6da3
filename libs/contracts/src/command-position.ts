/** Where a command stands in `reviews`; clients hand it back as `after` to read their own writes. */
export interface CommandPosition {
  readonly partition: number;
  readonly offset: number;
}

const PATTERN = /^reviews:(\d{1,9}):(\d{1,15})$/;

/** `reviews:<partition>:<offset>`, whatever prefix the topic has. */
export const formatCommandPosition = ({ partition, offset }: CommandPosition): string =>
  `reviews:${partition}:${offset}`;

/** The position, or undefined when the text is not one. */
export const parseCommandPosition = (text: string): CommandPosition | undefined => {
  const match = PATTERN.exec(text);
  return match === null ? undefined : { partition: Number(match[1]), offset: Number(match[2]) };
};
