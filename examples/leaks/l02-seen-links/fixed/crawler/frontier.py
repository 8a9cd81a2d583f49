"""Which pages were seen already, as far back as it matters."""

import collections

SEEN = set()
ORDER = collections.deque()
MOST_LINKS = 2000


def new_among(links):
    fresh = [link for link in links if link not in SEEN]
    for link in fresh:
        SEEN.add(link)
        ORDER.append(link)
    while len(ORDER) > MOST_LINKS:
        SEEN.discard(ORDER.popleft())
    return fresh
