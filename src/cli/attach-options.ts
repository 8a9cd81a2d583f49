// Options of all commands that put the probe into a running process.

export const WAIT_OPTION = {
  kind: "seconds",
  placeholder: "TIME",
  default: 10,
  summary: "how long the process may take to run Python; then the call is withdrawn",
} as const;

export const GDB_OPTION = {
  kind: "flag",
  summary: "when the main thread waits in the kernel, have gdb make the call there (stops it for about a second)",
} as const;
