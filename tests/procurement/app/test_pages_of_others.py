"""No page and no file tells anybody what belongs to somebody else, whoever asks for it."""

import pytest
from litestar import MediaType, get
from litestar.params import FromPath

from procurement.database import transaction
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Role
from tests.procurement.app.cells.sending import faults_of_pages
from tests.procurement.app.test_marks import another_interface


@pytest.mark.parametrize("role", Role)
def test_nobody_reads_on_a_page_what_is_others(scene, role):
    faults = faults_of_pages(scene, role)
    assert not faults, "\n".join(faults)


def test_a_page_that_shows_whatever_is_named_is_found(scene):
    @get("/leaks/{order_id:int}", sync_to_thread=True, media_type=MediaType.HTML)
    def leak(order_id: FromPath[int]) -> str:
        """Show an order without asking for a permission."""
        with transaction(scene.platform.engine) as session:
            order = session.get(PurchaseOrder, order_id)
            return f"<p>{order.number if order else ''}</p>"

    theirs = scene.theirs.things["order_id"]
    with another_interface(scene, leak) as leaking:
        for role in (Role.PUBLIC, Role.HOSPITAL, Role.OFFICER):
            assert any(
                fault.endswith(f"order.number of ({theirs},)")
                for fault in faults_of_pages(leaking, role)
            )
