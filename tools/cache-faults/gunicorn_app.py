"""workers.py under gunicorn: its workers ask the cache as soon as they are born. Also its configuration."""

import workers as asking

if asking.MODE == "deadweight":
    import deadweight

    deadweight.join("faults")


def app(environ, start_response):
    start_response("200 OK", [])
    return [b""]


def post_worker_init(worker):
    asking.hammer(4)
