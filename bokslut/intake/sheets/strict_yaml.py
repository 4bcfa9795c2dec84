"""A small YAML file, read strictly: each scalar as the text that stands there, and each key and value known.

A value is never guessed at (YAML itself reads 0012 as a number and no as false). Meaning is not known here.
"""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from bokslut.intake.findings import Finding, RefusedError

LARGEST = 100_000
SEE = "see docs/profiles.md"


class Reader:
    """Reads the nodes of one file and keeps what is wrong with them in findings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def root(self) -> yaml.Node:
        """The file's mapping. Raises RefusedError where it is missing, too large, not text, not YAML or empty."""
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise RefusedError([Finding(self.path, f"cannot be read ({error.strerror})", "check its name")]) from error
        try:
            if len(data) > LARGEST:
                raise RefusedError([Finding(self.path, f"more than {LARGEST} bytes", "a profile is a small file")])
            node = yaml.compose(_decoded(data), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            raise RefusedError(
                [Finding(self.path, "not UTF-8 (nor UTF-16 with its mark in front)", "save it as UTF-8")]
            ) from error
        except (yaml.YAMLError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "it cannot be read"
            line = mark.line + 1 if mark else None
            raise RefusedError([Finding(self.path, f"not YAML: {problem}", SEE, line)]) from error
        if not isinstance(node, yaml.MappingNode):
            raise RefusedError([Finding(self.path, "holds no keys", f"write a profile; {SEE}")])
        return node

    def refuse(self, node: yaml.Node, key: str, what: str, do: str = SEE, value: str | None = None) -> None:
        """Keep a finding at the line of a node."""
        self.findings.append(Finding(self.path, what, do, node.start_mark.line + 1, key or None, value))

    def mapping(self, node: yaml.Node, key: str, allowed: Sequence[str] | None = None) -> dict[str, yaml.Node]:
        """The keys of a mapping; unknown ones (if allowed is given), repeated ones and empty ones are refused."""
        if not isinstance(node, yaml.MappingNode):
            self.refuse(node, key, "a list of keys and values is expected here")
            return {}
        found: dict[str, yaml.Node] = {}
        for name_node, value in node.value:
            name = name_node.value if isinstance(name_node, yaml.ScalarNode) else ""
            if allowed is not None and name not in allowed:
                self.refuse(name_node, key, "is not a key of it" if key else "is not a key", near(name, allowed), name)
            elif name in found:
                self.refuse(name_node, key, "stands twice", "keep one of them", name)
            else:
                found[name] = value
        return found

    def items(self, node: yaml.Node, key: str) -> list[yaml.Node]:
        """The items of a list."""
        if not isinstance(node, yaml.SequenceNode):
            self.refuse(node, key, "a list is expected here", f"write [ ... ]; {SEE}")
            return []
        return list(node.value)

    def text(self, node: yaml.Node, key: str) -> str:
        """A scalar as it stands; an empty one that is not quoted is refused."""
        if not isinstance(node, yaml.ScalarNode) or (node.style is None and node.value in ("", "~", "null")):
            self.refuse(node, key, "one value is expected here")
            return ""
        return str(node.value)

    def choice(self, node: yaml.Node, key: str, allowed: Sequence[str]) -> str:
        """One of the allowed values; the first of them stands in for a refused one."""
        value = self.text(node, key)
        if value not in allowed:
            self.refuse(node, key, f"expected {_listed(allowed)}", near(value, allowed), value)
            return allowed[0]
        return value

    def choices(self, node: yaml.Node, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """A list of allowed values, each once."""
        found = [self.choice(item, key, allowed) for item in self.items(node, key)]
        if len(set(found)) < len(found):
            self.refuse(node, key, "holds a value twice", "keep one of them")
        return tuple(found)

    def whole(self, node: yaml.Node, key: str, lowest: int, highest: int) -> int:
        """A whole number between two others."""
        value = self.text(node, key)
        if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
            self.refuse(node, key, f"expected a whole number from {lowest} to {highest}", SEE, value)
            return lowest
        return int(value)

    def texts(self, node: yaml.Node, key: str) -> Mapping[str, str]:
        """A mapping of texts to texts."""
        return {name: self.text(value, f"{key}: {name}") for name, value in self.mapping(node, key).items()}


def _decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 where it begins with its byte order mark, as PowerShell's > writes it."""
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if is_utf16 else "utf-8-sig")


def near(value: str, allowed: Sequence[str]) -> str:
    """What to do about a name that is not known: the one it resembles most, or all of them."""
    close = closest(value, allowed)
    return f"did you mean {close}?" if close else f"use one of {_listed(allowed)}"


def closest(value: str, names: Sequence[str]) -> str | None:
    """The name that a value resembles most, whatever their case; None where it resembles none."""
    lowered = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(value.casefold(), list(lowered), n=1, cutoff=0.6)
    return lowered[close[0]] if close else None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
