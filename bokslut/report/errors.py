"""What a user is told when a report cannot be made, without what makes reports: that takes half a second to load."""

from __future__ import annotations


class ReportError(Exception):
    """The report cannot be made; the message is one line that says what to do."""


class LineageError(ReportError):
    """The manifest or a seed cannot be read."""


class SidecarError(ReportError):
    """A file does not print what the report says; the message names the figure."""


class PdfError(ReportError):
    """The PDF cannot be made; the message is of Typst, on one line."""


class WordError(ReportError):
    """The Word file cannot be made."""


ERRORS = (ReportError,)
