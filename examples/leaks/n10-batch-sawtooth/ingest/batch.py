"""Collects rows and writes them together."""

ROWS = []
FULL = 400


def flush():
    text = "\n".join(row["text"] for row in ROWS)
    ROWS.clear()
    return len(text)


def answer(number):
    ROWS.append({"number": number, "text": "row %d " % number * 800})
    if len(ROWS) >= FULL:
        return "wrote %d" % flush()
    return "collected"
