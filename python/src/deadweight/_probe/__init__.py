"""What runs inside a program that Deadweight was asked to load itself into.

Loaded as `_deadweight_probe`, or from `deadweight` by name. At start-up only `start`, `connection`, `wire`, `identity`
and `fork_warning` are imported, and of the standard library only what the interpreter itself is made of; the rest
is imported when the tool asks for it.
"""
