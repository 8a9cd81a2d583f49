"""Keeps what was rendered."""


class PageCache:
    def __init__(self):
        self._pages = {}

    def get_or_make(self, address, make):
        page = self._pages.get(address)
        if page is None:
            page = make()
            self._pages[address] = page  # leak: here
        return page
