"""Which pages were seen already."""

SEEN = set()


def new_among(links):
    fresh = [link for link in links if link not in SEEN]
    SEEN.update(fresh)  # leak: here
    return fresh
