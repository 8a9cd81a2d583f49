// What the shell gets. Scripts and CI depend on these numbers.

export const EXIT = {
  clean: 0,
  /** The command worked and found what it looks for. */
  findings: 1,
  /** Bad input, no permission, no such process. */
  couldNot: 2,
  /** Our bug (EX_SOFTWARE of sysexits.h). */
  ourBug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** 128 + the signal's number, as shells report it. */
export function exitCodeOfSignal(signal: number): number {
  return 128 + signal;
}
