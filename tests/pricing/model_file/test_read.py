"""Reading a model: a folder or one file, what it says, its digest."""

import numpy as np
import pytest

from pricing.budget_impact import budget_impact
from pricing.model_file import parse_model, read_model
from tests.pricing.model_file.samples import (
    BUDGET,
    COHORT,
    COHORT_TABLES,
    budget_of,
    changed,
    files,
    model,
)


def test_a_folder_and_its_files_read_alike(tmp_path):
    for name, content in files(COHORT, COHORT_TABLES).items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "other.csv").write_text("not,used\n", "utf-8")
    from_folder, from_files = read_model(tmp_path), model(COHORT, COHORT_TABLES)
    assert from_folder.digest == from_files.digest
    assert set(from_folder.files) == {"model.toml", *COHORT_TABLES}


def test_one_file_may_have_any_name(tmp_path):
    (tmp_path / "a drug.toml").write_text(BUDGET, "utf-8")
    assert read_model(tmp_path / "a drug.toml").digest == model(BUDGET).digest


def test_the_digest_changes_with_every_file():
    digests = {model(COHORT, COHORT_TABLES).digest, model(COHORT + "\n", COHORT_TABLES).digest}
    for name, text in COHORT_TABLES.items():
        digests.add(model(COHORT, {**COHORT_TABLES, name: text + "\n"}).digest)
    assert len(digests) == 5


def test_windows_lines_and_a_byte_order_mark_change_nothing():
    plain = budget_impact(budget_of(model(BUDGET).at()))
    windows = parse_model({"model.toml": b"\xef\xbb\xbf" + BUDGET.replace("\n", "\r\n").encode()})
    assert np.array_equal(budget_impact(budget_of(windows.at())).impact, plain.impact)


def test_what_the_model_says_is_there():
    found = model(BUDGET)
    assert (found.title, found.negotiated.name, found.negotiated.unit) == ("a drug", "A", "year")
    assert found.negotiated.price == 100
    assert found.years == 2
    assert tuple(found.scenarios) == ("high",)
    assert (found.reference, found.negotiated_strategy) == ("", "")
    assert found.has_uncertainty


def test_the_sample_gives_what_the_formulas_give():
    impact = budget_impact(budget_of(model(BUDGET).at()))
    eligible = np.array([1000 * 0.5 * 0.2, 1000 * 1.1 * 0.5 * 0.2])
    moved = eligible * np.array([0.25, 0.5])
    assert impact.impact[:, 0] == pytest.approx(moved * (100 + 40 - 10 - 40) * 0.75)
    assert impact.offsets[:, 0] == pytest.approx(-moved * 10 * 0.75)
    assert impact.patient_view[:, 0] == pytest.approx(moved * 90 * 0.25)


def test_an_input_knows_its_unit_source_date_and_mark():
    text = changed(
        BUDGET,
        (
            "size = 1000",
            'size = { value = 1000, unit = "people", source = "census", date = 2020-11-01, '
            'verified = true, note = "all ages" }',
        ),
    )
    size = model(text).inputs["population.size"]
    assert (size.unit, size.source, size.date) == ("people", "census", "2020-11-01")
    assert (size.verified, size.note, size.is_default) == (True, "all ages", False)
    assert model(text).inputs["treatment.B.offset"].is_default
    assert model(text).inputs["population.growth"].verified is None


def test_a_model_without_names_of_uncertain_inputs_has_no_uncertainty():
    text = BUDGET[: BUDGET.index("[uncertain]")]
    assert not model(text).has_uncertainty


def test_values_may_be_given_by_year():
    text = changed(BUDGET, ("price = 40", 'price = [40, "2 * visit + 4"]'))
    prices = budget_of(model(text).at()).treatments[1].price
    assert prices.tolist() == [[40], [44]]
    assert {"treatment.B.price.1", "treatment.B.price.2"} <= set(model(text).inputs)


COHORTS = 'year,incident,prevalent,exits\n1,100,1000,50\n2,"2 * 60",,0\n'


def cohort_population(text: str = "") -> str:
    return changed(
        BUDGET,
        ("size = 1000\ngrowth = 0.1\n", f'cohorts = "cohorts.csv"\n{text}'),
        ("funnel = { prevalence = 0.5, treated = 0.2 }", "funnel = { prevalence = 0.5 }"),
    )


def test_cohorts_take_the_place_of_size_and_growth():
    found = budget_of(model(cohort_population(), {"cohorts.csv": COHORTS}).at())
    assert found.eligible[:, 0].tolist() == [1050 * 0.5, (1050 + 120) * 0.5]


def test_cohorts_may_be_stacked():
    text = cohort_population("retention = [1, 0.5]\n")
    found = budget_of(model(text, {"cohorts.csv": COHORTS}).at())
    assert found.eligible[:, 0].tolist() == [1050 * 0.5, (1050 * 0.5 + 120) * 0.5]


def test_a_missing_year_of_cohorts_is_a_fault():
    with pytest.raises(ValueError, match="year 2 is missing: expected years 1 to 2"):
        model(cohort_population(), {"cohorts.csv": COHORTS.split("2,")[0]})


@pytest.mark.parametrize(
    ("curve", "parts"),
    [
        ('curve = "step"\nyears_to_full = 2', [0, 1]),
        ('curve = "logistic"\nsteepness = 1\nhalf_at = 2', [1 / (1 + np.e), 0.5]),
        ('curve = "table"\ntable = [0.2, "2 * 0.4"]', [0.2, 0.8]),
        ('curve = "table"\ntable = "uptake.csv"', [0.3, 0.9]),
    ],
)
def test_every_uptake_curve_can_be_given(curve, parts):
    text = changed(BUDGET, ('curve = "linear"\nyears_to_full = 2', curve))
    found = model(text, {"uptake.csv": "year,part\n2,0.9\n1,0.3\n"})
    assert budget_of(found.at()).curve[:, 0] == pytest.approx(parts)


def test_without_a_curve_the_mix_changes_at_once():
    text = changed(BUDGET, ('[uptake]\ncurve = "linear"\nyears_to_full = 2\n', ""))
    assert budget_of(model(text).at()).curve[:, 0].tolist() == [1, 1]


def test_agreement_elasticity_and_combination_are_read():
    text = BUDGET + (
        '[managed_entry]\ncap = [100, "50 * 4"]\n[elasticity]\nvalue = -0.5\n'
        '[combination]\npolicy = "expert-corridor"\nposition = 0.5\n'
    )
    found = model(text).at()
    assert found.managed_entry.cap == (100, 200)
    assert found.elasticity is not None
    assert found.elasticity.reference_price == 100
    assert found.combination.position == 0.5
    plain = model(BUDGET).at()
    assert plain.elasticity is None
    assert plain.combination.policy == "strict-min"


def test_a_fault_of_an_agreement_is_placed_in_the_file():
    with pytest.raises(ValueError, match=r"model\.toml:43:\d+: managed_entry\.refund_share: is 2"):
        model(BUDGET + "[managed_entry]\nrefund_share = 2\n".replace("\n[", "["))
