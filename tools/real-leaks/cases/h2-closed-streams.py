"""One long connection with many requests: the number of every closed stream stays (python-hyper/h2 #1163)."""

import h2.config
import h2.connection

HEADERS = [(":method", "GET"), (":path", "/"), (":scheme", "https"), (":authority", "shop.example")]
CLIENT = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=True))
SERVER = h2.connection.H2Connection(config=h2.config.H2Configuration(client_side=False))
CLIENT.initiate_connection()
SERVER.initiate_connection()


def carry():
    SERVER.receive_data(CLIENT.data_to_send())
    CLIENT.receive_data(SERVER.data_to_send())


def exercise(n):
    carry()
    for _ in range(n):
        stream = CLIENT.get_next_available_stream_id()
        CLIENT.send_headers(stream, HEADERS, end_stream=True)
        carry()
        SERVER.send_headers(stream, [(":status", "200")], end_stream=True)
        carry()


def held():
    CLIENT.open_outbound_streams  # counting them is what moves closed ones to the dict
    return len(CLIENT._closed_streams)
