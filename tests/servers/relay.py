"""A relay before an emulator that breaks connections as networks do."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

LOST_FOR_S = 0.4  # long enough for the server to have done what it was asked


class Relay:
    """Passes bytes between clients and one server, until told otherwise."""

    def __init__(self, server: str) -> None:
        host, _, port = server.rpartition(":")
        self._server = (host, int(port))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._losing = self._closed = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self._port}"

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Nobody is there: open connections end and new ones are closed at once."""
        self._closed = True
        self._end()
        try:
            yield
        finally:
            self._closed = False

    def lose_next_answer(self) -> None:
        """What is asked next arrives; its answer does not, and the connection breaks."""
        self._losing = True

    def close(self) -> None:
        """End everything."""
        self._listener.close()
        self._end()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self._closed:
                    client.close()
                    continue
                server = socket.create_connection(self._server)
                self._pairs.append((client, server))
                Thread(target=self._pass, args=(client, server), daemon=True).start()
                Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while taken := source.recv(1 << 16):
                sink.sendall(taken)
        _shut(source, sink)

    def _answer(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while taken := source.recv(1 << 16):
                if self._losing:
                    time.sleep(LOST_FOR_S)
                    self._losing = False
                    break
                sink.sendall(taken)
        _shut(source, sink)

    def _end(self) -> None:
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _shut(*pair)


def _shut(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()
