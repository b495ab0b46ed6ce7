"""The two groups work apart, sign what they computed, and the chair joins the two."""

from decimal import Decimal

import pytest

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.negotiations.errors import NotDeclaredError, NotReadyError
from procurement.negotiations.groups.models import begin_copy, newest_copy, write_copy
from procurement.negotiations.groups.reconciling import signed_results, steps_of
from procurement.negotiations.groups.results import compute_result, sign_result
from procurement.negotiations.kinds import Group
from procurement.permissions import NotFoundForActorError
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.world import MODEL, MOMENT, NegotiationWorld, some


@pytest.fixture
def world(engine):
    return NegotiationWorld(engine).admitted()


def begin(world, name, group):
    with transaction(world.engine) as session:
        begin_copy(session, actor=world.people[name], **about(world, session, group))


def compute(world, name, group, *, draws=10, seed=1):
    with transaction(world.engine) as session:
        how = about(world, session, group)
        return compute_result(session, draws=draws, seed=seed, actor=world.people[name], **how)


def sign(world, name, group, digest):
    with transaction(world.engine) as session:
        how = about(world, session, group)
        return sign_result(session, digest=digest, actor=world.people[name], **how)


def write(world, name, group, text, *, number=1):
    with transaction(world.engine) as session:
        write_copy(
            session,
            files={"model.toml": text},
            note="",
            number=number,
            actor=world.people[name],
            **about(world, session, group),
        )


def about(world, session, group):
    return {
        "dossier": world.dossier(session),
        "group": group,
        "secret_key": SECRET,
        "moment": MOMENT,
    }


@pytest.mark.parametrize("name", ["actuary", "chair", "negotiator", "officer", "maker", "stranger"])
def test_nobody_but_its_members_works_on_a_groups_copy(world, name):
    begin(world, "economist", Group.ECONOMICS)
    for work in (
        lambda: begin(world, name, Group.ECONOMICS),
        lambda: write(world, name, Group.ECONOMICS, MODEL),
        lambda: compute(world, name, Group.ECONOMICS),
        lambda: sign(world, name, Group.ECONOMICS, "0" * 64),
    ):
        with pytest.raises(NotFoundForActorError):
            work()


def test_whoever_has_not_declared_does_not_compute(engine):
    world = NegotiationWorld(engine).file().review().admit()
    with pytest.raises(NotDeclaredError):
        begin(world, "economist", Group.ECONOMICS)


def test_a_conflicted_member_neither_computes_nor_is_waited_for(engine):
    world = NegotiationWorld(engine).file().review()
    world.declare("economist", "economist2", "actuary", "actuary2")
    world.declare("economist2", has_conflict=True).admit()
    begin(world, "economist", Group.ECONOMICS)
    with pytest.raises(NotFoundForActorError):
        compute(world, "economist2", Group.ECONOMICS)
    result = compute(world, "economist", Group.ECONOMICS)
    assert list(result.missing) == [world.people["economist"].person_id]
    # One signature is no group's, even if nobody else is left.
    assert not sign(world, "economist", Group.ECONOMICS, result.digest).is_signed


def test_the_copies_are_apart_from_each_other_and_from_the_makers(world):
    begin(world, "economist", Group.ECONOMICS)
    begin(world, "actuary", Group.FUND)
    write(world, "economist", Group.ECONOMICS, MODEL.replace("price = 240", "price = 250"))
    with snapshot(world.engine) as session:
        how = {"dossier": world.dossier(session), "secret_key": SECRET}
        economics = some(newest_copy(session, group=Group.ECONOMICS, **how))
        fund = some(newest_copy(session, group=Group.FUND, **how))
    assert economics.number == 2 and "price = 250" in economics.files["model.toml"]
    assert fund.files == {"model.toml": MODEL}


