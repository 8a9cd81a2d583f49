// Doctor reports: a process that can be read, one in a container that cannot, and the machine alone.

import type { DoctorReport } from "../../src/model/heap-reports.ts";

export const doctorOfReadable: DoctorReport = {
  schema: "deadweight/doctor@1",
  pid: 4711,
  readable: true,
  checks: [
    { name: "process", status: "ok", seen: "gunicorn: worker [shop.web:app], running for 3 d 4 h", advice: null },
    {
      name: "permission",
      status: "ok",
      seen: "same user (1000), ptrace_scope 1, CAP_SYS_PTRACE present",
      advice: null,
    },
    { name: "python", status: "ok", seen: "CPython 3.11.7, /usr/bin/python3.11, stripped", advice: null },
    {
      name: "memory",
      status: "warning",
      seen: "2.1 GiB resident, 1.2 GiB free here",
      advice:
        "The analysis needs about 1.8 times the target's memory. Take the snapshot here and read it on another machine.",
    },
  ],
  commands: [],
};

export const doctorOfRefused: DoctorReport = {
  schema: "deadweight/doctor@1",
  pid: 4711,
  readable: false,
  checks: [
    { name: "process", status: "ok", seen: "celery -A shop.tasks worker, in container 3f9c2a77d1e0", advice: null },
    {
      name: "permission",
      status: "problem",
      seen: "owned by user 10001, we are user 1000; ptrace_scope is 1",
      advice:
        "The kernel lets only root, or a process with CAP_SYS_PTRACE, read another user's process. Run one of the lines below.",
    },
    {
      name: "python",
      status: "unknown",
      seen: "the executable cannot be read before the permission is there",
      advice: null,
    },
  ],
  commands: [
    "sudo deadweight top 4711",
    "docker run --rm -it --pid=container:3f9c2a77d1e0 --cap-add=SYS_PTRACE -v $PWD:/out node:22-slim npx deadweight snapshot 1 -o /out/worker.dwsnap",
  ],
};

export const doctorOfMachine: DoctorReport = {
  schema: "deadweight/doctor@1",
  pid: null,
  readable: null,
  checks: [
    { name: "yama", status: "ok", seen: "ptrace_scope is 0: processes of the same user can be read", advice: null },
  ],
  commands: [],
};
