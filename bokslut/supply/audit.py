"""Ask pip-audit what is known against each locked package, and say what was not answered. Run as `python -m`.

pip-audit ends with 0 where its database knew nothing of a package, and with 1 both for a vulnerability and for a lost
connection. So its exit code is not believed: its JSON is held against the lock, package by package, and a package
without an answer of its own is not audited. Nothing is installed and no lock file is changed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from bokslut.supply.lock import Locked, LockError, layers, parse_lock, without_markers

WIDTH = 110
NAMED = 10  # packages named under one reason; the rest are counted
SECONDS = 900

# what asks: packages with different names -> pip-audit's JSON; raises AuditError where there is none
Ask = Callable[[Sequence[Locked]], str]


class AuditError(RuntimeError):
    """pip-audit gave no answer; the text is one line that says why."""


@dataclass(frozen=True)
class Finding:
    """One known vulnerability of one locked package. fixed_in: versions without it, maybe none."""

    package: Locked
    identifier: str
    fixed_in: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What is known of a lock file.

    locked: every package. findings: what is known against them. unaudited: those not answered, each with its reason.
    """

    locked: tuple[Locked, ...]
    findings: tuple[Finding, ...]
    unaudited: tuple[tuple[Locked, str], ...]

    @property
    def audited(self) -> int:
        """How many packages have an answer of their own."""
        return len(self.locked) - len(self.unaudited)

    @property
    def exit_code(self) -> int:
        """0: all audited, nothing known. 1: a vulnerability. 2: none found, but not all audited, or nothing locked."""
        if self.findings:
            return 1
        return 2 if self.unaudited or not self.locked else 0


def judge(asked: Sequence[Locked], answer: str) -> Verdict:
    """Hold pip-audit's answer (`--format json`) against the packages that it was asked about, of different names.

    Audited is a package that stands once in the answer, in the locked version, with a list of vulnerabilities (maybe an
    empty one) and no skip_reason. Raises AuditError if the answer is not of pip-audit's form.
    Source: pip-audit 2.10, its JSON format.
    """
    try:
        dependencies = json.loads(answer)["dependencies"]
        given = [(str(dependency["name"]), dependency) for dependency in dependencies]
    except (ValueError, KeyError, TypeError):
        raise AuditError("pip-audit's answer is not in its form") from None
    findings: list[Finding] = []
    unaudited: list[tuple[Locked, str]] = []
    for package in asked:
        own = [dependency for name, dependency in given if name == package.name]
        reason = _reason(package, own)
        if reason:
            unaudited.append((package, reason))
        else:
            findings += [_finding(package, vulnerability) for vulnerability in own[0]["vulns"]]
    return Verdict(tuple(asked), tuple(findings), tuple(unaudited))


def audit(locked: Sequence[Locked], ask: Ask) -> Verdict:
    """Ask about every locked package, whatever its marker, and return the verdict on all. No answer is no audit."""
    findings: list[Finding] = []
    unaudited: list[tuple[Locked, str]] = []
    for layer in layers(locked):
        try:
            verdict = judge(layer, ask(layer))
        except AuditError as error:
            unaudited += [(package, str(error)) for package in layer]
        else:
            findings += verdict.findings
            unaudited += verdict.unaudited
    return Verdict(tuple(locked), tuple(findings), tuple(unaudited))


