"""From the draft to the published table, step by step."""

from decimal import Decimal

from procurement.savings.statements.content import statements_of
from procurement.savings.states import SettlementStatus


def test_a_settlement_goes_from_draft_to_publication(world):
    world.buy_agreed()
    world.computed().send().confirm_all().report().publish()
    rows = world.read(statements_of)
    assert {row.hospital_id for row in rows} == {one.id for one in world.hospitals}
    for row in rows:
        statement = world.statement(row.hospital_id)
        assert statement.payable > 0
        assert statement.employee + statement.resident == statement.payable
        assert sum(line.row.paid_part for line in statement.lines) == statement.payable
        assert sum(part.paid_part for part in statement.batches) == statement.payable
        assert statement.completion == Decimal(1)
    with world.engine.connect() as connection:
        status = connection.exec_driver_sql("SELECT status FROM savings_settlement").scalar()
    assert status == SettlementStatus.PUBLISHED
