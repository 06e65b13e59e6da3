export interface Wish {
  readonly wanted: string;
  readonly checkout: string;
  readonly isRoot: boolean;
  readonly isReachable: (directory: string) => boolean;
}
export function chooseStateDir(wish: Wish): { readonly stateDir: string; readonly moved: boolean };
