"""Whether the agreed volume was completed, and whose volume that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from procurement.savings.rules.exact import quotient
from procurement.savings.rules.terms import Terms, Use

PRODUCT = "product"
INSTITUTION = "institution"
EVERY_PRODUCT = "institution_every_product"
GROUP = "group"

Line = tuple[Terms, Use]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Completion:
    """Winning products taken in against the agreed volume.

    Attributes:
        winning_volume: Taken in, in minimal units.
        agreed_volume: Agreed, in minimal units.

    Examples:
        >>> Completion(110, 100).share, Completion(110, 100).done
        (Decimal('1.1'), True)
        >>> Completion(5, 0).share is None, Completion(5, 0).done
        (True, False)
    """

    winning_volume: int
    agreed_volume: int

    @property
    def share(self) -> Decimal | None:
        """Their quotient; none where nothing was agreed."""
        if not self.agreed_volume:
            return None
        return quotient(self.winning_volume, self.agreed_volume)

    @property
    def done(self) -> bool:
        """Whether it is completed. An empty agreed volume never is."""
        return 0 < self.agreed_volume <= self.winning_volume

    @property
    def missing(self) -> int:
        """Units that are still to be taken in."""
        return max(self.agreed_volume - self.winning_volume, 0)


def summed(lines: Iterable[Line]) -> Completion:
    """The completion of several lines together."""
    winning = agreed = 0
    for terms, use in lines:
        winning += use.winning_volume
        agreed += terms.agreed_volume
    return Completion(winning, agreed)


def completed_keys(lines: Iterable[Line], unit: str) -> set[Key]:
    """Keys of the lines whose agreed volume counts as completed.

    Args:
        lines: Of all hospitals.
        unit: ``product``: each line by itself. ``institution``: all units of a hospital's batch
            together; ``institution_every_product``: each product of it. ``group``: a product's
            units of all members together; a hospital without a group stands for itself.

    Returns:
        Never a line with an empty agreed volume.
    """
    units: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        units.setdefault(_unit(line[0], unit), []).append(line)
    done: set[Key] = set()
    for members in units.values():
        if _is_done(members, unit):
            done.update(terms.key for terms, _ in members if terms.agreed_volume)
    return done


def _unit(terms: Terms, unit: str) -> tuple[str, ...]:
    batch = terms.batch or ""
    if unit == PRODUCT:
        return terms.key
    if unit == GROUP:
        name = ("group", terms.group) if terms.group else ("hospital", terms.hospital)
        return (*name, batch, terms.product)
    return (terms.hospital, batch)


def _is_done(members: list[Line], unit: str) -> bool:
    if unit == EVERY_PRODUCT:
        return all(summed([line]).done for line in members)
    return summed(members).done
