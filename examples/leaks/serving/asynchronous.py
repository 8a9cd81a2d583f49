"""HTTP in one thread, with asyncio."""

import asyncio

from serving import ending, stock


async def converse(reader, writer, answer, measure):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path == "/-/size":
                body = str(measure()).encode()
            else:
                body = (await answer(int(path.rpartition("/")[2]))).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(port, answer, measure):
    loop = asyncio.get_running_loop()
    over = asyncio.Event()

    async def connected(reader, writer):
        await converse(reader, writer, answer, measure)

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    ending.when_told(lambda: loop.call_soon_threadsafe(over.set))
    ending.announce(server.sockets[0].getsockname()[1])
    await over.wait()
    ending.leave()


def serve(answer, measure):
    """Awaits `answer` with the number of each request; it returns a text."""
    port = ending.port_wanted()
    stock.load()
    asyncio.run(main(port, answer, measure))
