/** The parts of an OpenAPI document that are completed here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: object }[];
  readonly requestBody?: { readonly content: Content; readonly required?: boolean };
  readonly responses: Readonly<Record<string, Response>>;
}

export interface Response {
  readonly description: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Content;
}

export type Content = Readonly<Record<string, MediaType>>;

export interface MediaType {
  readonly schema?: object;
  readonly example?: unknown;
}

/** The document with each operation as `change` makes it. */
export const mapOperations = <Document extends ApiDocument>(
  document: Document,
  change: (operation: Operation, method: string, path: string) => Operation,
): Document => ({
  ...document,
  paths: mapValues(document.paths, (methods, path) =>
    mapValues(methods, (operation, method) => change(operation, method, path)),
  ),
});

export const mapValues = <T, U>(
  object: Readonly<Record<string, T>>,
  change: (value: T, key: string) => U,
): Readonly<Record<string, U>> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
