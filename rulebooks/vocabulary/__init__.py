"""The words a rulebook may use: for each key its kind of value and its name in both languages."""

from collections.abc import Set

from rulebooks.vocabulary.credit import CREDIT_TERMS
from rulebooks.vocabulary.direct import DIRECT_TERMS
from rulebooks.vocabulary.dual import DUAL_TERMS
from rulebooks.vocabulary.fulfilment import FULFILMENT_TERMS
from rulebooks.vocabulary.kinds import ByNumber, Kind
from rulebooks.vocabulary.negotiation import NEGOTIATION_TERMS
from rulebooks.vocabulary.pharmacy import PHARMACY_TERMS
from rulebooks.vocabulary.prepayment import PREPAYMENT_TERMS
from rulebooks.vocabulary.renewal import RENEWAL_TERMS
from rulebooks.vocabulary.rounds import ROUND_TERMS
from rulebooks.vocabulary.savings import SAVINGS_TERMS
from rulebooks.vocabulary.standard import STANDARD_TERMS
from rulebooks.vocabulary.term import Term

VOCABULARY: dict[str, dict[str, Term]] = {
    "round": ROUND_TERMS,
    "credit": CREDIT_TERMS,
    "renewal": RENEWAL_TERMS,
    "negotiation": NEGOTIATION_TERMS,
    "standard": STANDARD_TERMS,
    "savings": SAVINGS_TERMS,
    "fulfilment": FULFILMENT_TERMS,
    "direct": DIRECT_TERMS,
    "prepayment": PREPAYMENT_TERMS,
    "dual": DUAL_TERMS,
    "pharmacy": PHARMACY_TERMS,
}
"""By the kind of document, then by key; no key belongs to two kinds."""


def kind_of(keys: Set[str]) -> str:
    """The kind of document that uses these keys.

    Examples:
        >>> kind_of({"halving.from_years"})
        'renewal'
    """
    return next(kind for kind, terms in VOCABULARY.items() if keys <= terms.keys())


__all__ = ["VOCABULARY", "ByNumber", "Kind", "Term", "kind_of"]
