"""The record of who did what, which only grows."""

from procurement.audit.service import broken_link, entries_about, record

__all__ = ["broken_link", "entries_about", "record"]
