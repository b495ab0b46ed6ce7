"""What a calculation may not be: in another unit, out of range, a cent off, or too much work."""

import io
import math
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pricing.ceilings import Ceiling, Combination, combine
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.negotiations.dossiers.calculation import model_of, unpacked
from procurement.negotiations.errors import NotReadyError
from procurement.negotiations.groups import reconciling, results
from procurement.negotiations.groups.calculating import DRAWS_MAX, calculated, report_of
from procurement.negotiations.groups.models import newest_copy, write_copy
from procurement.negotiations.groups.policies import POLICY_WORDS, combined
from procurement.negotiations.groups.tables import WorkKey
from procurement.negotiations.kinds import Group
from procurement.negotiations.pages import outputs
from procurement.negotiations.sessions import sealing
from tests.procurement.bids.world import SECRET
from tests.procurement.negotiations.visitors import visited
from tests.procurement.negotiations.world import MODEL, MOMENT, NegotiationWorld, some

UNIT = 'unit = "盒（30片）"'
PRICES = st.integers(1, 10**13).map(lambda cents: Decimal(cents) / 100)
WEIGHTS = st.integers(0, 1000).map(lambda part: Decimal(part) / 1000)
UNCERTAIN = """
[parameter.rr]
value = 0.5
distribution = { kind = "beta", mean = 0.5, se = 0.01 }
"""


def write(world, text):
    with transaction(world.engine) as session:
        about = {"dossier": world.dossier(session), "group": Group.FUND, "secret_key": SECRET}
        write_copy(
            session,
            files={"model.toml": text},
            note="",
            number=some(newest_copy(session, **about)).number,
            actor=world.people["actuary"],
            moment=MOMENT,
            **about,
        )


def refusal(files):
    with pytest.raises(InvalidInputError) as refused:
        model_of(files)
    return refused.value.en


def cohort(*, cycles=10, states=2, uncertain=True):
    names = [f"s{number}" for number in range(states)]
    chance = "0.1 * rr" if uncertain else "0.1"
    rows = [
        f"{one},{names[number - 1]},{chance}\n{one},{one},C" for number, one in enumerate(names)
    ]
    strategies = "".join(
        f"[cost_effectiveness.strategy.{one}]\n"
        f'transitions = "t.csv"\neffect = {{ s0 = 1 }}\n{units}'
        for one, units in (("old", ""), ("new", "negotiated_units = { s0 = 1 }\n"))
    )
    text = f"""
title = "cohort"
[negotiated]
price = 100
{UNCERTAIN if uncertain else ""}
[cost_effectiveness]
kind = "cohort"
reference = "old"
negotiated = "new"
cycles = {cycles}
states = {names}
start = {{ s0 = 1 }}
{strategies}
[[constraint]]
kind = "icer"
threshold = 100
"""
    return {"model.toml": text, "t.csv": "from,to,probability\n" + "\n".join(rows) + "\n"}


