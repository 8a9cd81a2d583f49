"""Prints what CPython's own parser sees in each file named on standard input: one JSON object a line."""

import ast
import json
import sys
import tokenize
import warnings

warnings.simplefilter("ignore")


class Dump(ast.NodeVisitor):
    def __init__(self):
        self.definitions = []
        self.calls = 0
        self.names = []
        self.attributes = []
        self.imports = []
        self.bound = []
        self.arguments = 0
        self.kinds = {}

    def visit(self, node):
        kind = type(node).__name__
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        super().visit(node)

    def define(self, node):
        self.definitions.append([node.name, node.lineno])
        self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = define

    def visit_Call(self, node):
        self.calls += 1
        self.arguments += len(node.args) + len(node.keywords)
        self.generic_visit(node)

    def visit_Name(self, node):
        self.names.append(node.id)

    def visit_Attribute(self, node):
        self.attributes.append(node.attr)
        self.generic_visit(node)

    def visit_alias(self, node):
        self.imports.append([node.name, node.asname])

    def visit_ExceptHandler(self, node):
        if node.name:
            self.bound.append(node.name)
        self.generic_visit(node)

    def visit_match_case(self, node):
        for part in ast.walk(node.pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if name:
                self.bound.append(name)
        if node.guard:
            self.visit(node.guard)
        for statement in node.body:
            self.visit(statement)


def lines_of_formatted_strings(tree):
    """Their inner nodes have wrong places before 3.12."""
    inner = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner.update(id(part) for part in ast.walk(node))
    return inner


for path in sys.stdin.read().splitlines():
    with tokenize.open(path) as file:
        source = file.read()
    tree = ast.parse(source)
    for node in ast.walk(tree):
        # The tree that this is compared with leaves type parameters out.
        if getattr(node, "type_params", None):
            node.type_params = []
    dump = Dump()
    dump.visit(tree)
    inner = lines_of_formatted_strings(tree)
    calls = [n.func.end_lineno for n in ast.walk(tree) if isinstance(n, ast.Call) and id(n) not in inner]
    print(
        json.dumps(
            {
                "path": path,
                "definitions": sorted(dump.definitions),
                "callCount": dump.calls,
                "calleeEnds": sorted(calls),
                "argumentCount": dump.arguments,
                "names": sorted(dump.names),
                "attributes": sorted(dump.attributes),
                "imports": sorted(dump.imports, key=str),
                "bound": sorted(dump.bound),
                "kinds": dump.kinds,
            }
        )
    )
