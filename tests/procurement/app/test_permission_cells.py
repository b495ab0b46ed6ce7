"""Every cell of the table of permissions, by a request of somebody of that role.

Where the table names no cell, the request is refused. Where it names one, a thing that fulfils
the condition passes, and one that does not is said to be not there.
"""

import pytest

from procurement.permissions import PERMISSIONS, Action, Condition, Role
from tests.procurement.app.cells.asking import cell_of, is_passed, is_refused
from tests.procurement.app.cells.of_agreements import AGREEMENTS
from tests.procurement.app.cells.of_awards import AWARDS
from tests.procurement.app.cells.of_coverage import COVERAGE
from tests.procurement.app.cells.of_designation import DESIGNATION
from tests.procurement.app.cells.of_drug_list import DRUG_LIST
from tests.procurement.app.cells.of_finder import FINDER
from tests.procurement.app.cells.of_fulfilment import FULFILMENT
from tests.procurement.app.cells.of_monitoring import MONITORING
from tests.procurement.app.cells.of_negotiations import NEGOTIATIONS
from tests.procurement.app.cells.of_orders import LISTINGS, ORDERS
from tests.procurement.app.cells.of_organisations import ACCOUNTS, CATALOGUE, CREDIT
from tests.procurement.app.cells.of_papers import PAPERS
from tests.procurement.app.cells.of_patients import PATIENTS
from tests.procurement.app.cells.of_payments import PAYMENTS
from tests.procurement.app.cells.of_publication import PUBLICATION
from tests.procurement.app.cells.of_rounds import BIDS, ROUNDS, VOLUMES
from tests.procurement.app.cells.of_savings import SAVINGS

EXEMPLARS = {
    **ACCOUNTS,
    **CATALOGUE,
    **CREDIT,
    **ROUNDS,
    **VOLUMES,
    **BIDS,
    **AWARDS,
    **COVERAGE,
    **AGREEMENTS,
    **ORDERS,
    **FULFILMENT,
    **PAPERS,
    **LISTINGS,
    **PAYMENTS,
    **PATIENTS,
    **SAVINGS,
    **NEGOTIATIONS,
    **MONITORING,
    **PUBLICATION,
    **FINDER,
    **DRUG_LIST,
    **DESIGNATION,
}

WEIGHED = frozenset({Action.CHANGE_IDENTITY, Action.READ_AUDIT, Action.READ_OPENED_BIDS})
"""Actions by which a handler also decides what it shows or takes, instead of refusing all."""

HIDDEN = frozenset(NEGOTIATIONS)
"""Actions on things of which even the 403 says nothing: they are not there for other roles."""

CELLS = [
    pytest.param(action, role, id=f"{action.value}-{role.value}")
    for action in EXEMPLARS
    for role in Role
]


def test_every_action_has_a_request_that_stands_for_it():
    assert set(EXEMPLARS) == set(Action)
    for action, exemplar in EXEMPLARS.items():
        conditions = {one for cell in PERMISSIONS[action].values() for one in cell}
        assert set(exemplar.holds) == conditions, action


def check_refused(scene, action, role):
    """Somebody without a cell is refused, and does not learn what there is."""
    exemplar = EXEMPLARS[action]
    for make in exemplar.holds.values():
        for here, there in ((scene.ours, scene.theirs), (scene.nowhere, scene.nowhere)):
            answer = scene.answer(role, make(here, there, role))
            is_hidden = action in HIDDEN and answer.status_code == 404
            assert is_refused(answer, role) or is_hidden, (answer.status_code, str(answer.url))


def check_cell(scene, action, role):
    """Each condition of a cell lets pass, and what fulfils none of them is not there."""
    exemplar, conditions = EXEMPLARS[action], cell_of(action, role)
    for condition in conditions:
        answer = scene.answer(role, exemplar.holds[condition](scene.ours, scene.theirs, role))
        assert is_passed(answer), (condition, answer.status_code, str(answer.url), answer.text)
        assert action in scene.asked or action in WEIGHED, scene.asked
    if Condition.ALWAYS in conditions:
        return
    for make in exemplar.fails:
        for here, there in ((scene.ours, scene.theirs), (scene.nowhere, scene.nowhere)):
            answer = scene.answer(role, make(here, there, role))
            assert answer.status_code == 404, (answer.status_code, str(answer.url))


@pytest.mark.parametrize(("action", "role"), CELLS)
def test_a_cell(scene, action, role):
    if cell_of(action, role):
        check_cell(scene, action, role)
    elif role not in EXEMPLARS[action].unsaid:
        check_refused(scene, action, role)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HOSPITAL, Role.MANUFACTURER])
def test_cells_are_alike_on_the_other_database(postgresql_scene, role):
    for action in Action:
        if cell_of(action, role):
            check_cell(postgresql_scene, action, role)
        else:
            check_refused(postgresql_scene, action, role)
