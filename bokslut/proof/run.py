"""Run a proof or a draft on files: read the document and the warehouse, then call what is pure. Nothing is written.

Errors are DocumentError, BindingError, RuleError, WarehouseError and UsageError; each is one line for people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bokslut.proof.bind import Draft, draft_bindings
from bokslut.proof.bindings import BindingError, check_binding, document_of, read_sidecar, sidecar_of
from bokslut.proof.controls import has_controls, prove_controls
from bokslut.proof.exemptions import RuleError
from bokslut.proof.prove import Proof, prove
from bokslut.proof.reader import DocumentError, read_document
from bokslut.proof.show import Subject
from bokslut.proof.warehouse import BoundDocument, WarehouseError, open_warehouse


class UsageError(Exception):
    """The command cannot be carried out as it was given."""


# the document_id of a report that was rendered from the marts: whose it is, and for which year
RENDERED = re.compile("report/(?P<organisation>[^/]+)/(?P<board>[^/]+)/(?P<year>[0-9]{4})")
ERRORS = (DocumentError, BindingError, RuleError, WarehouseError, UsageError)


def prove_file(path: Path, document_id: str | None, database: Path) -> tuple[Subject, Proof]:
    """Prove a file as one of the warehouse's documents, by its sidecar's bindings where it has one.

    The sidecar of a rendered report says itself which board and year it is of. Raises UsageError when the document is
    not known, has no bindings, or is not the one that was bound.
    """
    document = read_document(path)
    sidecar = sidecar_of(path)
    rendered = rendered_document(document_of(sidecar)) if sidecar.is_file() else None
    with open_warehouse(database) as warehouse:
        if rendered is not None and document_id in (None, rendered.document_id):
            bound = rendered
        else:
            bound = choose_document(warehouse.documents(), document_id, database)
        rules = warehouse.rules()
        if sidecar.is_file():
            source = str(sidecar)
            bindings = read_sidecar(sidecar, bound.fiscal_year)
            figures = warehouse.figures(bound)
            if bound is rendered and not figures:
                raise UsageError(f"{database} knows no figures of {bound.document_id}: another warehouse, or board?")
            declared = warehouse.declared_contradictions(bound)
            checks = {
                binding.printed_number: check_binding(
                    binding, figures.get((binding.figure_key, binding.fiscal_year or bound.fiscal_year)), declared
                )
                for binding in bindings
                if binding.figure_key is not None
            }
        else:
            source = f"of {bound.document_id} in the warehouse"
            bindings = warehouse.bindings(bound)
            checks = warehouse.checks(bound)
    if not bindings:
        raise UsageError(f"{bound.document_id} has no bindings: draft them with bokslut bind {path}")
    is_tagged = sidecar.is_file() and has_controls(document, bindings)
    proof = (prove_controls if is_tagged else prove)(document, bindings, rules, checks)
    if proof.is_other_document():
        raise UsageError(
            f"{path}: not the document that was bound as {bound.document_id} ({bound.title}) - only"
            f" {proof.telling_found} of its {proof.telling} figures stand there as they were bound; is it of another"
            " year or board?"
        )
    return Subject(str(path), bound.document_id, bound.title, source, str(database)), proof


def bind_file(path: Path, document_id: str | None, database: Path) -> Draft:
    """Draft the bindings of a file as one of the warehouse's documents. Raises UsageError for a document not known."""
    document = read_document(path)
    with open_warehouse(database) as warehouse:
        bound = choose_document(warehouse.documents(), document_id, database)
        return draft_bindings(
            document,
            bound.document_id,
            bound.fiscal_year,
            warehouse.rules(),
            warehouse.figures(bound),
            warehouse.names(bound),
        )


def rendered_document(document_id: str) -> BoundDocument | None:
    """The document that the id of a rendered report names; None for an id of another form."""
    match = RENDERED.fullmatch(document_id)
    if match is None:
        return None
    organisation, board, year = match["organisation"], match["board"], int(match["year"])
    return BoundDocument(document_id, organisation, board, year, f"Rendered report of {board}, {organisation}, {year}")


def choose_document(known: Sequence[BoundDocument], document_id: str | None, database: Path) -> BoundDocument:
    """The document with the id, or the only one. Raises UsageError, which lists the known ones."""
    listed = ", ".join(document.document_id for document in known)
    if not known:
        raise UsageError(f"{database} knows no document: name it in seeds/board/control/documents.csv and build")
    if document_id is None:
        if len(known) > 1:
            raise UsageError(f"{database} knows several documents, choose one with --document: {listed}")
        return known[0]
    for document in known:
        if document.document_id == document_id:
            return document
    raise UsageError(f"{database} knows no document {document_id}; it knows {listed}")
