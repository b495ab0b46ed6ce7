"""Reports at the same moment: nothing is lost, and nothing is flagged twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from procurement.database import snapshot
from procurement.errors import InvalidInputError
from procurement.pharmacies.finder.tables import PlaceStock, StockPriceFlag, StockUpload
from tests.procurement.pharmacies.finder.world import CODE, FIRST, SECOND, SECOND_CODE

TOGETHER = 4


def test_several_reports_of_one_chain_leave_one_row_for_each_product(world):
    start = Barrier(TOGETHER)

    def report(number):
        places = (FIRST, SECOND) if number % 2 else (SECOND, FIRST)
        start.wait()
        try:
            world.report(
                *(
                    {"place": place, "drug_code": code, "packs": str(number), "price": "5000"}
                    for place in places
                    for code in (CODE, SECOND_CODE)
                ),
                whole=True,
            )
        except InvalidInputError:
            return 0
        return 1

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert sum(pool.map(report, range(TOGETHER))) == TOGETHER
    with snapshot(world.engine) as session:
        assert session.scalar(select(func.count(StockUpload.id))) == TOGETHER
        rows = session.scalars(select(PlaceStock)).all()
        assert len(rows) == 4
        # The last report stands in whole: no line of another is mixed in.
        assert len({row.packs for row in rows}) == 1
        assert session.scalar(select(func.count(StockPriceFlag.id))) == 2
