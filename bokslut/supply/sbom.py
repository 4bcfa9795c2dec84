"""Write what is locked as a CycloneDX SBOM (JSON, version 1.6). Run as `python -m`, with the Python of .venv-supply.

The lock file says what is in it: packages, versions, hashes, markers, who wants whom. The metadata of what is installed
says the licences and nothing else. There is no clock, chance, address or path in it, so the same lock gives the
same bytes. Files inside a package (compiled libraries, fonts) and Python itself are not listed.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tomllib
from collections.abc import Mapping, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseAcknowledgement
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from packageurl import PackageURL
from packaging.utils import canonicalize_name

from bokslut.supply.lock import Locked, parse_lock

# longer is the text of a licence, not its name
NAME_LENGTH = 100


def compose(locked: Sequence[Locked], project: tuple[str, str], installed: Mapping[str, Distribution]) -> str:
    """Return the SBOM as JSON text.

    locked: what a lock file holds. project: its name and version. installed: `name==version` -> what is installed, from
    which a licence is read where the metadata says one. The serial number is derived from the content (UUID version 5).
    """
    name, version = project
    root = Component(type=ComponentType.APPLICATION, name=name, version=version, bom_ref=name)
    components = {package: _component(package, installed.get(package.pinned)) for package in locked}
    bom = Bom(components=components.values())
    bom.metadata.component = root
    for wanting, component in ((canonicalize_name(name), root), *((p.name, c) for p, c in components.items())):
        bom.register_dependency(component, [c for p, c in components.items() if wanting in p.required_by])
    # the library wants a time and a serial number; its own --output-reproducible takes them out in the same way
    bom.metadata.timestamp = None
    bom.serial_number = None
    bom.serial_number = uuid5(NAMESPACE_OID, _text(bom))
    return _text(bom)


def licences(metadata: Distribution) -> tuple[License, ...]:
    """Return the licences that the metadata of a package declares, maybe none.

    In order: License-Expression (PEP 639), License if it is an SPDX name, the classifiers, License if it is short.
    What is not an SPDX name stays as it is written.
    """
    fields = metadata.metadata
    stated = [*fields.get_all("License-Expression", []), *fields.get_all("License", [])]
    short = [text for text in stated if text and len(text) <= NAME_LENGTH]
    declared = [_licence(text) for text in short if "\n" not in text and "::" not in text]
    known = [licence for licence in declared if not (isinstance(licence, DisjunctiveLicense) and licence.name)]
    if known:
        return (known[0],)
    classifiers = sorted(c for c in fields.get_all("Classifier", []) if c.startswith("License :: "))
    named = [c.rsplit(" :: ", 1)[1] for c in classifiers if c != "License :: OSI Approved"]
    return tuple(_licence(text) for text in named) or tuple(declared[:1])


def main(arguments: Sequence[str]) -> int:
    """Write the SBOM of one lock file and say what is in it. Exit 2, with a reason, if it cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m bokslut.supply.sbom", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("lock", type=Path, help="a lock file as make lock writes it")
    parser.add_argument("output", type=Path, help="the file to write")
    parser.add_argument(
        "--installed", type=Path, required=True, help="folder of the installed packages (site-packages)"
    )
    parser.add_argument("--project", type=Path, default=Path("pyproject.toml"), help="where name and version stand")
    given = parser.parse_args(arguments)
    try:
        project = tomllib.loads(given.project.read_text(encoding="utf-8"))["project"]
        locked = parse_lock(given.lock.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError) as error:
        print(f"{given.lock}, {given.project}: {error} - no SBOM was written", file=sys.stderr)
        return 2
    found = distributions(path=[str(given.installed)])
    installed = {f"{canonicalize_name(metadata.name)}=={metadata.version}": metadata for metadata in found}
    text = compose(locked, (project["name"], project["version"]), installed)
    wrong = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6).validate_str(text)
    if wrong is not None:
        print(f"{given.output}: not valid CycloneDX 1.6 ({wrong}) - no SBOM was written", file=sys.stderr)
        return 2
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_text(text, encoding="utf-8", newline="\n")
    here = [package for package in locked if package.pinned in installed]
    licensed = [package for package in here if licences(installed[package.pinned])]
    print(f"SBOM:      {given.output} (CycloneDX 1.6), {len(locked)} locked packages in it")
    print(f"Installed: {len(here)} of them here, {len(licensed)} of these with a licence in their metadata")
    for package in locked:
        if package not in here:
            where = f"locked for {package.marker}" if package.marker else "locked for every machine: run make build"
            print(f"  not installed here: {package.name} {package.version}, {where}")
    return 0


def _component(package: Locked, metadata: Distribution | None) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(purl.to_string()),
        comment="one of these files is what is installed",
        hashes=[HashTypeFactory().from_composite_str(digest) for digest in package.hashes],
    )
    markers = [Property(name="bokslut:marker", value=package.marker)] if package.marker else []
    return Component(
        type=ComponentType.LIBRARY,
        name=package.name,
        version=package.version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=licences(metadata) if metadata else (),
        external_references=[files],
        properties=[*markers, *(Property(name="bokslut:extra", value=extra) for extra in package.extras)],
    )


def _licence(text: str) -> License:
    return LicenseFactory().make_from_string(text, license_acknowledgement=LicenseAcknowledgement.DECLARED)


def _text(bom: Bom) -> str:
    return str(make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)) + "\n"


if __name__ == "__main__":
    # a reader that has seen enough (head, less) ends this without a traceback, and not as one of the exit codes above
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
