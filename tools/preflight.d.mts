// Types of preflight.mjs, which cannot be TypeScript: it must run on a Node that knows neither.

export interface World {
  readonly platform: string;
  readonly node: string;
  /** Null when there is no python3. */
  readonly python: string | null;
}
export function missingPrerequisites(world: World, needsPython: boolean): string[];
export function lookAround(): World;
