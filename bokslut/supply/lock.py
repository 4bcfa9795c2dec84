"""Read a lock file as `make lock` writes it: one pinned package a block, its hashes and who wants it.

What is not of that form is refused, so that nothing locked is left out in silence: an address, an option, a package
without version or hash. No package index is asked and nothing is installed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# the words of `uv pip compile --generate-hashes`: https://docs.astral.sh/uv/pip/compile/
_HASH = re.compile(r"    --hash=(?P<hash>sha256:[0-9a-f]{64})( \\)?")
_WANTED = re.compile(r"    # (?:via|(?:via |  )(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?(?: \([^)]*\))?)")


class LockError(ValueError):
    """A line that is not of a lock file; the text names the line and says what to do."""


@dataclass(frozen=True)
class Locked:
    """One locked package.

    name: normalised (PEP 503). version: as written. hashes: `sha256:` and 64 hexadecimal digits, one for each file that
    may be installed. marker: where it applies (PEP 508), or None for everywhere. extras: normalised names.
    required_by: the normalised names of what wants it, the project itself among them.
    """

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: str | None = None
    extras: tuple[str, ...] = ()
    required_by: tuple[str, ...] = ()

    @property
    def pinned(self) -> str:
        """The package and its version as one word, `name==version`."""
        return f"{self.name}=={self.version}"


def parse_lock(text: str) -> tuple[Locked, ...]:
    """Return every package of a lock file, in its order. Raises LockError for what is not of that form.

    A name may stand twice with different versions and markers, but never twice with one version.
    """
    blocks: list[list[tuple[int, str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(" ") and blocks:
            blocks[-1].append((number, line))
        elif line.strip():
            blocks.append([(number, line)])
    locked = tuple(_package(block) for block in blocks)
    seen: set[str] = set()
    for package in locked:
        if package.pinned in seen:
            raise LockError(f"{package.pinned} stands twice - run make lock")
        seen.add(package.pinned)
    return locked


def layers(locked: Sequence[Locked]) -> tuple[tuple[Locked, ...], ...]:
    """Deal the packages into as few groups as hold each name at most once, for tools that read no markers."""
    dealt: list[list[Locked]] = []
    for package in locked:
        layer = next((layer for layer in dealt if all(other.name != package.name for other in layer)), None)
        if layer is None:
            dealt.append([package])
        else:
            layer.append(package)
    return tuple(tuple(layer) for layer in dealt)


def without_markers(locked: Sequence[Locked]) -> str:
    """Return a lock file of these packages that applies everywhere: name, version and hashes."""
    return "".join(" \\\n    ".join((p.pinned, *(f"--hash={digest}" for digest in p.hashes))) + "\n" for p in locked)


def _package(block: Sequence[tuple[int, str]]) -> Locked:
    (first, head), *rest = block
    requirement = _requirement(first, head)
    (pin,) = requirement.specifier
    hashes, required_by = [], []
    for number, line in rest:
        if match := _HASH.fullmatch(line):
            hashes.append(match["hash"])
        elif match := _WANTED.fullmatch(line):
            required_by += [canonicalize_name(match["name"])] if match["name"] else []
        else:
            raise LockError(
                f"line {number}: {line.strip()!r} is neither a sha256 hash nor who wants the package - run make lock"
            )
    if not hashes:
        raise LockError(f"line {first}: {requirement.name} has no hash - run make lock")
    return Locked(
        name=canonicalize_name(requirement.name),
        version=pin.version,
        hashes=tuple(hashes),
        marker=str(requirement.marker) if requirement.marker else None,
        extras=tuple(sorted(canonicalize_name(extra) for extra in requirement.extras)),
        required_by=tuple(required_by),
    )


def _requirement(number: int, head: str) -> Requirement:
    try:
        requirement = Requirement(head.removesuffix("\\"))
    except InvalidRequirement:
        raise LockError(f"line {number}: {head!r} is not a locked package - run make lock") from None
    pins = list(requirement.specifier)
    if len(pins) != 1 or pins[0].operator != "==" or pins[0].version.endswith("*"):
        raise LockError(f"line {number}: {requirement.name} is not pinned to one version - run make lock")
    return requirement
