"""A pool of connections to a database, with a buffer each."""

import sqlite3
import threading

MOST_CONNECTIONS = 25


class Pool:
    def __init__(self):
        self.connections = []
        self.lock = threading.Lock()

    def take(self, number):
        with self.lock:
            room = len(self.connections) < MOST_CONNECTIONS
            if not self.connections or (room and number % 40 == 0):
                connection = sqlite3.connect(":memory:", check_same_thread=False)
                connection.execute("create table rows (number integer, text text)")
                rows = [(row, "text %d" % row) for row in range(10000)]
                connection.executemany("insert into rows values (?, ?)", rows)
                self.connections.append(connection)
            return self.connections[number % len(self.connections)]


POOL = Pool()


def answer(number):
    connection = POOL.take(number)
    with POOL.lock:
        row = connection.execute("select text from rows where number = ?", (number % 10000,)).fetchone()
    return row[0]
