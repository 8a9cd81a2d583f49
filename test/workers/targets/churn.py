# A program of several threads that replaces objects, classes and suspended generators all the time. Says "ready".
import random
import threading
import time


class Node:
    def __init__(self, number):
        self.number = number
        self.kept = []


class Slotted:
    __slots__ = ("first", "second")

    def __init__(self, first, second):
        self.first = first
        self.second = second


store = [Node(number) for number in range(6_000)]
table = {("key", number): {"number": number, "list": [number]} for number in range(3_000)}


def suspended(value):
    kept = value
    yield kept


def churn(seed):
    choose = random.Random(seed)
    while True:
        number = choose.randrange(len(store))
        node = Node(number)
        node.kept = [Slotted(choose.random(), str(k)) for k in range(choose.randrange(8))]
        node.kept.append(node)
        generator = suspended(node)
        next(generator)
        node.kept.append(generator)
        if choose.random() < 0.001:
            made = type("Made%d" % choose.randrange(10**6), (object,), {"number": number, "call": lambda self: number})
            node.kept.append(made())
        store[number] = node
        table[("key", choose.randrange(len(table)))] = {"number": number, "list": [object()]}


for seed in range(4):
    threading.Thread(target=churn, args=(seed,), daemon=True).start()
print("ready", flush=True)
time.sleep(600)
