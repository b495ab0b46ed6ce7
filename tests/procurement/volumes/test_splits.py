"""A lead hospital splits its report among the members, exactly."""

import pytest

from procurement.database import database_moment, transaction
from procurement.errors import InvalidInputError
from procurement.volumes.reporting.service import lines_of
from procurement.volumes.reporting.splits import (
    group_of,
    parts_of,
    parts_of_member,
    propose_parts,
    save_parts,
)
from tests.procurement.volumes.world import buy, entry, fill, past, send, start


@pytest.fixture
def reported(engine, world):
    """Return a group's draft with two lines, after purchases of the group's hospitals."""
    before, last = past(world)
    with transaction(engine) as session:
        for hospital, used in zip((world.lead, *world.members), (100, 50, 50), strict=True):
            buy(session, hospital, "阿那曲唑", "1mg", {before: used, last: used})
        report = start(session, world, world.lead)
        fill(session, report, entry(world, "L01", "1mg", 203), entry(world, "L03", "0.75g", 10))
    return report


def save(session, world, report, parts):
    save_parts(
        session,
        round_=world.round_in(session),
        report=report,
        parts=parts,
        version=report.version,
        actor=world.lead_pharmacist,
        moment=database_moment(session),
    )


def again(session, reported):
    return session.get_one(type(reported), reported.id)


def test_the_proposal_follows_past_use_and_adds_up(engine, world, reported):
    with transaction(engine) as session:
        report = again(session, reported)
        proposed = propose_parts(
            session,
            round_=world.round_in(session),
            report=report,
            moment=database_moment(session),
        )
        first, third = lines_of(session, report_id=report.id)
        lead, *members = (world.lead.id, *(member.id for member in world.members))
        assert proposed[first.id] == {lead: 101, members[0]: 51, members[1]: 51}
        # Nobody is known to have used the third product: even parts.
        assert sorted(proposed[third.id].values()) == [3, 3, 4]


def test_parts_that_add_up_are_kept_and_shown_to_the_member(engine, world, reported):
    with transaction(engine) as session:
        report = again(session, reported)
        line = lines_of(session, report_id=report.id)[0]
        member = world.members[0].id
        save(session, world, report, {line.id: {world.lead.id: 200, member: 3}})
        assert parts_of(session, report_id=report.id) == {line.id: {world.lead.id: 200, member: 3}}
        shown = parts_of_member(session, round_id=world.round.id, member_id=member)
        assert [(row.id, volume) for row, volume in shown] == [(line.id, 3)]


@pytest.mark.parametrize("second", [2, 4, -1])
def test_parts_that_do_not_add_up_are_refused(engine, world, reported, second):
    with transaction(engine) as session:
        report = again(session, reported)
        line = lines_of(session, report_id=report.id)[0]
        parts = {line.id: {world.lead.id: 200, world.members[0].id: second}}
        with pytest.raises(InvalidInputError):
            save(session, world, report, parts)
        assert parts_of(session, report_id=report.id) == {}


def test_a_hospital_that_is_no_member_gets_no_part(engine, world, reported):
    with transaction(engine) as session:
        report = again(session, reported)
        line = lines_of(session, report_id=report.id)[0]
        with pytest.raises(InvalidInputError):
            save(session, world, report, {line.id: {world.hospital.id: 203}})


def test_a_line_changed_after_its_split_must_be_split_again(engine, world, reported):
    with transaction(engine) as session:
        report = again(session, reported)
        line = lines_of(session, report_id=report.id)[0]
        save(session, world, report, {line.id: {world.lead.id: 203}})
        fill(session, report, entry(world, "L01", "1mg", 210))
        with pytest.raises(InvalidInputError) as refusal:
            send(session, world, report)
        assert [fault.field for fault in refusal.value.faults] == [f"part-{line.lot_strength_id}-0"]
        save(session, world, report, {line.id: {world.lead.id: 210}})
        send(session, world, report, letter=False)


def test_a_removed_line_takes_its_parts_along(engine, world, reported):
    with transaction(engine) as session:
        report = again(session, reported)
        line = lines_of(session, report_id=report.id)[0]
        save(session, world, report, {line.id: {world.lead.id: 203}})
        fill(session, report, entry(world, "L01", "1mg", None))
        assert parts_of(session, report_id=report.id) == {}


def test_a_hospital_alone_is_a_group_without_members(engine, world):
    with transaction(engine) as session:
        report = start(session, world)
        group = group_of(
            session,
            round_=world.round_in(session),
            report=report,
            moment=database_moment(session),
        )
        assert (group.lead.name, group.members) == ("省立医院", ())
