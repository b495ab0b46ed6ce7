"""What other settlements settle already: a hospital keeps savings of a batch-year once.

A hospital whose division was changed would else be settled by two counties.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation
from procurement.agreements.tables import AgreementTerm
from procurement.errors import FieldFault, RefusedError
from procurement.savings.settlements.terms import in_region
from procurement.savings.states import SettlementStatus, StatementStatus
from procurement.savings.tables import (
    HospitalStatement,
    RetainedPayment,
    SavingsLine,
    SavingsSettlement,
)

_SHOWN = 10
_PAYING = (SettlementStatus.PAYING, SettlementStatus.SETTLED)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A hospital's batch-year that another settlement settles.

    Attributes:
        hospital_id: The hospital.
        hospital: Its name.
        term_id: The batch-year.
        batch: Its name.
        settlement: Name of the other settlement.
    """

    hospital_id: int
    hospital: str
    term_id: int
    batch: str
    settlement: str


class SettledElsewhereError(RefusedError):
    """Another settlement pays some hospitals for the same batch-years."""

    def __init__(self, found: Iterable[Elsewhere]) -> None:
        """Keep what was found."""
        self.found = tuple(found)
        names = [f"{one.hospital}（{one.batch}，{one.settlement}）" for one in self.found[:_SHOWN]]
        more = len(self.found) - len(names)
        super().__init__(
            zh=f"已在其他清算中拨付：{'、'.join(names)}"
            + (f"等 {len(self.found)} 项。" if more else "。")
            + "请撤回公示、退回并重新提取。",
            en="Paid by another settlement: "
            + ", ".join(f"{one.hospital} ({one.batch}, {one.settlement})" for one in self.found)
            + ". Take the publication back, go a step back, and extract the purchases again.",
        )


def lock_terms(session: Session, *, term_ids: Collection[int]) -> None:
    """Lock batch-years, so that two settlements look at each other one after the other."""
    session.execute(
        select(AgreementTerm.id)
        .where(AgreementTerm.id.in_(sorted(term_ids)))
        .order_by(AgreementTerm.id)
        .with_for_update()
    ).all()


def settled_elsewhere(
    session: Session,
    *,
    settlement_id: int,
    term_ids: Collection[int],
    region: str | None = None,
    hospital_ids: Collection[int] | None = None,
) -> list[Elsewhere]:
    """Return the hospitals' batch-years with a statement that stands in another settlement.

    Args:
        session: Any session.
        settlement_id: The settlement that asks.
        term_ids: Its batch-years.
        region: Hospitals in this division only.
        hospital_ids: Of these hospitals only.
    """
    own = HospitalStatement.status != StatementStatus.REPLACED
    wanted = _lines(settlement_id, term_ids).where(
        own, SavingsSettlement.status != SettlementStatus.WITHDRAWN
    )
    if region is not None:
        wanted = wanted.where(in_region(region))
    if hospital_ids is not None:
        wanted = wanted.where(HospitalStatement.hospital_id.in_(hospital_ids))
    return [Elsewhere(*row) for row in session.execute(wanted)]


def paid_elsewhere(
    session: Session,
    *,
    settlement_id: int,
    term_ids: Collection[int],
    hospital_ids: Collection[int],
) -> list[Elsewhere]:
    """Return the hospitals' batch-years that another settlement pays, or has paid."""
    paid = select(RetainedPayment.statement_id)
    stands = HospitalStatement.status != StatementStatus.REPLACED
    wanted = _lines(settlement_id, term_ids).where(
        HospitalStatement.hospital_id.in_(hospital_ids),
        HospitalStatement.id.in_(paid) | (SavingsSettlement.status.in_(_PAYING) & stands),
    )
    return [Elsewhere(*row) for row in session.execute(wanted)]


def elsewhere_faults(found: Iterable[Elsewhere]) -> list[FieldFault]:
    """Say which hospitals are settled elsewhere: extracted again, they are left out."""
    return [
        FieldFault(
            one.hospital,
            f"{one.batch} 已列入清算“{one.settlement}”，请重新提取采购数据。",
            f"{one.batch} is settled in “{one.settlement}”; extract the purchases again.",
        )
        for one in found
    ]


def _lines(settlement_id: int, term_ids: Collection[int]) -> Select[int, str, int, str, str]:
    return (
        select(
            HospitalStatement.hospital_id,
            Organisation.name,
            SavingsLine.term_id,
            SavingsLine.batch,
            SavingsSettlement.name,
        )
        .join(SavingsLine, SavingsLine.statement_id == HospitalStatement.id)
        .join(SavingsSettlement, SavingsSettlement.id == HospitalStatement.settlement_id)
        .join(Organisation, Organisation.id == HospitalStatement.hospital_id)
        .where(HospitalStatement.settlement_id != settlement_id)
        .where(SavingsLine.term_id.in_(term_ids))
        .distinct()
        .order_by(HospitalStatement.hospital_id, SavingsLine.term_id, SavingsSettlement.name)
    )
