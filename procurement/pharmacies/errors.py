"""Refusals that several parts of the dual channel share."""

from procurement.errors import RefusedError


class RuleMissingError(RefusedError):
    """A decision needs a rule that the rulebook does not state and nobody has given."""

    def __init__(self, key: str, *, zh: str, en: str) -> None:
        """Keep the rule's key."""
        super().__init__(
            zh=f"规则“{key}”未知：{zh}。请依据文件给出取值。",
            en=f"Rule “{key}” is not known: {en}. Give it, with the document that states it.",
        )
        self.key = key
