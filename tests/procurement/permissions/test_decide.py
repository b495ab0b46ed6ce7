"""Each condition of the table, and the difference between "may not" and "not this one"."""

import pytest

from procurement.permissions import (
    PERMISSIONS,
    Action,
    Actor,
    Condition,
    NotFoundForActorError,
    NotPermittedError,
    Role,
    Subject,
    is_permitted,
    permit,
)
from procurement.permissions.decide import covers
from procurement.permissions.printed import printed
from tests.house_rules import ROOT

PUBLIC = frozenset({Role.PUBLIC})


def actor(*roles: Role, region: str = "340000", organisation_id: int = 1, person_id: int = 1):
    return Actor(
        person_id=person_id,
        organisation_id=organisation_id,
        roles=PUBLIC | set(roles),
        region=region,
    )


def test_every_action_has_a_row_and_every_row_somebody():
    assert set(PERMISSIONS) == set(Action)
    assert all(PERMISSIONS[action] for action in Action)


def test_a_role_without_a_cell_is_refused_whatever_it_is_about():
    with pytest.raises(NotPermittedError):
        permit(actor(Role.HOSPITAL), Action.DRAFT_ROUND)


def test_a_thing_of_another_organisation_does_not_exist():
    report = Subject(organisation_id=2, regions=("340100",))
    with pytest.raises(NotFoundForActorError):
        permit(actor(Role.HOSPITAL), Action.READ_REPORT, report)


@pytest.mark.parametrize(
    ("action", "role", "subject", "allowed"),
    [
        (Action.REPORT_VOLUMES, Role.HOSPITAL, Subject(organisation_id=1), True),
        (Action.REPORT_VOLUMES, Role.HOSPITAL, Subject(organisation_id=2), False),
        (
            Action.REPORT_VOLUMES,
            Role.HOSPITAL,
            Subject(organisation_id=2, group_lead_id=1),
            True,
        ),
        (Action.READ_REPORT, Role.OFFICER, Subject(regions=("341523",)), True),
        (Action.READ_REPORT, Role.OFFICER, Subject(regions=("330000",)), False),
        (Action.CHANGE_ROUND, Role.OFFICER, Subject(bureau_id=1), True),
        (Action.CHANGE_ROUND, Role.OFFICER, Subject(bureau_id=2), False),
        (Action.CHANGE_ROUND, Role.OFFICER, Subject(), False),
        (Action.CONFIRM_STEP, Role.OFFICER, Subject(bureau_id=1, proposed_by=2), True),
        (Action.CONFIRM_STEP, Role.OFFICER, Subject(bureau_id=1, proposed_by=1), False),
        (Action.CONFIRM_STEP, Role.OFFICER, Subject(bureau_id=2, proposed_by=2), False),
        (Action.POST_SHARES, Role.KEYHOLDER, Subject(named=frozenset({1})), True),
        (Action.POST_SHARES, Role.KEYHOLDER, Subject(named=frozenset({2})), False),
        (Action.READ_ROUND, Role.PUBLIC, Subject(is_public=True), True),
        (Action.READ_ROUND, Role.PUBLIC, Subject(), False),
    ],
)
def test_a_condition_holds_for_its_own_things_only(action, role, subject, allowed):
    assert is_permitted(actor(role), action, subject) is allowed


def test_somebody_with_two_roles_needs_only_one_of_them():
    both = actor(Role.HOSPITAL, Role.ADMINISTRATOR)
    assert is_permitted(both, Action.MANAGE_PEOPLE, Subject(organisation_id=1))


def test_nobody_who_is_not_signed_in_owns_a_thing_without_an_owner():
    for action in Action:
        allowed = is_permitted(Actor(), action)
        assert allowed is (PERMISSIONS[action].get(Role.PUBLIC) == (Condition.ALWAYS,))


@pytest.mark.parametrize(
    ("region", "other", "expected"),
    [
        ("000000", "659000", True),
        ("340000", "340000", True),
        ("340000", "341523", True),
        ("341500", "341523", True),
        ("341500", "340000", False),
        ("341523", "341524", False),
        ("110000", "120000", False),
    ],
)
def test_a_region_covers_itself_and_what_lies_in_it(region, other, expected):
    assert covers(region, other) is expected


def test_the_documentation_prints_the_table_as_it_is():
    assert (ROOT / "docs" / "permissions.md").read_text("utf-8") == printed()
