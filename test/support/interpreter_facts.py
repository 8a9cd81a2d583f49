# Prints, as one line of JSON, what interpreters.ts wants to know about the interpreter that runs this.

import json
import os
import struct
import sys
import sysconfig


def mapped_libpython():
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.split(None, 5)[-1].strip()
            if os.path.basename(path).startswith("libpython3"):
                return path
    return None


def has_symbol_table(path):
    """Whether an ELF file still has .symtab; a distribution strips it and leaves .dynsym."""
    with open(path, "rb") as elf:
        header = elf.read(64)
        table, = struct.unpack_from("<Q", header, 40)
        entry_size, count = struct.unpack_from("<HH", header, 58)
        elf.seek(table)
        sections = elf.read(entry_size * count)
    return any(struct.unpack_from("<I", sections, i * entry_size + 4)[0] == 2 for i in range(count))


executable = os.path.realpath(sys.executable)
library = mapped_libpython()
include = sysconfig.get_paths()["include"]
print(json.dumps({
    "path": executable,
    "version": "%d.%d.%d" % sys.version_info[:3],
    "minor": sys.version_info[1],
    "implementation": sys.implementation.name,
    "shared": library is not None,
    "stripped": not has_symbol_table(library or executable),
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "debug": hasattr(sys, "gettotalrefcount"),
    "include": include if os.path.exists(os.path.join(include, "internal", "pycore_object.h")) else None,
}))
