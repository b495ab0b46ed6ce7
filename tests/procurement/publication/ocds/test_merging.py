"""Our merge is that of the reference implementation, whatever the releases say."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.publication.ocds.rules.merge import compiled_release, with_retractions
from tests.procurement.publication.ocds.offline import reference_merger

WORDS = st.sampled_from(["a", "b", "甲", "0"])
IDS = st.sampled_from(["1", "2", "3"])


def things(**fields):
    one = st.fixed_dictionaries({"id": IDS}, optional=fields)
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda thing: thing["id"])


VALUE = st.fixed_dictionaries({"amount": st.integers(0, 9), "currency": st.just("CNY")})
CODES = st.lists(st.fixed_dictionaries({"scheme": WORDS, "id": WORDS}), min_size=1, max_size=2)
ITEMS = things(
    description=WORDS | st.none(),
    quantity=st.integers(0, 3) | st.none(),
    unit=st.fixed_dictionaries({}, optional={"name": WORDS | st.none(), "value": VALUE}).filter(
        bool
    ),
    additionalClassifications=CODES,
    activeIngredients=st.lists(
        st.fixed_dictionaries({"name": WORDS}), min_size=1, max_size=2, unique_by=str
    ),
)
BODY = st.fixed_dictionaries(
    {},
    optional={
        "language": WORDS | st.none(),
        "parties": things(
            name=WORDS | st.none(),
            roles=st.lists(WORDS, min_size=1, max_size=2),
            additionalIdentifiers=CODES,
        ),
        "tender": st.fixed_dictionaries(
            {"id": st.just("t")},
            optional={
                "title": WORDS | st.none(),
                "items": ITEMS,
                "lots": things(status=WORDS | st.none(), title=WORDS),
                "submissionMethod": st.lists(WORDS, min_size=1, max_size=2),
                "tenderPeriod": st.fixed_dictionaries({"startDate": WORDS | st.none()}),
            },
        ),
        "bids": st.fixed_dictionaries(
            {"statistics": things(measure=WORDS, value=st.integers(0, 5))}
        ),
        "awards": things(status=WORDS | st.none(), items=ITEMS, value=VALUE),
        "contracts": things(awardID=IDS, dateSigned=WORDS | st.none(), items=ITEMS),
    },
)


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "ocds"


@pytest.fixture(scope="module")
def merger(folder):
    """The reference, with its schema read once."""
    return reference_merger(folder)


def released(bodies):
    return [
        {
            "ocid": "ocds-000000-x",
            "id": f"{number}",
            "date": f"2026-11-{number:02d}T00:00:00Z",
            "tag": ["tender"],
            "initiationType": "tender",
            **body,
        }
        for number, body in enumerate(bodies, start=1)
    ]


@given(st.lists(BODY, min_size=1, max_size=4))
def test_any_releases_merge_as_the_reference_merges_them(merger, bodies):
    releases = released(bodies)
    before = copy.deepcopy(releases)
    assert compiled_release(releases) == merger.create_compiled_release(releases)
    assert releases == before


@given(BODY, BODY)
def test_after_a_retraction_nothing_is_left_of_what_is_no_longer_said(before, now):
    said = with_retractions(before, now)
    merged = compiled_release(released([before, said]))
    assert merged.get("language") == now.get("language")
    tender, present = merged.get("tender", {}), now.get("tender", {})
    assert tender.get("title") == present.get("title")
    gone = {one["id"] for one in before.get("awards", ())}
    gone -= {one["id"] for one in now.get("awards", ())}
    by_id = {one["id"]: one for one in merged.get("awards", ())}
    assert {by_id[one]["status"] for one in gone} <= {"cancelled"}
    for one in now.get("awards", ()):
        assert by_id[one["id"]].get("status") == one.get("status")


class Unlike(dict[str, object]):
    """An object that is like no other one."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None


def unlike(value):
    if isinstance(value, dict):
        return Unlike({name: unlike(one) for name, one in value.items()})
    return [unlike(one) for one in value] if isinstance(value, list) else value


@given(BODY, BODY)
def test_what_stands_as_it_stood_is_told_as_if_it_had_been_gone_through(before, now):
    for present in (now, before, before | now):
        gone_through = with_retractions(unlike(before), present)
        assert json.dumps(with_retractions(before, present)) == json.dumps(gone_through)
