// The slow and obvious twin of src/graph/use-stack.ts: a list, newest first.

export interface PlainUseStack {
  readonly keys: readonly number[];
  use(key: number): number;
}

export function plainUseStack(): PlainUseStack {
  const keys: number[] = [];
  return {
    keys,
    use(key) {
      const at = keys.indexOf(key);
      if (at >= 0) keys.splice(at, 1);
      keys.unshift(key);
      return at + 1;
    },
  };
}
