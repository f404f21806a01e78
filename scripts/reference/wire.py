"""The table of SageMaker operations, made from the catalogue and AWS's own model."""

from __future__ import annotations

from scripts.reference.markdown import code, codes, table


def operations() -> str:
    """Every operation that is answered: what it needs and the members it may answer with."""
    from aws.operations.catalog import OPERATIONS
    from aws.shapes import service_model

    model = service_model("sagemaker", tuple(OPERATIONS))
    rows = [(code(name), codes(model.required(name)), codes(model.answered(name))) for name in OPERATIONS]
    return table(("operation", "needs", "may answer with"), rows)


def error_codes() -> str:
    """The AWS codes our own refusals become."""
    from aws.errors import CODES

    found: dict[str, list[str]] = {}
    for kind, name in CODES.items():
        found.setdefault(name, []).append(" ".join((kind.__doc__ or "").split()))
    rows = [(code(name), " · ".join(text for text in texts if text)) for name, texts in sorted(found.items())]
    return table(("code", "says, among others"), rows)
