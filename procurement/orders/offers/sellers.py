"""Who delivers what is bought without a round: no agreement names a distributor there."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.divisions import NATION
from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.agreements.states import DistributionStatus
from procurement.agreements.tables import Distribution
from procurement.orders.offers.offer import Seller


class ListedSellers:
    """The distributors of a hospital's province; each manufacturer's list is made once.

    A distributor is one of the province where it is registered there, or for the nation, or where
    it confirmed to deliver to a region of the province in any round.
    """

    def __init__(self, session: Session, hospital: Organisation) -> None:
        """Read them.

        Args:
            session: Any session.
            hospital: Who would order.
        """
        province = hospital.region[:2]
        confirmed = select(Distribution.distributor_id).where(
            Distribution.status == DistributionStatus.CONFIRMED,
            or_(Distribution.region.startswith(province), Distribution.region == NATION),
        )
        rows = session.execute(
            select(Organisation.id, Organisation.name)
            .where(Organisation.kind == OrganisationKind.DISTRIBUTOR, Organisation.is_active)
            .where(
                or_(
                    Organisation.region.startswith(province),
                    Organisation.region == NATION,
                    Organisation.id.in_(confirmed),
                )
            )
            .order_by(Organisation.name, Organisation.id)
        )
        self._distributors = tuple(Seller(one, name) for one, name in rows)
        self._by_maker: dict[int, tuple[Seller, ...]] = {}

    def of(self, maker: Organisation) -> tuple[Seller, ...]:
        """Return who may deliver a manufacturer's product: it may do so on its own."""
        if maker.id not in self._by_maker:
            self._by_maker[maker.id] = (*self._distributors, Seller(maker.id, maker.name))
        return self._by_maker[maker.id]
