"""Caches under control: bounded, keyed stably, and cleared so that nothing loaded before a clear comes back after it.

`cached` is the decorator. How a clear is made certain: every entry keeps the tokens of its scopes as they were *before* its
value was loaded, and is an answer only while they are still the same (slots.py). A token is compared with `==` and never
counted, so that clocks, restarts and torn reads cannot bring an old value back.
"""
