/** Gives a primitive a name of its own, so that two strings or two numbers cannot be swapped. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
