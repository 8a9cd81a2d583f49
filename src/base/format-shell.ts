// Words of a command line that a person will copy. Not for running anything: we never pass strings to a shell.

const NEEDS_NO_QUOTES = /^[\w@%+=:,./-]+$/;
const SAFE_IN_DOUBLE_QUOTES = /^[^"$`\\!]*$/;

/** `word` as a POSIX shell would need it: "app.cache", "\"sys.modules['app'].cache\"", "'$x'". */
export function shellWord(word: string): string {
  if (NEEDS_NO_QUOTES.test(word)) return word;
  // Holder paths are full of single quotes; double quotes keep them readable.
  if (word !== "" && SAFE_IN_DOUBLE_QUOTES.test(word)) return `"${word}"`;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
