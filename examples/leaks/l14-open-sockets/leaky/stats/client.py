"""Sends counters to a collector."""

import socket


class StatsClient:
    clients = []

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(address)
        self.pending = []
        StatsClient.clients.append(self)  # leak: here

    def count(self, name):
        self.pending.append("%s:1|c" % name * 40)
