"""A provider that has a schema and no cloud: Terraform's plugin protocol 6 over a unix socket.

usage: serve.py SCHEMA.json — started by Terraform alone, from the plugin folder.

It accepts every configuration that fits the schema and the listed values of its arguments, and
plans what was written. A computed text becomes a stand-in that says what it is, such as
`google_service_account.aims-push.email`, so that a plan shows who refers to whom. It creates
nothing and keeps nothing.
"""

# ruff: noqa: N802 (the protocol names the methods)

from __future__ import annotations

import base64
import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import msgpack
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tf.gen import grpc_controller_pb2 as control
from tf.gen import grpc_controller_pb2_grpc as control_rpc
from tf.gen import grpc_stdio_pb2_grpc as stdio_rpc
from tf.gen import tfplugin_pb2 as plugin
from tf.gen import tfplugin_pb2_grpc as plugin_rpc

Node = dict[str, Any]

UNKNOWN = msgpack.ExtType(0, b"\x00")
NAMES = ("name", "account_id", "table_id", "dataset_id", "secret_id", "repository_id", "id")
LARGEST = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]


def _block(node: Node) -> plugin.Schema.Block:
    return plugin.Schema.Block(
        attributes=[
            plugin.Schema.Attribute(
                name=name,
                type=json.dumps(attribute["type"]).encode(),
                required=attribute.get("required", False),
                optional=attribute.get("optional", False),
                computed=attribute.get("computed", False),
            )
            for name, attribute in node["attributes"].items()
        ],
        block_types=[
            plugin.Schema.NestedBlock(
                type_name=name,
                block=_block(inner["block"]),
                nesting=inner["nesting_mode"].upper(),
                min_items=inner.get("min_items", 0),
                max_items=inner.get("max_items", 0),
            )
            for name, inner in node["block_types"].items()
        ],
    )


def _schema(node: Node) -> plugin.Schema:
    return plugin.Schema(block=_block(node["block"]))


def _decoded(value: plugin.DynamicValue) -> Any:
    return msgpack.unpackb(value.msgpack, strict_map_key=False)


def _encoded(value: Any) -> plugin.DynamicValue:
    return plugin.DynamicValue(msgpack=msgpack.packb(value))


def _foreign(node: Node, value: Any, where: str) -> Iterator[str]:
    """Where an argument has a value that its documentation does not list."""
    for name, attribute in node["attributes"].items():
        given = value.get(name)
        if isinstance(given, str) and given not in attribute.get("possible", [given]):
            yield f"{where}{name} is one of {', '.join(attribute['possible'])}; not {given!r}"
    for name, inner in node["block_types"].items():
        found = value.get(name)
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict):
                yield from _foreign(inner["block"], one, f"{where}{name}.")


class Provider(plugin_rpc.ProviderServicer):
    """Answers Terraform's questions from the schema alone."""

    def __init__(self, schemas: Node) -> None:
        self.provider = schemas.pop("provider")
        kinds = {kind.partition(".")[::2]: node for kind, node in schemas.items()}
        self.resources = {name: node for (where, name), node in kinds.items() if where != "data"}
        self.sources = {name: node for (where, name), node in kinds.items() if where == "data"}

    def GetProviderSchema(self, request, context):
        return plugin.GetProviderSchema.Response(
            provider=_schema(self.provider),
            resource_schemas={name: _schema(node) for name, node in self.resources.items()},
            data_source_schemas={name: _schema(node) for name, node in self.sources.items()},
        )

    def ValidateProviderConfig(self, request, context):
        return plugin.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request, context):
        block = self.resources[request.type_name]["block"]
        return plugin.ValidateResourceConfig.Response(
            diagnostics=[
                plugin.Diagnostic(severity="ERROR", summary="Value not listed", detail=text)
                for text in _foreign(block, _decoded(request.config), "")
            ]
        )

    def ValidateDataResourceConfig(self, request, context):
        return plugin.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request, context):
        return plugin.ConfigureProvider.Response()

    def UpgradeResourceState(self, request, context):
        """What a state holds, and nothing for what it leaves out."""
        block = self.resources[request.type_name]["block"]
        empty = dict.fromkeys(block["attributes"]) | {name: [] for name in block["block_types"]}
        held = empty | json.loads(request.raw_state.json)
        return plugin.UpgradeResourceState.Response(upgraded_state=_encoded(held))

    def PlanResourceChange(self, request, context):
        planned = _decoded(request.proposed_new_state)
        if planned is not None and _decoded(request.prior_state) is None:
            _fill(request.type_name, planned, self.resources[request.type_name]["block"])
        return plugin.PlanResourceChange.Response(planned_state=_encoded(planned))

    def ReadDataSource(self, request, context):
        state = _decoded(request.config)
        _fill(request.type_name, state, self.sources[request.type_name]["block"])
        state = {name: None if value == UNKNOWN else value for name, value in state.items()}
        return plugin.ReadDataSource.Response(state=_encoded(state))

    def StopProvider(self, request, context):
        return plugin.StopProvider.Response()

    def GetFunctions(self, request, context):
        return plugin.GetFunctions.Response()


def _fill(kind: str, state: Node, block: Node) -> None:
    known = (state.get(name) for name in NAMES)
    label = next((name for name in known if isinstance(name, str)), "this")
    for name, attribute in block["attributes"].items():
        if attribute.get("computed") and state.get(name) is None:
            is_text = attribute["type"] == "string"
            state[name] = f"{kind}.{label}.{name}" if is_text else UNKNOWN


class Control(control_rpc.GRPCControllerServicer):
    """Ends the process when Terraform says so."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def Shutdown(self, request, context):
        self.ended.set()
        return control.Empty()


class Output(stdio_rpc.GRPCStdioServicer):
    """Terraform asks for the plugin's output; there is none."""

    def StreamStdio(self, request, context):
        return iter(())


def _certificate() -> tuple[bytes, grpc.ServerCredentials]:
    """A fresh certificate: its DER form for Terraform, and what the server speaks with."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = signed.public_bytes(serialization.Encoding.PEM)
    spoken = grpc.ssl_server_credentials([(private, public)])
    return signed.public_bytes(serialization.Encoding.DER), spoken


def main(schema: Path) -> None:
    """Serve until Terraform ends the process."""
    server = grpc.server(ThreadPoolExecutor(8), options=LARGEST)
    controller = Control()
    plugin_rpc.add_ProviderServicer_to_server(Provider(json.loads(schema.read_bytes())), server)
    control_rpc.add_GRPCControllerServicer_to_server(controller, server)
    stdio_rpc.add_GRPCStdioServicer_to_server(Output(), server)
    certificate, credentials = _certificate()
    with tempfile.TemporaryDirectory(prefix="aims-provider-") as folder:
        socket = f"{folder}/socket"
        server.add_secure_port(f"unix://{socket}", credentials)
        server.start()
        shown = base64.b64encode(certificate).decode().rstrip("=")
        print("1", "6", "unix", socket, "grpc", shown, sep="|", flush=True)
        controller.ended.wait()
        server.stop(grace=1).wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
