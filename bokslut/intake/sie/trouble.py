"""What is wrong with a SIE file, gathered until the file is read, so that all of it can be told at once."""

from __future__ import annotations

from pathlib import Path

from bokslut.intake.findings import Finding, RefusedError

MOST_FINDINGS = 1_000


class FieldError(ValueError):
    """A record or one of its fields is not as the specification wants it.

    what: what was found or expected. value: the field's text. field: the field's name, where one is at fault.
    """

    def __init__(self, what: str, value: str | None = None, field: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.value = value
        self.field = field


class Trouble:
    """The findings of one file. At MOST_FINDINGS the reading stops: it is another thing than a SIE file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def add(
        self, what: str, do: str, line: int | None = None, column: str | None = None, value: str | None = None
    ) -> None:
        """Note one finding. Raises RefusedError with all of them when there are too many to go on."""
        self.findings.append(Finding(self.path, what, do, line, column, value))
        if len(self.findings) >= MOST_FINDINGS:
            self.refuse()

    def field(self, error: FieldError, line: int, label: str) -> None:
        """Note that a record's field is wrong; label: the record's label."""
        column = f"{label} {error.field}" if error.field else label
        self.add(error.what, "correct it in the ledger and export the file again", line, column, error.value)

    def refuse(self) -> None:
        """Raise RefusedError with the findings in the order of lines; nothing happens when there are none."""
        if self.findings:
            raise RefusedError(sorted(self.findings, key=lambda finding: finding.line or 0))
