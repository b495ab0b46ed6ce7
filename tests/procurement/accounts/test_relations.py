"""Related firms count as one; lead hospitals report for their members."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.accounts.organisations.related import (
    alliance_of,
    control_groups,
    group_lead_of,
    group_leads,
    holders_of_agent,
    related_firms,
    reports_for,
)
from procurement.accounts.organisations.relations import (
    RelationFacts,
    end_relation,
    record_relation,
)
from procurement.accounts.rules import control_group
from procurement.accounts.tables import RelationKind
from procurement.database import make_engine, transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from tests.procurement.world import MOMENT, new_organisation, relate

TODAY = date(2026, 11, 22)
LINKS = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8)), max_size=12)


def twin_control_group(firm, links):
    """The slow way: the smallest set that holds the firm and is closed under every link."""
    group = {firm}
    for _ in range(len(links) + 1):
        for one, other in links:
            if one in group or other in group:
                group |= {one, other}
    return frozenset(group)


@given(st.integers(1, 8), LINKS)
def test_the_control_group_is_that_of_the_twin(firm, links):
    assert control_group(firm, links) == twin_control_group(firm, links)


@given(LINKS, st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(links, generator):
    shuffled = links.copy()
    generator.shuffle(shuffled)
    assert control_group(1, links) == control_group(1, shuffled)


@given(LINKS)
def test_firms_of_one_group_have_the_same_group(links):
    group = control_group(1, links)
    assert all(control_group(each, links) == group for each in group)


@pytest.fixture
def firms(engine):
    """A session's maker of firms on both databases."""
    with transaction(engine) as session:
        made = [new_organisation(session, "manufacturer", region="320000") for _ in range(6)]
        yield session, made


def group(session, firm, **more):
    return related_firms(session, organisation_id=firm.id, on_date=TODAY, **more)


def ids(*organisations):
    return frozenset(each.id for each in organisations)


@settings(deadline=None)
@given(data=st.data())
def test_the_database_finds_the_group_of_the_twin(sqlite_session, data):
    session, made = sqlite_session
    kinds = st.sampled_from(list(RelationKind)[:5])
    drawn = data.draw(
        st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), kinds), max_size=8, unique=True)
    )
    with session.begin_nested() as savepoint:
        for one, other, kind in drawn:
            relate(session, made[one], kind, made[other])
        links = [
            (made[one].id, made[other].id)
            for one, other, kind in drawn
            if kind is not RelationKind.ACTIVE_INGREDIENT_FROM
        ]
        for firm in made:
            assert group(session, firm) == twin_control_group(firm.id, links)
        groups = control_groups(session, organisation_ids=[f.id for f in made], on_date=TODAY)
        assert all(groups[firm.id] == twin_control_group(firm.id, links) for firm in made)
        savepoint.rollback()


@pytest.fixture(scope="module")
def sqlite_session(sqlite_template, tmp_path_factory):
    """One session for all examples, each of which is undone."""
    from_template = tmp_path_factory.mktemp("relations") / "jicai.sqlite3"
    from_template.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{from_template}")
    with transaction(engine) as session:
        made = [new_organisation(session, "manufacturer", region="320000") for _ in range(6)]
        yield session, made
    engine.dispose()


def test_control_licence_and_commission_are_followed_through_others(firms):
    session, (a, b, c, d, e, f) = firms
    relate(session, a, RelationKind.CONTROLLED_BY, b)
    relate(session, c, RelationKind.LICENCE_FROM, b)
    relate(session, d, RelationKind.MAKES_FOR, c)
    relate(session, e, RelationKind.ACTIVE_INGREDIENT_FROM, d)
    assert group(session, a) == group(session, d) == ids(a, b, c, d)
    assert group(session, e) == ids(e)
    assert group(session, f) == ids(f)


def test_a_relation_counts_on_its_days_both_ends_included(firms):
    session, (a, b, *_) = firms
    relate(
        session, a, RelationKind.CONTROLLED_BY, b, since=date(2026, 1, 1), until=date(2026, 6, 30)
    )

    def on(day):
        return related_firms(session, organisation_id=a.id, on_date=day)

    assert on(date(2025, 12, 31)) == ids(a)
    assert on(date(2026, 1, 1)) == on(date(2026, 6, 30)) == ids(a, b)
    assert on(date(2026, 7, 1)) == ids(a)


def test_a_relation_limited_to_a_product_counts_for_that_product(firms):
    session, (a, b, c, *_) = firms
    relate(session, a, RelationKind.MAKES_FOR, b, product="阿司匹林")
    relate(session, b, RelationKind.CONTROLLED_BY, c)
    assert group(session, a, product="阿司匹林") == ids(a, b, c)
    assert group(session, a, product="布洛芬") == ids(a)
    assert group(session, b, product="布洛芬") == ids(b, c)
    assert group(session, a) == ids(a, b, c)


