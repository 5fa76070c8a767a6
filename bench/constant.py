"""A WSGI program that answers one page of `LOCKSTITCH_BENCH_BYTES` bytes and nothing else."""

import os

BODY = b"x" * int(os.environ.get("LOCKSTITCH_BENCH_BYTES", "30000"))
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY)))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
