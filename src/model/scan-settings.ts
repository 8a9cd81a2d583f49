// What a scan was asked to do, after configuration file and command line have been put together.

import type { Confidence } from "./finding.ts";

/** Rules that are off for some files. */
export interface PerFileIgnore {
  /** As in .gitignore, relative to ScanSettings.root. */
  readonly pattern: string;
  /** Codes or their beginnings. */
  readonly codes: readonly string[];
}

export interface ScanSettings {
  /** Absolute folder that patterns are relative to: the configuration file's, else where the scan began. */
  readonly root: string;
  /** Codes or their beginnings: DW101, DW1. Null: all. */
  readonly select: readonly string[] | null;
  readonly ignore: readonly string[];
  readonly perFileIgnores: readonly PerFileIgnore[];
  /** Names and patterns as in .gitignore that are not walked into. Null: the defaults. */
  readonly exclude: readonly string[] | null;
  readonly extendExclude: readonly string[];
  /** Oldest Python that the program runs on: "3.11". Null: not known. */
  readonly targetVersion: string | null;
  /** The least sure findings to show. */
  readonly confidence: Confidence;
  /** Absolute path. */
  readonly baseline: string | null;
}

const RANK: Readonly<Record<Confidence, number>> = { possible: 0, likely: 1, certain: 2 };

export const CONFIDENCES = ["possible", "likely", "certain"] as const;

/** Says whether `confidence` is at least as sure as `least`. */
export function isAtLeast(confidence: Confidence, least: Confidence): boolean {
  return RANK[confidence] >= RANK[least];
}

export function defaultSettings(root: string): ScanSettings {
  return {
    root,
    select: null,
    ignore: [],
    perFileIgnores: [],
    exclude: null,
    extendExclude: [],
    targetVersion: null,
    confidence: "likely",
    baseline: null,
  };
}
