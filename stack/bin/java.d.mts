export function javaCommand(env?: Readonly<Record<string, string | undefined>>): string;
export function javaMajorOf(text: string): number | undefined;
