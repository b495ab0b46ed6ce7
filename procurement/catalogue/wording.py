"""What the catalogue's pages call things, in the visitor's language."""

from collections.abc import Mapping

from procurement.catalogue.rules import COLUMNS, WORDS
from procurement.web import Visit

ENTRY_WORDS: Mapping[str, tuple[str, str]] = {
    "change-product": ("更改", "Changed"),
    "change-generic-product": ("更改", "Changed"),
}
"""Entries of the record that a page's timeline shows."""


def labels(visit: Visit) -> dict[str, str]:
    """Name each column."""
    return {column.key: visit.text(column.zh, column.en) for column in COLUMNS}


def words(visit: Visit) -> dict[str, dict[str, str]]:
    """Name each value of the columns that hold words."""
    return {
        key: {value: visit.text(*pair) for value, pair in values.items()}
        for key, values in WORDS.items()
    }


def options(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """List values and names for the choices of forms and filters."""
    return {key: list(values.items()) for key, values in words(visit).items()}
