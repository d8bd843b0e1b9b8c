"""The worker's side: takes one request after another from standard input and streams the answers to standard output.

The work is done in the main thread; another one listens, so that a request can be cancelled and the process ends with
its supervisor even while the engine is stuck.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import signal
import sys
import threading
from collections.abc import Callable
from typing import BinaryIO

from voice.engines.messages import HEADER, Kind, Message, parse_header

Deliver = Callable[[bytes], bool]
"""Takes a piece of the answer; False when nobody waits for the rest."""
Handle = Callable[[bytes, Deliver], None]
"""Does one request, given as bytes. What it raises reaches the supervisor as EngineFailed."""


def serve(load: Callable[[], Handle]) -> None:
    """Load the engine, then serve requests until standard input ends. Never returns."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A stop is meant for the supervisor, which lets readers hear its goodbye and then closes our input.
        signal.signal(number, signal.SIG_IGN)
    # A core file would hold what was being read to somebody.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whatever a library prints must not get among the answers.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    server = _Server(sys.stdin.buffer, answers)
    threading.Thread(target=server.listen, daemon=True).start()
    server.work(load())


class _Server:
    """Both threads' common ground."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._input = requests
        self._answers = answers
        self._requests: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
        self._cancelled = 0
        """Numbers up to this one are not waited for."""

    def listen(self) -> None:
        """Take requests and cancellations; end the process when the supervisor has gone."""
        while len(header := self._input.read(HEADER.size)) == HEADER.size:
            kind, number, length = parse_header(header)
            payload = self._input.read(length)
            if kind is Kind.REQUEST:
                self._requests.put((number, payload))
            elif kind is Kind.CANCEL:
                self._cancelled = max(self._cancelled, number)
        os._exit(0)

    def work(self, handle: Handle) -> None:
        """Do one request after another, for ever."""
        self._send(Message(Kind.READY))
        while True:
            number, payload = self._requests.get()
            try:
                handle(payload, lambda block, number=number: self._deliver(number, block))  # type: ignore[misc]
            except Exception as error:
                failure = {"kind": type(error).__name__, "message": str(error)}
                self._send(Message(Kind.FAILED, number, json.dumps(failure).encode()))
            else:
                self._send(Message(Kind.DONE, number))

    def _deliver(self, number: int, block: bytes) -> bool:
        if number <= self._cancelled:
            return False
        self._send(Message(Kind.BLOCK, number, block))
        return number > self._cancelled

    def _send(self, message: Message) -> None:
        data = memoryview(message.pack())
        try:
            while data:
                data = data[self._answers.write(data) :]
        except OSError:  # the supervisor has gone
            os._exit(0)