def test_an_agent_and_its_overseas_holder_are_one_bidder(firms):
    session, (agent, other, *_) = firms
    holder = new_organisation(session, "manufacturer", name="Overseas Ltd", region="000000")
    relate(session, agent, RelationKind.AGENT_OF, holder)
    assert group(session, holder) == ids(agent, holder)
    found = holders_of_agent(session, organisation_id=agent.id, on_date=TODAY)
    assert ids(*found) == ids(holder)
    assert holders_of_agent(session, organisation_id=other.id, on_date=TODAY) == []


def test_a_lead_hospital_reports_for_itself_and_its_members(firms):
    session, _ = firms
    lead, one, two, alone = (new_organisation(session, "hospital") for _ in range(4))
    for member in (two, one):
        relate(session, member, RelationKind.MEMBER_OF_GROUP, lead)
    relate(session, alone, RelationKind.MEMBER_OF_GROUP, lead, until=date(2026, 11, 21))

    def reports(hospital):
        return reports_for(session, hospital_id=hospital.id, on_date=TODAY)

    assert reports(lead) == [lead.id, one.id, two.id]
    assert reports(one) == []
    assert reports(alone) == [alone.id]
    assert group_lead_of(session, hospital_id=one.id, on_date=TODAY) == lead.id
    assert group_lead_of(session, hospital_id=alone.id, on_date=TODAY) is None
    assert group_leads(session, on_date=TODAY) == {one.id: lead.id, two.id: lead.id}


def test_an_alliance_is_its_lead_and_its_members(firms):
    session, _ = firms
    lead = new_organisation(session, "bureau", region="340000")
    members = [new_organisation(session, "bureau", region=each) for each in ("330000", "320000")]
    for member in members:
        relate(session, member, RelationKind.PART_OF_ALLIANCE, lead)
    found = alliance_of(session, bureau_id=lead.id, on_date=TODAY)
    assert [each.region for each in found] == ["340000", "320000", "330000"]


def record(session, subject, kind, related, *, since=date(2026, 1, 1), until=None, product=""):
    facts = RelationFacts(
        subject_id=subject.id,
        kind=kind,
        related_id=related.id,
        since_date=since,
        until_date=until,
        product=product,
    )
    return record_relation(session, facts=facts, moment=MOMENT)


def fields(refusal):
    return {fault.field for fault in refusal.value.faults}


def test_impossible_relations_are_refused(firms):
    session, (a, b, *_) = firms
    hospital = new_organisation(session, "hospital")
    cases = [
        (a, RelationKind.CONTROLLED_BY, a, {}, {"related_id"}),
        (a, RelationKind.MEMBER_OF_GROUP, hospital, {}, {"kind"}),
        (hospital, RelationKind.CONTROLLED_BY, a, {}, {"kind"}),
        (a, RelationKind.AGENT_OF, b, {}, {"related_id"}),
        (a, RelationKind.MAKES_FOR, b, {"until": date(2025, 1, 1)}, {"until_date"}),
    ]
    for subject, kind, related, more, expected in cases:
        with pytest.raises(InvalidInputError) as refusal:
            record(session, subject, kind, related, **more)
        assert fields(refusal) == expected


def test_the_same_relation_is_not_recorded_twice_for_the_same_days(firms):
    session, (a, b, c, *_) = firms
    first = record(session, a, RelationKind.CONTROLLED_BY, b)
    with pytest.raises(InvalidInputError):
        record(session, a, RelationKind.CONTROLLED_BY, b, since=date(2027, 1, 1))
    record(session, a, RelationKind.CONTROLLED_BY, c)
    record(session, a, RelationKind.CONTROLLED_BY, b, product="阿司匹林")
    end_relation(
        session,
        relation_id=first.id,
        organisation_id=a.id,
        until_date=date(2026, 6, 30),
        moment=MOMENT,
    )
    record(session, a, RelationKind.CONTROLLED_BY, b, since=date(2026, 7, 1))


def test_a_hospital_belongs_to_one_group_and_groups_do_not_nest(firms):
    session, _ = firms
    lead, other, member = (new_organisation(session, "hospital") for _ in range(3))
    record(session, member, RelationKind.MEMBER_OF_GROUP, lead)
    for subject, related in [(member, other), (lead, other), (other, member)]:
        with pytest.raises(InvalidInputError):
            record(session, subject, RelationKind.MEMBER_OF_GROUP, related)


def test_a_relation_is_ended_from_either_side_and_by_nobody_else(firms):
    session, (a, b, c, *_) = firms
    relation = record(session, a, RelationKind.CONTROLLED_BY, b)
    with pytest.raises(NotFoundForActorError):
        end_relation(
            session, relation_id=relation.id, organisation_id=c.id, until_date=TODAY, moment=MOMENT
        )
    with pytest.raises(InvalidInputError):
        end_relation(
            session,
            relation_id=relation.id,
            organisation_id=b.id,
            until_date=date(2025, 1, 1),
            moment=MOMENT,
        )
    ended = end_relation(
        session, relation_id=relation.id, organisation_id=b.id, until_date=TODAY, moment=MOMENT
    )
    assert ended.until_date == TODAY
