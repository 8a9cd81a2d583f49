# Objects that own memory outside of themselves, and objects that only look at such memory. Prints where they are and
# what Python says of them, then waits for its input to end.
#   buffers.py [numpy]

import array
import io
import json
import sys

block = bytes(range(256)) * 4
numbers = array.array("d", range(100))
raw = bytearray(b"r" * 500)
stream = io.BytesIO()
stream.write(b"s" * 700)
places = {
    "bytes": block,
    "array of doubles": numbers,
    "array of bytes": array.array("b", b"text"),
    "bytearray": raw,
    "view of bytes": memoryview(block),
    "view of an array": memoryview(numbers)[1:],
    "stream": stream,
    "stream sharing bytes": io.BytesIO(block),
}

if "numpy" in sys.argv:
    import numpy

    owner = numpy.zeros(1000)
    elements = ["an element", ["another"], {"a": "third"}]
    objects = numpy.empty(3, dtype=object)
    objects[:] = elements
    places.update({
        "owner": owner,
        "matrix": numpy.ones((20, 30), dtype="f4"),
        "texts": numpy.array(["some", "text"], dtype="U10"),
        "nothing": numpy.zeros((0, 5)),
        "slice": owner[10:20],
        "every other": owner[::2],
        "reshaped": owner.reshape(10, 100),
        "over bytes": numpy.frombuffer(block, dtype="u1"),
        "objects": objects,
        "column of objects": objects.reshape(3, 1),
    })

print(json.dumps({
    "places": {name: {"id": id(thing), "size": sys.getsizeof(thing)} for name, thing in places.items()},
    "elements": [id(element) for element in elements] if "numpy" in sys.argv else [],
    "numpy": numpy.__version__ if "numpy" in sys.argv else None,
}), flush=True)
sys.stdin.read()
