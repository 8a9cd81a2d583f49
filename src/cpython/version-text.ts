/** `PY_VERSION_HEX` as people write it: 0x030b07f0 -> "3.11.7"; pre-releases keep their suffix, "3.13.0rc2". A "t" says without a GIL. */
export function versionText(hex: number, freeThreaded = false): string {
  const level = (hex >>> 4) & 0xf;
  const suffix = level === 0xf ? "" : `${level === 0xa ? "a" : level === 0xb ? "b" : "rc"}${hex & 0xf}`;
  return `${hex >>> 24}.${(hex >>> 16) & 0xff}.${(hex >>> 8) & 0xff}${suffix}${freeThreaded ? "t" : ""}`;
}
