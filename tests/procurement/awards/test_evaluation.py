"""An opened round is evaluated by the one engine, and each report is kept as written."""

from bidding.evaluate import evaluate
from bidding.report_json import dumps, report_document
from procurement.awards.evaluation import current_report
from procurement.awards.sheet import award_sheet
from procurement.rounds.tables import RoundStatus
from rulebooks import load_rulebook
from tests.procurement.awards.world import evaluated_round, awarded_round


def test_the_report_is_that_of_the_engine_on_the_same_facts(engine):
    world = evaluated_round(engine)
    with world.read() as session:
        round_ = world.round(session)
        assert round_.status == RoundStatus.EVALUATED
        sheet = award_sheet(session, round_=round_)
        view = current_report(session, round_id=round_.id)
        assert view.row.report == dumps(
            report_document(evaluate(sheet, load_rulebook("national-10")))
        )


def test_all(engine):
    world = awarded_round(engine)
    with world.read() as session:
        from procurement.awards.fixing import awarded_bids
        from procurement.awards.awarded import prices_of

        for bid, lot in awarded_bids(session, round_id=world.round_id):
            print(
                lot.code,
                bid.bid,
                bid.strength,
                bid.pack_units,
                bid.pack_price,
                bid.unit_price,
                bid.status,
                bid.regions,
                bid.agreed_volume,
                bid.ends_on,
            )
            for p in prices_of(session, awarded_bid_id=bid.id):
                print("   ", p.strength, p.pack_units, p.pack_price, p.unit_price, p.source)
