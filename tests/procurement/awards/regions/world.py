"""A round that is awarded: three winners in L01, two in L02, one in L03, all in three regions."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Engine, select

from procurement.awards.evaluation import require_report
from procurement.awards.tables import Award, AwardedBid, AwardNotice
from procurement.database import database_moment, transaction
from procurement.rounds.progress import set_status
from procurement.rounds.tables import Lot, RoundStatus
from tests.procurement.awards.world import AwardWorld, line

STARTS_ON = date(2027, 1, 1)

BIDS = {
    "A": (line("L01", "1mg", "28.00", 14), line("L02", "250mg", "2.00", 10)),
    "B": (line("L01", "1mg", "3.00"), line("L02", "500mg", "3.60", 10)),
    "C": (line("L01", "1mg", "45.00", 14),),
    "D": (line("L01", "1mg", "11.00"),),
    "E": (line("L03", "80mg", "30.00", 10),),
}
"""A, B and C win L01 in this order, D is beyond the places; A and B win L02, E wins L03."""


class AwardedWorld(AwardWorld):
    """A round from its award on."""

    def fix(self) -> "AwardedWorld":
        """Fix the award as the report has it."""
        with transaction(self.engine) as session:
            round_, moment = self.round(session), database_moment(session)
            report = require_report(session, round_id=round_.id)
            assert not report.pending
            person = self.officers[0].id
            award = fixed_award(session, round_, report.row, [one.id for one in self.officers])
            for lot in report.lots:
                row = session.scalars(
                    select(Lot).where(Lot.round_id == round_.id, Lot.code == lot["lot"])
                ).one()
                for outcome in lot["outcomes"]:
                    if outcome["selected"]:
                        session.add(
                            AwardedBid(
                                award_id=award.id,
                                lot_id=row.id,
                                organisation_id=report.owners[lot["lot"], outcome["bid"]],
                                bid=outcome["bid"],
                                strength=outcome["strength"],
                                pack_units=10,
                                pack_price=Decimal("2.00"),
                                unit_price="1/5",
                                regions=outcome["regions"],
                                rank=outcome["rank"],
                                status=outcome["status"],
                                ends_on=date(2027, 12, 31),
                            )
                        )
            for status in (RoundStatus.ANNOUNCED, RoundStatus.AWARDED):
                set_status(
                    session,
                    round_=round_,
                    status=status,
                    moment=moment,
                    person_id=self.officers[1].id,
                    second_person_id=person,
                )
        return self


def fixed_award(session, round_, report, officers) -> Award:
    """The award of a report, with the notice before it."""
    moment = database_moment(session)
    notice = AwardNotice(
        round_id=round_.id,
        number=1,
        report_id=report.id,
        announced_at=moment,
        closes_at=moment,
        announced_by=officers[0],
    )
    session.add(notice)
    session.flush()
    award = Award(
        round_id=round_.id,
        notice_id=notice.id,
        report_id=report.id,
        report_digest=report.report_digest,
        starts_on=STARTS_ON,
        proposed_by=officers[0],
        decided_by=officers[1],
        awarded_at=moment,
    )
    session.add(award)
    session.flush()
    return award


def awarded_round(engine: Engine, **wanted) -> AwardedWorld:
    """A round whose winners are to choose regions."""
    world = AwardedWorld(engine, **{"bids": BIDS, **wanted})
    world.bring_to_opening().evaluate()
    return world.fix()
