"""What clauses that are no rule of the rulebook are written from."""

from collections.abc import Callable
from dataclasses import dataclass

from bidding.rules import RoundRules
from procurement.rounds.document.clause import Certainty, Said
from procurement.rounds.document.plan import RoundPlan
from rulebooks import Bilingual


@dataclass(frozen=True, slots=True)
class Ground:
    """A round and its rules.

    Attributes:
        plan: The facts of the round.
        rules: The rulebook, completed by the round's options.
    """

    plan: RoundPlan
    rules: RoundRules

    @property
    def issuer(self) -> Bilingual:
        """Who issues the document: the round's bureau, or the rulebook's issuer."""
        bureau = self.plan.bureau
        return self.rules.rulebook.issuer if bureau is None else Bilingual(bureau, bureau)

    def has(self, *keys: str) -> bool:
        """Whether the document has any of these rules, known or not.

        Clauses may depend on this and never on a rule's value: a changed value changes the clause
        of its rule, and no other.
        """
        return any(self.rules.mentions(key) for key in keys)


def _never(ground: Ground) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Standing:
    """A clause that is no rule of the rulebook.

    Attributes:
        id: Stable name, such as ``sealing.late``.
        section: Id of its section.
        title: A few words.
        write: Writes it; None where the round has no such clause.
        is_open: Whether something that it must print is not known yet.
        certainty: A fact of the round, or the way in which the platform works.
        is_last: It stands after the rules of its section, not before them.
    """

    id: str
    section: str
    title: Bilingual
    write: Callable[[Ground], Said | None]
    is_open: Callable[[Ground], bool] = _never
    certainty: Certainty = Certainty.STANDING
    is_last: bool = False


def fixed(zh: str, en: str, *items: tuple[str, str]) -> Callable[[Ground], Said]:
    """A clause that reads the same in every round."""
    said = Said(Bilingual(zh, en), tuple(Bilingual(*item) for item in items))
    return lambda ground: said
