// How the parser of this folder says that a source is not for it.

/**
 * Thrown when a source is not plain: an error of syntax, or something so rare that it is not worth a second implementation.
 * Whoever catches it asks the complete parser.
 */
export class GiveUp extends Error {}

/** Always throws. Without a stack to collect: a source with errors may give up often. */
export function giveUp(): never {
  throw GIVE_UP;
}

const GIVE_UP: GiveUp = new GiveUp("not plain");
