// pprof's profile.proto, gzipped: https://github.com/google/pprof/blob/main/proto/profile.proto. A stack is the way down the
// dominator tree, innermost first as the format wants it, with live objects and bytes under the names Go gives them, so that
// `go tool pprof`, Pyroscope and Parca show them as a heap profile.

import { Function as Fn, Line, Location, Profile, Sample, StringTable, ValueType } from "pprof-format";
import { ok } from "../base/result.ts";
import type { HeapAnalysis } from "../heap/analyse.ts";
import { retentionStacks, retentionTree } from "../heap/queries/retention-tree.ts";
import type { RetentionRow } from "../model/page-reports.ts";
import type { HeapFormat } from "./heap-format.ts";

export const pprof: HeapFormat = {
  name: "pprof",
  gzip: true,
  opensIn: "`go tool pprof -http=: FILE`, Pyroscope, Parca",
  write: (heap) => ok([profileOf(heap).encode()]),
};

const NANOSECONDS_PER_MS = 1_000_000n;

function profileOf(heap: HeapAnalysis): Profile {
  const stringTable = new StringTable();
  const valueType = (type: string, unit: string): ValueType =>
    ValueType.create({ type: stringTable.dedup(type), unit: stringTable.dedup(unit) });
  const sampleType = [valueType("inuse_objects", "count"), valueType("inuse_space", "bytes")];
  const { functions, locations, locationOf } = locationTable(stringTable);
  const sample = [...retentionStacks(retentionTree(heap))].map(({ rows, bytes, count }) =>
    Sample.create({ locationId: rows.map(locationOf).reverse(), value: [count, bytes] }),
  );
  return new Profile({
    sampleType,
    sample,
    location: locations,
    function: functions,
    stringTable,
    timeNanos: BigInt(Math.round(heap.snapshot.meta.takenAtMs)) * NANOSECONDS_PER_MS,
    periodType: valueType("space", "bytes"),
    period: 1,
    defaultSampleType: stringTable.dedup("inuse_space"),
  });
}

interface Locations {
  readonly functions: Fn[];
  readonly locations: Location[];
  /** The id of a row's location, which is also the id of its function. */
  readonly locationOf: (row: RetentionRow) => number;
}

function locationTable(strings: StringTable): Locations {
  const functions: Fn[] = [];
  const locations: Location[] = [];
  const known = new Map<string, number>();
  const locationOf = ({ label, file, line }: RetentionRow): number => {
    const key = `${label}\n${file}\n${line}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const id = functions.length + 1;
    const name = strings.dedup(label);
    functions.push(
      Fn.create({ id, name, systemName: name, filename: strings.dedup(file ?? ""), startLine: line ?? 0 }),
    );
    locations.push(Location.create({ id, line: [Line.create({ functionId: id, line: line ?? 0 })] }));
    known.set(key, id);
    return id;
  };
  return { functions, locations, locationOf };
}
