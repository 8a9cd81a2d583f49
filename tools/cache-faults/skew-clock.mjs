// Loaded into the command by NODE_OPTIONS: its wall clock is wrong by CLOCK_SKEW_MS.

const skew = Number(process.env["CLOCK_SKEW_MS"] ?? 0);
const { now } = Date;
Date.now = () => now() + skew;
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [now() + skew] : given));
  }
};
