"""Secret Manager's service over gRPC on this machine: the vendor's own messages, real versions."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import google_crc32c
import grpc
from google.cloud import secretmanager_v1 as api

SERVICE = "google.cloud.secretmanager.v1.SecretManagerService"
LATEST = re.compile(r"projects/(?P<project>[^/]+)/secrets/(?P<name>[A-Za-z0-9_-]+)/versions/latest")


@dataclass
class SecretManagerServer:
    """One project's secrets. `faults` are the statuses of the next calls, in place of an answer.

    `damaged` sends another checksum than the payload's, `unsummed` none; `wait` delays each call
    by seconds.
    """

    project: str
    versions: dict[str, list[bytes | None]] = field(default_factory=dict)  # None: destroyed
    faults: list[grpc.StatusCode] = field(default_factory=list)
    damaged: bool = False
    unsummed: bool = False
    wait: float = 0.0
    calls: list[str] = field(default_factory=list)
    address: str = ""

    def start(self) -> SecretManagerServer:
        request, answer = api.AccessSecretVersionRequest, api.AccessSecretVersionResponse
        handler = grpc.unary_unary_rpc_method_handler(
            self._access, request.deserialize, answer.serialize
        )
        self._server = grpc.server(ThreadPoolExecutor(8))
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(SERVICE, {"AccessSecretVersion": handler}),)
        )
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        return self

    def close(self) -> None:
        self._server.stop(None).wait()

    def add(self, name: str, version: bytes | None) -> None:
        self.versions.setdefault(name, []).append(version)

    def _access(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.calls.append(request.name)
        time.sleep(self.wait)
        if self.faults:
            context.abort(self.faults.pop(0), f"no: {request.name}")
        place = LATEST.fullmatch(request.name)
        if place is None or place["project"] != self.project:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"no such place: {request.name}")
        versions = self.versions.get(place["name"])
        if not versions:
            context.abort(grpc.StatusCode.NOT_FOUND, f"Secret [{request.name}] not found")
        if versions[-1] is None:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "is in DESTROYED state")
        return self._answer(request.name, versions[-1])

    def _answer(self, name: str, data: bytes) -> Any:
        payload = api.SecretPayload(data=data)
        if not self.unsummed:
            payload.data_crc32c = google_crc32c.value(data) ^ int(self.damaged)
        return api.AccessSecretVersionResponse(name=name, payload=payload)
