"""The google provider's schema, read from the language bindings that are generated from it.

The wheel of cdktn-provider-google holds one JavaScript class for each block of each resource, and
over every field a comment that says whether it is computed, optional or required; the TypeScript
next to it quotes the values that an argument may take. From both comes the shape that
`terraform providers schema -json` prints, for the types asked for.
"""

from __future__ import annotations

import io
import json
import re
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

Node = dict[str, Any]

_CLASS = re.compile(r"^class (\w+) extends \w+\.(\w+) \{$", re.M)
_FIELD = re.compile(
    r"^ +// (\w+) - computed: (true|false), optional: (true|false), required: (true|false)", re.M
)
_NESTED = re.compile(r"= new (?:\w+\.)?(\w+)\(this, \"\w+\"(?:, (true|false))?")
_GETTER = re.compile(r"return (\w+\.Fn\.tolist\()?.*?this\.(get\w+Attribute)\(")
_ELEMENT = re.compile(r"return new (\w+)\(")
_TYPE_NAME = re.compile(r'static tfResourceType = "(\w+)"')
_INTERFACE = re.compile(r"^export interface (\w+)", re.M)
_POSSIBLE = re.compile(r"Possible values: (\[\"[^]]*\"\])(?:(?!\*/).)*?#(\w+) \w+#\w+\}", re.S)

_SIMPLE = {
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
}
_MANY = {"getListAttribute": "string", "getNumberListAttribute": "number"}
_MAPS = {"StringMap": "string", "NumberMap": "number", "BooleanMap": "bool"}
_KINDS = {"TerraformResource": "resource", "TerraformDataSource": "data"}


@dataclass(frozen=True)
class Folder:
    """The generated code of one resource, data source or of the provider itself."""

    code: str
    declarations: str

    @cached_property
    def classes(self) -> Mapping[str, tuple[str, str]]:
        """Name → its parent class and its body."""
        return {match[1]: (match[2], body) for match, body in _sections(_CLASS, self.code)}

    @cached_property
    def possible(self) -> Mapping[str, Mapping[str, list[str]]]:
        """Interface → argument → the values it may take, where the documentation lists them."""
        parts = _INTERFACE.split(self.declarations)
        listed: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for interface, body in zip(parts[1::2], parts[2::2], strict=True):
            for values, argument in _POSSIBLE.findall(body):
                listed[interface][argument] = json.loads(values)
        return listed

    def block(self, name: str, *, top: bool = False) -> Node:
        """The block that a class stands for."""
        interface = f"{name}Config" if top else name.removesuffix("OutputReference")
        values = self.possible.get(interface, {})
        attributes: Node = {}
        blocks: Node = {}
        for field, flags, text in _fields(self.classes[name][1]):
            nested = _NESTED.search(text)
            if nested and nested[1] not in _MAPS and not nested[1].endswith("MapList"):
                blocks[field] = self._nested(nested[1], nested[2] == "true", flags)
            else:
                attributes[field] = {"type": _type(nested, text), **flags}
                if field in values:
                    attributes[field]["possible"] = values[field]
        if top and "timeouts" in blocks:
            blocks["timeouts"] = {"nesting_mode": "single", "block": blocks["timeouts"]["block"]}
        results = {f: b for f, b in blocks.items() if b.pop("only_computed", False)}
        attributes |= {f: {"type": _object(b), "computed": True} for f, b in results.items()}
        return {
            "attributes": attributes,
            "block_types": {f: b for f, b in blocks.items() if f not in results},
        }

    def _nested(self, name: str, is_set: bool, flags: Node) -> Node:
        node: Node = {"nesting_mode": "set" if is_set else "list"}
        if name.endswith("OutputReference"):
            node |= {"block": self.block(name), "max_items": 1}
        else:
            element = _ELEMENT.search(self.classes[name][1])
            node["block"] = self.block(element[1]) if element else {}
        if flags.get("required"):
            node["min_items"] = 1
        if set(flags) == {"computed"}:
            node["only_computed"] = True
        return node

    def schema(self) -> tuple[str, Node] | None:
        """`resource.google_x` (`data.google_x`, `provider`) and its schema."""
        for name, (parent, body) in self.classes.items():
            if parent == "TerraformProvider":
                return "provider", {"block": self.block(name, top=True)}
            if parent in _KINDS:
                kind = _TYPE_NAME.search(body)
                if kind:
                    found = f"{_KINDS[parent]}.{kind[1]}"
                    return found, {"block": self.block(name, top=True)}
        return None


def _sections(opening: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Every match with the text up to the next one."""
    found = list(opening.finditer(text))
    for match, following in zip_longest(found, found[1:]):
        yield match, text[match.end() : following.start() if following else len(text)]


def _fields(body: str) -> Iterator[tuple[str, Node, str]]:
    for match, text in _sections(_FIELD, body):
        named = zip(("computed", "optional", "required"), match.groups()[1:], strict=True)
        yield match[1], {key: True for key, said in named if said == "true"}, text


def _type(nested: re.Match[str] | None, text: str) -> Any:
    if nested:
        kind = nested[1]
        if kind.endswith("MapList"):
            return ["list", ["map", _MAPS.get(kind.removesuffix("List"), "dynamic")]]
        return ["map", _MAPS[kind]]
    getter = _GETTER.search(text)
    if getter and getter[2] in _MANY:
        return ["set" if getter[1] else "list", _MANY[getter[2]]]
    return _SIMPLE.get(getter[2], "dynamic") if getter else "dynamic"


def _object(node: Node) -> Any:
    block = node["block"]
    fields = {name: attribute["type"] for name, attribute in block["attributes"].items()}
    fields |= {name: _object(inner) for name, inner in block["block_types"].items()}
    return [node["nesting_mode"], ["object", fields]]


def folder_of(kind: str) -> str:
    """Where a type's code lies: `resource.google_pubsub_topic` → `pubsub-topic`."""
    where, _, name = kind.partition(".")
    if where == "provider":
        return where
    words = name if where == "data" else name.removeprefix("google_")
    return ("data-" if where == "data" else "") + words.replace("_", "-")


def read(wheel: Path, kinds: Iterable[str]) -> dict[str, Node]:
    """Schemas of `provider`, `resource.google_x`, `data.google_x`; what is unknown is left out."""
    wanted = {folder_of(kind) for kind in kinds}
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    with zipfile.ZipFile(wheel) as archive:
        inner = next(name for name in archive.namelist() if name.endswith(".jsii.tgz"))
        packed = io.BytesIO(archive.read(inner))
    with tarfile.open(fileobj=packed, mode="r|gz") as members:
        for member in members:
            parts = member.name.split("/")
            if len(parts) > 3 and parts[2] in wanted and (file := members.extractfile(member)):
                ending = ".d.ts" if member.name.endswith(".d.ts") else Path(member.name).suffix
                texts[parts[2], ending].append(file.read().decode())
    folders = (Folder("\n".join(texts[f, ".js"]), "\n".join(texts[f, ".d.ts"])) for f in wanted)
    return dict(found for folder in folders if (found := folder.schema()))


def provider_version(wheel: Path) -> str:
    """The provider's version that the bindings were generated from."""
    with zipfile.ZipFile(wheel) as archive:
        about = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said = re.search(r"provider version (\d+\.\d+\.\d+)", archive.read(about).decode())
    if said is None:
        raise ValueError(f"{wheel.name} does not say which provider version it was made from")
    return said[1]
