"""The file that the processes of an application share on one host: its tokens, its members, its settings.

Numbers are little-endian 64-bit words. src/govern/table-layout.ts says the same for the other language, and a test compares.

    word 0..511         head: magic, version, id of the boot, id of the table; from READER_AT: who reads the stream of Redis
    word 512..66047     tokens, by slot
    word 66048..        rows of members, MEMBER_WORDS each
    then                rows of settings, SETTING_WORDS each
    then                rows of figures, FIGURE_WORDS each

A file is never made shorter, and never opened through a link: a mapping of a file that shrinks kills its readers.
"""

MAGIC = 0x31304257444B4C53  # "SLKDWB01"
VERSION = 3
HEAD_WORDS = 512
SLOT_WORDS = 65536
MEMBER_ROWS = 1024
#: pid, start of the process in clock ticks since boot, joined at (ms since 1970), settings applied, flags, inode of the namespace in
#: which it has this pid (0: unknown), 2 spare.
MEMBER_WORDS = 8
SETTING_ROWS = 1024
#: sequence, slot of the function (0: none), maxsize + 1, ttl in ms + 1, flags, workers that obey (0: all; otherwise those whose
#: rank is below it), the stream it came from (0: a command on this host), 1 spare. 0 in maxsize or ttl: not set.
SETTING_WORDS = 8
FIGURE_ROWS = 4096
#: pid, start of the process, slots of function, namespace and namespace in its version (0: none), hits, loads, nanoseconds of
#: loading, loads that raised, entries, bytes + 1 (0: not counted), changes of word 0 that were seen, and the first four numbers
#: as they were at the last of them: before the process has done anything under it. Then when that was (ms since 1970; before the
#: first: when the cache came), 3 spare.
FIGURE_WORDS = 20

MEMBERS_AT = HEAD_WORDS + SLOT_WORDS
SETTINGS_AT = MEMBERS_AT + MEMBER_ROWS * MEMBER_WORDS
FIGURES_AT = SETTINGS_AT + SETTING_ROWS * SETTING_WORDS
TOTAL_WORDS = FIGURES_AT + FIGURE_ROWS * FIGURE_WORDS
TOTAL_BYTES = TOTAL_WORDS * 8

#: Which stream is read, lease of its reader (ns of the monotonic clock), position (two words), life of the server's data, and which
#: settings of the server are in the table.
READER_AT = 8
LONGEST_LEASE_SECONDS = 3600

#: Bits of a setting's flags.
FROZEN = 1
BYPASSED = 2
#: maxsize of a setting: no bound.
UNBOUNDED = 2**63
#: Ranks of workers are below it.
RANKS = 2**32


def worker_rank(pid: int, ticks: int) -> int:
    """A number that a process keeps for its life: a canary on workers takes those with the lowest."""
    return (pid * 0x9E3779B1 + ticks * 0x85EBCA6B) % RANKS
