/** Where a command stands in `reviews`; clients hand it back as `after` to read their own writes. */
export interface CommandPosition {
  readonly partition: number;
  readonly offset: number;
}

/** What a position looks like as a text. */
export const COMMAND_POSITION_PATTERN = /^reviews:(\d{1,9}):(\d{1,15})$/;

/** `reviews:<partition>:<offset>`, whatever prefix the topic has. */
export const formatCommandPosition = ({ partition, offset }: CommandPosition): string =>
  `reviews:${partition}:${offset}`;

/** The position, or undefined when the text is not one. */
export const parseCommandPosition = (text: string): CommandPosition | undefined => {
  const match = COMMAND_POSITION_PATTERN.exec(text);
  return match === null ? undefined : { partition: Number(match[1]), offset: Number(match[2]) };
};
