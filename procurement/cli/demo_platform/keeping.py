"""A settlement of the first year, drafted: so that the hospital sees what it may keep."""

from sqlalchemy import select

from procurement.agreements.terms import latest_term
from procurement.cli.demo_platform.cast import AGENCY, MARK, PROVINCE
from procurement.cli.demo_platform.scene import Scene
from procurement.rounds.tables import Lot, LotStrength, Round
from procurement.savings.settlements.drafting import Draft, draft_settlement
from procurement.savings.settlements.factors import give_factors

NAME, RULES = "demo-savings", "savings-national-2020"

PARAMETERS = {
    "negative_base": "floor_each",
    "completion_unit": "product",
    "rounding": "half_up_cent",
    "bands": {
        "80": {"ratio": "0.50", "grade": "优秀"},
        "60": {"ratio": "0.40", "grade": "合格"},
        "0": {"ratio": "0"},
    },
    "indicators": {"volume-completion": "60", "payment-in-time": "40"},
}
"""What texts leave open; made up, as are the factors."""

FACTORS = {"payment_ratio": "0.60", "insured_share": "0.90", "fund_share_employee": "0.25"}


def draft_savings(scene: Scene, round_: Round) -> None:
    """Draft the settlement of the agency's city; the ceiling stands for the price before the round.

    Args:
        scene: The set-up.
        round_: The round that is ordered from.
    """
    term = latest_term(scene.session, round_id=round_.id)
    if term is None:
        return
    settlement = draft_settlement(
        scene.session,
        name=NAME,
        draft=Draft(
            title=f"某市首个采购年度结余留用{MARK}",
            region=AGENCY.region,
            rulebook=RULES,
            term_ids=(term.id,),
            parameters=PARAMETERS,
            agency_id=scene.organisation(AGENCY).id,
        ),
        actor=scene.actor(PROVINCE),
        moment=scene.moment,
    )
    strengths = scene.session.execute(
        select(LotStrength.id, LotStrength.price_ceiling)
        .join(Lot, Lot.id == LotStrength.lot_id)
        .where(Lot.round_id == round_.id, LotStrength.price_ceiling.is_not(None))
        .order_by(LotStrength.id)
    ).all()
    given = [((0, 0, 0), FACTORS)]
    given += [((0, 0, one), {"price_before": f"{ceiling:f}"}) for one, ceiling in strengths]
    for place, texts in given:
        give_factors(
            scene.session,
            settlement=settlement,
            place=place,
            texts=texts,
            actor=scene.actor(PROVINCE),
            moment=scene.moment,
        )