def ask_pip_audit(asked: Sequence[Locked]) -> str:
    """Run pip-audit of this Python on these packages and return its JSON. Raises AuditError if it does not give any.

    Settings in the environment (PIP_AUDIT_...) and earlier answers in pip's cache are not used, since both could hide a
    vulnerability.
    """
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PIP_AUDIT_")}
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "requirements.txt"
        lock.write_text(without_markers(asked), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--requirement", str(lock)]
        command += ["--format", "json", "--progress-spinner", "off", "--cache-dir", str(Path(folder) / "cache")]
        try:
            run = subprocess.run(  # noqa: S603
                command,
                env=settings,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise AuditError(f"pip-audit had not ended after {SECONDS} seconds") from None
    if run.returncode not in (0, 1) or not run.stdout.strip():
        said = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise AuditError(f"pip-audit failed: {said}")
    return run.stdout


def render(verdict: Verdict, name: str) -> str:
    """Return the verdict on the lock file of that name as text of a screen; long reasons and lists of names are cut."""
    findings, unaudited = verdict.findings, verdict.unaudited
    lines = [
        f"Locked:      {_packages(len(verdict.locked))} in {name}",
        f"Audited:     {_packages(verdict.audited)}",
        f"Vulnerable:  {_packages(len({finding.package for finding in findings}))}",
    ]
    for finding in findings:
        fixed = ", ".join(finding.fixed_in) or "no version yet"
        lines.append(f"  {finding.package.name} {finding.package.version}: {finding.identifier}, fixed in {fixed}")
    lines.append(f"Not audited: {_packages(len(unaudited))}")
    for reason in dict.fromkeys(reason for _, reason in unaudited):
        packages = [package for package, why in unaudited if why == reason]
        lines.append("  " + textwrap.shorten(f"{len(packages)} because: {reason}", WIDTH, placeholder=" ..."))
        names = ", ".join(f"{package.name} {package.version}" for package in packages[:NAMED])
        more = f" and {len(packages) - NAMED} more" if len(packages) > NAMED else ""
        lines += textwrap.wrap(names + more, WIDTH, initial_indent="    ", subsequent_indent="    ")
    return "\n".join([*lines, *_advice(verdict)])


def main(arguments: Sequence[str], ask: Ask = ask_pip_audit) -> int:
    """Audit one lock file, print the verdict and return its exit code; 2 also for a lock file that cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m bokslut.supply.audit", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("lock", type=Path, help="a lock file as make lock writes it")
    path = parser.parse_args(arguments).lock
    try:
        locked = parse_lock(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(
            f"{path}: {error if isinstance(error, LockError) else 'cannot be read'} - nothing was audited",
            file=sys.stderr,
        )
        return 2
    verdict = audit(locked, ask)
    print(render(verdict, path.name))
    return verdict.exit_code


def _reason(package: Locked, own: Sequence[Mapping[str, Any]]) -> str | None:
    """Why a package is not audited, given what the answer says under its name; None if it is."""
    if len(own) != 1:
        return f"it stands {len(own)} times in pip-audit's answer" if own else "it is not in pip-audit's answer"
    (answer,) = own
    if "skip_reason" in answer:
        # the same reason for each package, without its name
        return str(answer["skip_reason"]).removesuffix(f": {package.name} ({package.version})") or "no reason given"
    if not _same_version(package.version, str(answer.get("version"))):
        return f"pip-audit answered for version {answer.get('version')}"
    vulnerabilities = answer.get("vulns")
    if not isinstance(vulnerabilities, list) or not all(isinstance(v, dict) and v.get("id") for v in vulnerabilities):
        return "pip-audit's answer for it is not in its form"
    return None


def _same_version(one: str, other: str) -> bool:
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return one == other


def _finding(package: Locked, vulnerability: Mapping[str, Any]) -> Finding:
    return Finding(package, str(vulnerability["id"]), tuple(str(v) for v in vulnerability.get("fix_versions") or ()))


def _packages(count: int) -> str:
    return f"{count} package" if count == 1 else f"{count} packages"


def _advice(verdict: Verdict) -> list[str]:
    if not verdict.locked:
        return ["Failed:      nothing is locked - run make lock"]
    lines = []
    if verdict.findings:
        lines.append(
            "Failed:      a vulnerability is known - run make lock for newer versions, make test, and make audit again"
        )
    if verdict.unaudited:
        lines += [
            "Failed:      of what was not audited nothing is known; that is not the same as not vulnerable",
            "Next:        run make audit where PyPI's vulnerability data can be reached: a network without the block,",
            "             or with the proxy's address in HTTPS_PROXY. A mirror of packages alone does not have it",
        ]
    return lines or ["Passed:      every locked package was audited, and nothing is known against any"]


if __name__ == "__main__":
    # a reader that has seen enough (head, less) ends this without a traceback, and not as one of the exit codes above
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
