// Programs whose leak lies in an installed package: the line to show is the program's own, if one leads there.

import type { LeakingProgram } from "./leaking-program.ts";

const INSTALLED = "lib/site-packages";
const START = `
import itertools, sys
sys.path.insert(0, "${INSTALLED}")
numbers = itertools.count()
`;

export const LIBRARY_PROGRAMS: readonly LeakingProgram[] = [
  {
    name: "a cached class that a library calls by another name",
    kind: "cache",
    path: /_CachedAdapter\.<lru_cache>$/,
    cause: "L3",
    sources: {
      [`${INSTALLED}/adapters/__init__.py`]: `
from functools import lru_cache
class PlainAdapter:
    def __init__(self, kind):
        self.kind = "x" * 3000 + str(kind)
_CachedAdapter = lru_cache(maxsize=None)(PlainAdapter)
Adapter = _CachedAdapter
def validate(kind):
    return Adapter(kind)
`,
      "main.py": `${START}
import adapters
def work():
    for _ in range(300):
        adapters.validate(next(numbers))  # fills
`,
    },
  },
  {
    name: "a private attribute of a library's object that is called",
    kind: "instance-attribute",
    path: /price\._Stash__rows$/,
    cause: "L1",
    sources: {
      [`${INSTALLED}/stash/__init__.py`]: `
class Stash:
    def __init__(self, function):
        self.function = function
        self.__rows = {}
    def __call__(self, key):
        row = self.function(key)
        self.__rows[key] = row
        return row
    def size(self):
        return len(self.__rows)
`,
      "main.py": `${START}
from stash import Stash
price = Stash(lambda number: "x" * 3000 + str(number))  # made
def size():
    return price.size()
def work():
    for _ in range(300):
        price(next(numbers))  # fills
`,
    },
  },
  {
    name: "a table of one library that another fills",
    kind: "module-global",
    path: /sys\.modules\['tables'\]\.ROWS$/,
    cause: "L1",
    sources: {
      [`${INSTALLED}/tables/__init__.py`]: "ROWS = {}  # made\n",
      [`${INSTALLED}/makers/__init__.py`]: `
import tables
def make(number):
    tables.ROWS[number] = "x" * 3000 + str(number)
`,
      "main.py": `${START}
import makers
def work():
    for _ in range(300):
        makers.make(next(numbers))  # fills
`,
    },
  },
  {
    name: "a defaultdict that is only looked into",
    kind: "instance-attribute",
    path: /JAR\.rows$/,
    cause: "L1",
    sources: {
      [`${INSTALLED}/jars/__init__.py`]: `
from collections import defaultdict
class Jar:
    def __init__(self):
        self.rows = defaultdict(lambda: bytearray(3000))  # made
    def look(self, key):
        return self.rows[key]
`,
      "main.py": `${START}
from jars import Jar
JAR = Jar()
def work():
    for _ in range(300):
        JAR.look(next(numbers))  # fills
`,
    },
  },
  {
    name: "a method whose cache was made by a decorator of another name",
    kind: "cache",
    path: /wrapper\.<lru_cache>$/,
    cause: "L4",
    sources: {
      [`${INSTALLED}/checks/__init__.py`]: `
from functools import lru_cache, wraps
def kept(function):
    @lru_cache(maxsize=None)  # made
    def wrapper(*args):
        return function(*args)
    return wrapper
class Check:
    def __init__(self, number):
        self.text = "x" * 3000 + str(number)
    @kept
    def errors(self):
        return [self.text]
`,
      "main.py": `${START}
from checks import Check
def work():
    for _ in range(300):
        Check(next(numbers)).errors()  # fills
`,
    },
  },
];

/** It drops its oldest keys, long after anybody has stopped to look. */
export const BOUNDED_PROGRAM: LeakingProgram = {
  name: "a library's container class that keeps itself small",
  kind: "module-global",
  path: /RECENT$/,
  cause: "L1",
  isDoubtful: true,
  sources: {
    [`${INSTALLED}/recent/__init__.py`]: `
from collections import OrderedDict
class Recent(OrderedDict):
    def __init__(self, limit):
        super().__init__()
        self.limit = limit
    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        while len(self) > self.limit:
            self.popitem(last=False)
`,
    "main.py": `${START}
from recent import Recent
RECENT = Recent(1000000)
def work():
    for _ in range(300):
        number = next(numbers)
        RECENT[number] = "x" * 3000 + str(number)  # fills
`,
  },
};
