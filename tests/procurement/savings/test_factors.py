"""Factors by form and by file: all faults at once, and the line that names most counts."""

import pytest

from procurement.errors import InvalidInputError
from procurement.savings.settlements.factor_files import factor_template, give_factors_from_csv
from procurement.savings.settlements.factors import factors_of, give_factors, missing_factors
from procurement.savings.statements.computing import start_computing

HEAD = "hospital,batch,lot,product,strength,price_before,payment_ratio,insured_share\n"


def give_file(world, text, encoding="utf-8"):
    return world.do(give_factors_from_csv, content=text.encode(encoding))


def test_a_payment_ratio_above_one_is_refused(world):
    world.draft()
    with pytest.raises(InvalidInputError) as refusal:
        world.do(give_factors, place=(0, 0, 0), texts={"payment_ratio": "1.01"})
    assert [fault.field for fault in refusal.value.faults] == ["payment_ratio"]


def test_a_file_with_one_bad_line_stores_nothing_and_lists_every_fault(world):
    world.draft()
    with pytest.raises(InvalidInputError) as refusal:
        give_file(
            world,
            HEAD
            + ",,L01,,1mg,12.5,,\n"
            + "县医院,,L01,,1mg,12.5,,\n"
            + ",b9-y1,L01,,2mg,x,1.2,\n"
            + ",,,,,3.5,,\n"
            + ",,L01,,1mg,,,\n"
            + ",,L01,,1mg,12.5,,\n"
            + "a,b\n",
        )
    assert [fault.field for fault in refusal.value.faults] == [
        "line 3, hospital",
        "line 4, batch",
        "line 4, strength",
        "line 4, price_before",
        "line 4, payment_ratio",
        "line 5, strength",
        "line 6",
        "line 7",
        "line 8",
    ]
    assert all(fault.zh and fault.en for fault in refusal.value.faults)
    assert not world.read(factors_of)


@pytest.mark.parametrize(
    "text", ["", "hospital,batch\nx,y\n", "price,ratio\n1,2\n", HEAD, 'payment_ratio\n"0.5\n']
)
def test_a_file_that_is_none_is_refused(world, text):
    world.draft()
    with pytest.raises(InvalidInputError):
        give_file(world, text)
    with pytest.raises(InvalidInputError):
        give_file(world, HEAD + "县医院,,,,,,0.6,\n", "gb18030")


def test_the_row_that_names_most_counts_and_a_contradiction_is_a_fault(world):
    world.draft().factors()
    assert not world.read(missing_factors)
    name = world.hospitals[0].organisation.name
    give_file(world, HEAD + f"{name},,,,,,0.7,\n,,L01,,1mg,,0.5,\n")
    found = world.read(missing_factors)
    assert {(one.hospital_id, one.factor, one.is_ambiguous) for one in found} == {
        (world.hospitals[0].id, "payment_ratio", True)
    }
    give_file(world, HEAD + f"{name},,L01,,1mg,,0.8,\n")
    assert not world.read(missing_factors)


def test_a_template_has_a_line_for_each_strength(world):
    world.draft()
    text = world.read(factor_template).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0].startswith("hospital,batch,lot,product,strength,price_before")
    assert [line.split(",")[4] for line in lines[1:]] == ["1mg", "250mg", "500mg", "80mg"]


def test_a_computation_without_a_factor_fails_and_names_it(world):
    world.draft().extract().assess_all()
    run = world.job(world.start(start_computing))
    assert run.status == "failed"
    assert "集采前加权平均价" in run.fault_zh
    assert "weighted mean price before the round" in run.fault_en
    world.factors().compute()
