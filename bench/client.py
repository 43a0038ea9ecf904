"""A client that costs little: ready-made bytes over kept-open sockets, from a few threads."""

import itertools
import socket
import threading
import time
from collections.abc import Callable, Sequence


class Refused(Exception):
    """An answer was not the one that was expected: nothing measured."""


def talk(connection: socket.socket, request: bytes) -> tuple[bytes, bytes]:
    """Send one request and read its answer to the end: head and body. Raises Refused where the server hangs up."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += _more(connection)
    return head, body


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(262144)
    if not piece:
        raise Refused("the server hung up")
    return piece


def fetch(connection: socket.socket, request: bytes, expected: bytes) -> None:
    """Send one request, and wait for its answer. Raises Refused for another status than `expected`."""
    head, _body = talk(connection, request)
    if not head.startswith(b"HTTP/1.1 " + expected):
        raise Refused(head.split(b"\r\n")[0].decode())


def throughput(port: int, requests: Sequence[bytes] | Callable[[int], bytes], *, count: int, threads: int = 8, expected: bytes = b"200") -> float:
    """Requests a second: `count` of them over `threads` kept-open connections."""
    numbers = itertools.count()
    faults: list[Exception] = []

    def work() -> None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while (number := next(numbers)) < count:
                    fetch(connection, requests(number) if callable(requests) else requests[number % len(requests)], expected)
        except (OSError, Refused) as fault:
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if faults:
        raise Refused(str(faults[0]))
    return count / (time.perf_counter() - start)


def get(path: str, *, headers: str = "") -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n{headers}\r\n".encode()


def post(path: str, body: bytes, *, headers: str = "") -> bytes:
    """The bytes of a form that is sent."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    ).encode() + body
