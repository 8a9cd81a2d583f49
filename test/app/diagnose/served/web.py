"""The shop for servers that speak WSGI (`wsgi`) and ASGI (`asgi`)."""

import shop


def number_in(path):
    return int(path.rpartition("/")[2])


def wsgi(environ, start_response):
    body = shop.visit(number_in(environ["PATH_INFO"])).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


async def asgi(scope, receive, send):
    if scope["type"] != "http":
        return
    body = shop.visit(number_in(scope["path"])).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
