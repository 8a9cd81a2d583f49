// Comments of a source, which the tree leaves out.

export interface Comment {
  /** UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** With its mark: "# ...". */
  readonly text: string;
}

/** A comment, or a string to its end (also one that is never closed): what is in a string is no comment. */
const PYTHON =
  /#[^\r\n]*|"""(?:[^"\\]+|\\[^]|"(?!""))*(?:"""|$)|'''(?:[^'\\]+|\\[^]|'(?!''))*(?:'''|$)|"(?:[^"\\\r\n]+|\\[^])*"?|'(?:[^'\\\r\n]+|\\[^])*'?/g;

/** The comments of a Python or Cython source, in order. O(length). */
export function commentsOf(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  for (const match of text.matchAll(PYTHON)) {
    if (match[0].startsWith("#"))
      comments.push({ start: match.index, end: match.index + match[0].length, text: match[0] });
  }
  return comments;
}
