"""A mail server that takes everything and keeps nothing but a count: as little in the way as can be. Prints its port."""

import asyncio


class Sink(asyncio.Protocol):
    """Just enough of SMTP: EHLO, MAIL, RCPT, DATA, RSET, QUIT."""

    taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.waiting, self.in_data = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            end = b"\r\n.\r\n" if self.in_data else b"\r\n"
            head, found, rest = self.waiting.partition(end)
            if not found:
                return
            self.waiting = rest
            self.transport.write(self._answer(head))

    def _answer(self, line: bytes) -> bytes:
        if self.in_data:
            self.in_data = False
            Sink.taken += 1
            return b"250 OK\r\n"
        verb = line[:4].upper()
        if verb == b"DATA":
            self.in_data = True
            return b"354 go on\r\n"
        if verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return b""
        return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n" if verb == b"EHLO" else b"250 OK\r\n"


async def main() -> None:
    """Listen on a free port of this machine until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
