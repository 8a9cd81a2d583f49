"""A connection that lives for days and opens a channel per command: it remembers the number of each (paramiko #1685)."""

import socket
import threading

import paramiko


class Host(paramiko.ServerInterface):
    def check_auth_none(self, username):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, number):
        return paramiko.OPEN_SUCCEEDED


def connect():
    ours, theirs = socket.socketpair()
    server = paramiko.Transport(theirs)
    server.add_server_key(paramiko.ECDSAKey.generate())
    server.start_server(event=threading.Event(), server=Host())
    client = paramiko.Transport(ours)
    client.start_client(timeout=30)
    client.auth_none("somebody")
    return server, client


SERVER, CLIENT = connect()


def exercise(n):
    for _ in range(n):
        channel = CLIENT.open_session()
        accepted = SERVER.accept(5)
        channel.close()
        if accepted is not None:
            accepted.close()


def held():
    return len(SERVER.channels_seen) + len(CLIENT.channels_seen)
