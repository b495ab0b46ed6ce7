"""The search for what is somebody else's finds it, and finds what everybody may read no fault."""

import dataclasses
from contextlib import contextmanager

import pytest
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.testing import TestClient
from sqlalchemy import select

from procurement.database import transaction
from procurement.orders.tables import PurchaseOrder
from procurement.permissions import Role
from procurement.pharmacies.complaints.tables import Complaint
from tests.procurement.app.cells.cases import operations_of
from tests.procurement.app.cells.readers import READERS
from tests.procurement.app.cells.sending import faults_of


@contextmanager
def another_interface(scene, *handlers):
    """The scene with an interface of these handlers in the place of the platform's."""
    with TestClient(Litestar(handlers), raise_server_exceptions=False) as client:
        platform = dataclasses.replace(scene.platform, client=client)
        yield dataclasses.replace(scene, platform=platform, visitors={}, known={})


def faults_within(scene):
    operations = operations_of(scene.platform.client.app)
    return [fault for one in operations for fault in faults_of(scene, one)]


def test_a_handler_that_reads_whatever_is_named_is_found(scene):
    @get("/api/v1/leaks/{order_id:int}", sync_to_thread=True)
    def leak(order_id: FromPath[int]) -> dict[str, str]:
        """Read an order without asking for a permission."""
        with transaction(scene.platform.engine) as session:
            order = session.get(PurchaseOrder, order_id)
            return {"number": order.number if order else ""}

    with another_interface(scene, leak) as leaking:
        faults = faults_within(leaking)
    theirs = scene.theirs.things["order_id"]
    tells_theirs = {
        fault.split()[0] for fault in faults if fault.endswith(f"order.number of ({theirs},)")
    }
    # A supervisor may read the number of any order in the audit.
    assert tells_theirs == set(Role) - {Role.SUPERVISOR}
    # Of the own side's, too: the keyholder is no party of the hospital's order.
    ours = scene.ours.things["order_id"]
    finders = {fault.split()[0] for fault in faults if fault.endswith(f" of ({ours},)")}
    assert {Role.PUBLIC, Role.KEYHOLDER, Role.PHARMACY} <= finders
    assert finders.isdisjoint({Role.HOSPITAL, Role.MANUFACTURER, Role.DISTRIBUTOR, Role.OFFICER})


def test_a_list_that_leaves_nothing_out_is_found(scene):
    @get("/api/v1/leaks", sync_to_thread=True)
    def leak() -> list[str]:
        """List all complaints."""
        with transaction(scene.platform.engine) as session:
            return list(session.scalars(select(Complaint.number)))

    with another_interface(scene, leak) as leaking:
        faults = faults_within(leaking)
    assert {fault.split()[0] for fault in faults} == set(Role)
    assert all(" tells complaint.number of " in fault for fault in faults)


def test_an_interface_that_fails_or_refuses_without_a_problem_document_is_found(scene):
    @get("/api/v1/leaks", sync_to_thread=True)
    def fail() -> None:
        """Fail."""
        raise ValueError

    with another_interface(scene, fail) as failing:
        faults = faults_within(failing)
    assert any(fault.startswith("officer 500 ") for fault in faults)


def test_a_handler_that_tells_nothing_has_no_fault(scene):
    @get("/api/v1/leaks/{order_id:int}", sync_to_thread=True)
    def quiet(order_id: FromPath[int]) -> dict[str, int]:
        """Say what was asked for."""
        return {"order_id": order_id}

    with another_interface(scene, quiet) as small:
        faults = [fault for fault in faults_within(small) if " 200 " in fault]
    assert faults == []


def test_answers_hold_marks_for_those_who_may_read_them(scene):
    seen = set()
    for route in scene.routes:
        if route.method == "GET" and route.path.startswith("/api/"):
            role = scene.passing(route)
            if role is not None:
                marks = scene.marks.within(scene.answer(role, route.ask(scene.ours)))
                seen |= {mark.table for mark in marks}
    # Pages show the others.
    assert len(seen) >= 25


def test_each_table_that_is_marked_says_who_may_read_it(scene):
    marked = {mark.table for mark in scene.marks.by_word.values()}
    assert marked == set(READERS)
    assert len(scene.marks.by_word) > 250


@pytest.mark.parametrize("role", Role)
def test_nobody_may_read_more_than_half_of_what_is_marked(scene, role):
    actor = scene.actor(role)
    marks = scene.marks.by_word.values()
    hidden = [mark for mark in marks if not scene.marks.is_readable(mark, actor)]
    assert len(hidden) > len(marks) / 2