def zipped(*members, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as packed:
        for name, text in members:
            packed.writestr(name, text)
    return bytearray(file.getvalue())


def test_a_calculation_file_without_a_unit_is_not_handed_in(engine):
    world = NegotiationWorld(engine).open().start().fill().add_model(MODEL.replace(UNIT, ""))
    with pytest.raises(InvalidInputError) as refused:
        world.submit()
    assert "negotiated.unit is missing" in refused.value.en


@pytest.mark.parametrize("unit", ['unit = "片"', ""])
def test_a_groups_copy_keeps_the_priced_unit_of_the_dossier(engine, unit):
    world = NegotiationWorld(engine).admitted().compute()
    with pytest.raises(InvalidInputError) as refused:
        write(world, MODEL.replace(UNIT, unit))
    assert "expected “盒（30片）”" in refused.value.en


def test_a_copy_in_another_unit_is_not_computed(engine, monkeypatch):
    world = NegotiationWorld(engine).admitted().compute()
    with monkeypatch.context() as patched:
        # As one was kept before its unit was looked at.
        patched.setattr(
            "procurement.negotiations.groups.models.require_filed_unit", lambda *_, **__: 0
        )
        write(world, MODEL.replace(UNIT, 'unit = "片"'))
    with pytest.raises(InvalidInputError):
        world.compute()


def test_prices_for_different_units_are_not_reconciled(engine, monkeypatch):
    world = NegotiationWorld(engine).admitted()
    with monkeypatch.context() as patched:
        patched.setattr(
            results,
            "calculated",
            lambda *given, **how: {**calculated(*given, **how), "unit": str(how["group"])},
        )
        world.compute()
    with pytest.raises(InvalidInputError):
        world.reconcile()


@pytest.mark.parametrize("price", ["0.004", "900_000_000_000_000"])
def test_a_price_that_no_envelope_can_hold_is_no_result(price):
    model = model_of({"model.toml": MODEL.replace("price = 240", f"price = {price}")})
    with pytest.raises(InvalidInputError) as refused:
        calculated(model, group=Group.ECONOMICS, draws=10, seed=1)
    assert "expected 0.01 to below" in refused.value.en


@pytest.mark.parametrize("price", ["0.00", "1000000000000.00", "90000000000000.00"])
def test_a_price_out_of_range_is_not_reconciled(engine, monkeypatch, price):
    world = NegotiationWorld(engine).admitted().compute()
    monkeypatch.setattr(reconciling, "combined", lambda *_, **__: Decimal(price))
    with pytest.raises(InvalidInputError):
        world.reconcile()


@pytest.mark.parametrize("price", ["0.00", "1000000000000.00"])
def test_what_could_not_be_opened_is_not_sealed(engine, monkeypatch, price):
    world = NegotiationWorld(engine).admitted().compute()
    with monkeypatch.context() as patched:
        patched.setattr(reconciling, "combined", lambda *_, **__: Decimal(price))
        patched.setattr(reconciling, "range_faults", lambda *_: [], raising=False)
        world.reconcile().schedule()
    with transaction(engine) as session, pytest.raises(NotReadyError):
        sealing.seal_maximum_price(
            session,
            dossier=world.dossier(session),
            actor=world.people["chair"],
            secret_key=SECRET,
            moment=MOMENT,
        )
    with snapshot(engine) as session:
        assert session.scalar(select(WorkKey.sealed)) is not None


@given(policy=st.sampled_from(sorted(POLICY_WORDS)), price=PRICES, weight=WEIGHTS)
def test_two_equal_prices_give_that_price(policy, price, weight):
    assert combined(policy, economics=price, fund=price, weight=weight) == price


@given(economics=st.integers(1, 10**13), fund=st.integers(1, 10**13))
def test_the_even_geometric_mean_is_the_whole_root_of_the_product(economics, fund):
    two = {"economics": Decimal(economics) / 100, "fund": Decimal(fund) / 100}
    mean = combined("weighted-geometric-mean", weight=Decimal("0.5"), **two)
    assert mean * 100 == math.isqrt(economics * fund)


@given(one=PRICES, other=PRICES)
def test_a_mean_with_all_weight_on_one_price_is_that_price(one, other):
    name = "weighted-geometric-mean"
    assert combined(name, economics=one, fund=other, weight=Decimal(1)) == one
    assert combined(name, economics=one, fund=other, weight=Decimal(0)) == other


@given(
    policy=st.sampled_from(sorted(POLICY_WORDS)),
    cents=st.tuples(st.integers(100, 10**8), st.integers(100, 10**8)),
    weight=WEIGHTS.filter(bool),
)
def test_the_policies_are_those_of_the_engine_to_a_cent(policy, cents, weight):
    economics, fund = (Decimal(one) / 100 for one in cents)
    ceilings = (
        Ceiling("icer", "economics", price=economics, exact=float(economics)),
        Ceiling("budget-every-year", "fund", price=fund, exact=float(fund)),
    )
    shares = (("economics", float(weight)), ("fund", 1 - float(weight)))
    twin = combine(ceilings, Combination(policy, shares, float(weight)))
    own = combined(policy, economics=economics, fund=fund, weight=weight)
    assert abs(own - some(twin.price)) <= Decimal("0.01")


def test_a_constraints_own_draws_have_the_limit_of_a_request():
    asked = f"draws = {DRAWS_MAX + 1}\noverrun_probability = 0.1\ncap = 500_000\n"
    more = f'[[constraint]]\nkind = "budget-quantile"\nname = "tail"\n{asked}'
    assert "Constraint “tail”: draws are 20,001" in refusal({"model.toml": MODEL + more})
    assert model_of({"model.toml": MODEL + more.replace("20001", "20000")})


def test_a_model_of_too_many_cells_is_not_read():
    assert "cycles x states^2" in refusal(cohort(cycles=10_000, states=20))


def test_files_of_too_many_rows_are_not_read():
    assert "Too many lines" in refusal({"model.toml": MODEL + "\n" * 20_001})


def test_files_of_too_long_formulas_are_not_read():
    text = "# " + "+" * 100_001
    assert "operators" in refusal({"model.toml": MODEL + text})


def test_models_that_name_each_others_models_are_not_read():
    one = '\n[[indication]]\nname = "again"\nmodel = "a.toml"\n'
    assert "indications" in refusal({"model.toml": MODEL + one, "a.toml": MODEL + one})
    assert "indications" in refusal({"model.toml": one * 31, "a.toml": MODEL})


def test_a_model_that_takes_too_long_in_so_many_draws_is_not_run():
    model = model_of(cohort(cycles=10_000, states=7))
    with pytest.raises(InvalidInputError) as refused:
        report_of(model, draws=DRAWS_MAX, seed=1)
    assert "Too much work" in refused.value.en
    # In no draws there is next to nothing to do.
    assert report_of(model_of(cohort(uncertain=False)), draws=DRAWS_MAX, seed=1).draws == 0


def test_the_makers_outputs_take_few_draws(engine, tmp_path, monkeypatch):
    asked = []

    def noted(model, *, draws, seed):
        asked.append(draws)
        return report_of(model, draws=draws, seed=seed)

    monkeypatch.setattr(outputs, "report_of", noted)
    world = NegotiationWorld(engine).file()
    with visited(engine, tmp_path) as visitors:
        assert visitors.get(world, "maker", "outputs").status_code == 200
    assert asked == [200]


@pytest.mark.parametrize(
    ("method", "at"),
    [(zipfile.ZIP_DEFLATED, 40), (zipfile.ZIP_LZMA, 44), (zipfile.ZIP_BZIP2, 41)],
)
def test_a_damaged_member_of_any_method_is_refused(method, at):
    content = zipped(("model.toml", "title = 'a'\n" * 50), method=method)
    content[at : at + 5] = b"\xff" * 5
    with pytest.raises(InvalidInputError) as refused:
        unpacked("a.zip", io.BytesIO(bytes(content)))
    assert "cannot be read" in refused.value.en


def test_one_file_name_twice_is_refused():
    content = zipped(("a/model.toml", MODEL), ("b/model.toml", MODEL))
    with pytest.raises(InvalidInputError) as refused:
        unpacked("a.zip", io.BytesIO(bytes(content)))
    assert "model.toml is there twice" in refused.value.en