def test_two_members_do_not_overwrite_each_other(world):
    begin(world, "economist", Group.ECONOMICS)
    write(world, "economist", Group.ECONOMICS, MODEL + "\n")
    with pytest.raises(StaleError):
        write(world, "economist2", Group.ECONOMICS, MODEL + "\n\n")


def test_a_copy_with_faults_is_not_kept(world):
    begin(world, "economist", Group.ECONOMICS)
    with pytest.raises(InvalidInputError):
        write(world, "economist", Group.ECONOMICS, MODEL.replace("0.6", "0.7"))


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (10**6, 1), (10, -1), (10, 2**40)])
def test_draws_and_seed_have_their_range(world, draws, seed):
    begin(world, "economist", Group.ECONOMICS)
    with pytest.raises(InvalidInputError):
        compute(world, "economist", Group.ECONOMICS, draws=draws, seed=seed)


def test_each_group_takes_the_lowest_of_its_own_ceilings(world):
    world.compute()
    with snapshot(world.engine) as session:
        economics = world.result(session, Group.ECONOMICS)
        fund = world.result(session, Group.FUND)
    assert economics.content["price"] == "264.00"
    counts = {one["kind"]: one["counts"] for one in fund.content["ceilings"]}
    assert counts == {"budget-every-year": True, "reference-price": False}
    assert Decimal(fund.content["price"]) > 0
    assert economics.content["seed"] == 7 and len(economics.content["model"]) == 64


def test_a_group_without_a_ceiling_of_its_own_says_so(world):
    begin(world, "economist", Group.ECONOMICS)
    write(world, "economist", Group.ECONOMICS, MODEL.split("[[constraint]]")[0])
    with pytest.raises(InvalidInputError):
        compute(world, "economist", Group.ECONOMICS)


def test_a_ceiling_that_does_not_exist_says_why(world):
    begin(world, "actuary", Group.FUND)
    # The fund would have to be paid for the drug.
    write(world, "actuary", Group.FUND, MODEL.replace("500_000", "-900_000_000"))
    with pytest.raises(InvalidInputError) as refused:
        compute(world, "actuary", Group.FUND)
    assert len(refused.value.zh) > 30


def test_a_new_result_needs_new_signatures(world):
    world.compute()
    result = compute(world, "economist", Group.ECONOMICS, seed=8)
    assert not result.signed_by
    with pytest.raises(NotReadyError):
        sign(world, "economist", Group.ECONOMICS, "0" * 64)


def test_the_chair_sees_nothing_until_both_groups_have_signed(world):
    begin(world, "economist", Group.ECONOMICS)
    result = compute(world, "economist", Group.ECONOMICS)
    for name in ("economist", "economist2"):
        sign(world, name, Group.ECONOMICS, result.digest)
    with snapshot(world.engine) as session:
        found = signed_results(session, dossier=world.dossier(session), secret_key=SECRET)
    assert found == {}
    with pytest.raises(NotReadyError):
        world.reconcile()


def test_every_step_of_the_chair_is_kept(world):
    world.compute().reconcile().reconcile("weighted-geometric-mean", weight=Decimal("0.5"))
    with snapshot(world.engine) as session:
        steps = steps_of(session, dossier=world.dossier(session), secret_key=SECRET)
    assert [one.policy for one in steps] == ["strict-min", "weighted-geometric-mean"]
    assert steps[1].price >= steps[0].price


@pytest.mark.parametrize(
    "how",
    [
        {"policy": "my-own"},
        {"policy": "weighted-geometric-mean"},
        {"policy": "expert-corridor", "weight": Decimal(2)},
    ],
)
def test_a_policy_is_one_of_those_named_with_what_it_needs(world, how):
    with pytest.raises(InvalidInputError):
        world.compute().reconcile(**how)


def test_a_result_computed_after_the_chairs_step_is_reconciled_again(world):
    world.compute().reconcile().schedule()
    compute(world, "economist", Group.ECONOMICS, seed=8)
    with pytest.raises(NotReadyError):
        world.seal()
