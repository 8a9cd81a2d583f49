"""Keeps what was rendered, the latest pages only."""

import collections

MOST_PAGES = 64


class PageCache:
    def __init__(self):
        self._pages = collections.OrderedDict()

    def get_or_make(self, address, make):
        page = self._pages.get(address)
        if page is None:
            page = make()
            self._pages[address] = page
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)
        return page
