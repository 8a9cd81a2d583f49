"""Builds small documents whose nodes know their parents."""


class Node:
    made = 0
    freed = 0

    def __init__(self, name, parent=None):
        Node.made += 1
        self.name = name
        self.parent = parent
        self.children = []
        self.text = "text of %s" % name * 6
        if parent is not None:
            parent.children.append(self)  # leak: here

    def __del__(self):
        Node.freed += 1


def answer(number):
    root = Node("document-%d" % number)
    for line in range(12):
        Node("line-%d" % line, root)
    return "%d lines" % len(root.children)
