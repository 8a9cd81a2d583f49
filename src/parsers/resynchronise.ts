// After an error pyright may lose the rest of a file: an unclosed bracket or string swallows what follows. A statement at
// the start of a line ends that: the text is cut there, and the pieces are parsed apart.

import { parseWithPyright, type PyrightOptions, type PyrightResult, type SyntaxFault } from "./pyright-parser.ts";

/** A part of the text with a tree of its own; its offsets count from `start`. */
export interface Piece extends PyrightResult {
  readonly start: number;
}

/** Where a statement may begin. `else`, `except` and closing brackets belong to what stands before them. */
const STATEMENT =
  /^(?:(?:def|class|import|from|async|if|try|with|for|while|match|type|raise|assert|del|global)\b|@|[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*[ \t]*(?:=(?!=)|\(|:[^\n=]*=|[-+*/|&^%@]=))/gmu;

/**
 * How many cuts one piece may step over: a decorator and its function, a docstring with code at the start of lines. More only
 * costs time where nothing fits.
 */
const MOST_JOINED = 12;
/** After so many pieces with errors this is hardly Python: one look at each is enough. */
const MOST_PATIENCE = 40;

/**
 * The pieces of a text that as a whole has errors. At each cut the shortest run of lines without errors is taken; if there is
 * none, the shortest that leaves nothing open; if there is none, the lines up to the next cut. O(length) for a few errors,
 * bounded by a constant number of times that. One after the other, so that only one tree of pyright's is there at a time.
 */
export function* parsePieces(text: string, options: PyrightOptions): Generator<Piece> {
  const cuts = cutsOf(text);
  let broken = 0;
  for (let from = 0; from + 1 < cuts.length; ) {
    const most = broken < MOST_PATIENCE ? MOST_JOINED : 1;
    const { piece, joined } = bestPiece(text, cuts, from, most, options);
    if (piece.faults.length > 0) broken++;
    yield piece;
    from += joined;
  }
}

/** Offsets at which the text may be cut, its two ends included. */
function cutsOf(text: string): number[] {
  const cuts = [0];
  for (const { index } of text.matchAll(STATEMENT)) if (index > 0) cuts.push(index);
  cuts.push(text.length);
  return cuts;
}

interface Choice {
  readonly piece: Piece;
  /** Over how many cuts it reaches. */
  readonly joined: number;
}

function bestPiece(text: string, cuts: readonly number[], from: number, most: number, options: PyrightOptions): Choice {
  const start = cuts[from] ?? 0;
  const read = (joined: number): Choice => {
    const end = cuts[Math.min(from + joined, cuts.length - 1)] ?? text.length;
    return { joined, piece: { start, ...parseGuarded(text.slice(start, end), options) } };
  };
  const shortest = read(1);
  if (shortest.piece.faults.length === 0) return shortest;
  let closed = leavesOpen(shortest.piece.faults) ? null : shortest;
  for (let joined = 2; joined <= most && from + joined < cuts.length; joined++) {
    const longer = read(joined);
    if (longer.piece.faults.length === 0) return longer;
    if (closed === null && !leavesOpen(longer.piece.faults)) closed = longer;
  }
  return closed ?? shortest;
}

/** pyright's words for a bracket or a string whose end is missing. */
const OPEN_END = /was not closed|nterminated/;

/** The one fault that explains the others of its piece: what was left open, or else the first. */
export function mainFault(faults: readonly SyntaxFault[]): SyntaxFault | undefined {
  return faults.find(({ message }) => OPEN_END.test(message)) ?? faults[0];
}

function leavesOpen(faults: readonly SyntaxFault[]): boolean {
  return faults.some(({ message }) => OPEN_END.test(message));
}

/** Python has limits of its own: 200 brackets, 100 indentations. */
export const TOO_DEEP = "The code nests too deeply to be read";

/** pyright's tree takes up to 150 times as much memory as the text (measured: a list of small lists). */
const LONGEST_PIECE = 3 * 1024 * 1024;
export const TOO_LONG = "The code is too long to be read at once";

/** An empty tree with one fault for a text that nests deeper than the stack, or that is too long. */
export function parseGuarded(text: string, options: PyrightOptions): PyrightResult {
  if (text.length > LONGEST_PIECE) return unreadable(text, TOO_LONG, options);
  try {
    return parseWithPyright(text, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unreadable(text, TOO_DEEP, options);
  }
}

function unreadable(text: string, message: string, options: PyrightOptions): PyrightResult {
  return { module: parseWithPyright("", options).module, faults: [{ message, start: 0, end: text.length }] };
}
