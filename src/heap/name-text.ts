// Which texts are names, and so may be told to anybody: the rest are values.

/** "REGISTRY", "app.sessions", "17", "/srv/app/sessions.py"; letters of any alphabet, as in Python. */
const NAMES: readonly RegExp[] = [
  /^[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u,
  /^-?\d{1,9}$/,
  /^\/[^\n]*\.(?:py|pyc|so)$/,
];

/** Whether a text is a Python name (dots allowed), a whole number or the path of a source file. */
export function isNameText(text: string): boolean {
  return NAMES.some((pattern) => pattern.test(text));
}
