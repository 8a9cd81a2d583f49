"""Two loops under no tool, under memory_profiler, or under deadweight: prints CPU nanoseconds per iteration of each.

    python lines.py plain|memory_profiler|deadweight ITERATIONS
"""

import io
import sys
import time

held = []


def rare_growth(count):
    total = 0
    for at in range(count):
        twice = at * 2
        more = twice + 1
        total += more
        if at % 5000 == 0:
            held.append(bytearray(b"x") * 200_000)
    return total


def steady_growth(count):
    table = {}
    for at in range(count):
        table[at] = str(at)
    return table


def main(tool, count):
    functions = [rare_growth, steady_growth]
    if tool == "memory_profiler":
        import memory_profiler

        functions = [memory_profiler.profile(each, stream=io.StringIO()) for each in functions]
    elif tool == "deadweight":
        import deadweight

        functions = [deadweight.profile(each) for each in functions]
    for name, function in zip(("rare", "steady"), functions):
        held.clear()
        start = time.process_time()
        function(count)
        print("cost", name, (time.process_time() - start) / count * 1e9)


main(sys.argv[1], int(sys.argv[2]))
