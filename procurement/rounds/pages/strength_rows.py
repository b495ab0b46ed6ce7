"""The rows of a lot's form: one strength each, with its ratio and its prices."""

from collections.abc import Mapping
from decimal import Decimal

from procurement.rounds.at_edge import FormReader
from procurement.rounds.lots import STRENGTHS_MAX, StrengthFacts
from procurement.web import Form

CELLS = ("strength", "ratio", "ceiling", "benchmark")
"""How the fields of a row begin; its place follows."""


def typed_rows(values: Mapping[str, str]) -> list[int]:
    """Return the places of the rows in which something was typed.

    Examples:
        >>> typed_rows({"strength-1": "1mg", "ceiling-3": "2.5", "ratio-2": ""})
        [1, 3]
    """
    return [
        place
        for place in range(1, STRENGTHS_MAX + 1)
        if any(values.get(f"{cell}-{place}") for cell in CELLS)
    ]


def without_gaps(form: Form) -> Form:
    """Move the rows together, so that faults and what was typed stand in the same row.

    Examples:
        >>> moved = without_gaps(Form({"unit": ("片",), "strength-3": ("1mg",)}))
        >>> moved.get("strength-1"), moved.get("strength-3"), moved["unit"]
        ('1mg', None, '片')
    """
    every = {f"{cell}-{place}" for cell in CELLS for place in range(1, STRENGTHS_MAX + 1)}
    fields = {name: form.all(name) for name in form if name not in every}
    for place, taken in enumerate(typed_rows(form), start=1):
        fields |= {f"{cell}-{place}": (form.get(f"{cell}-{taken}", ""),) for cell in CELLS}
    return Form(fields, form.files)


def strengths_from(reader: FormReader) -> list[StrengthFacts]:
    """Read the rows; one without a strength is refused at its field, as nothing typed is lost."""
    return [
        StrengthFacts(
            strength=reader.text(f"strength-{place}"),
            # Zero is refused at the field, as an empty one must be.
            ratio=reader.decimal(f"ratio-{place}") or Decimal(0),
            price_ceiling=reader.decimal(f"ceiling-{place}"),
            benchmark_price=reader.decimal(f"benchmark-{place}"),
        )
        for place in typed_rows(reader.form)
    ]
