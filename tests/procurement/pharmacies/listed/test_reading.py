"""What is typed about a drug: read exactly, or named as wrong."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.pharmacies.listed.kinds import Control, DrugState, Storage
from procurement.pharmacies.listed.reading import read_typed
from procurement.pharmacies.listed.terms import (
    LineDraft,
    Terms,
    columns_of,
    line_text,
    read_line_text,
)
from procurement.pharmacies.rules.eligibility import is_covered_indication, is_diagnosis_code

SHARES = st.one_of(
    st.none(),
    st.decimals("0", "1", places=4).map(lambda one: one.normalize() if one else Decimal(0)),
)
DAYS = st.one_of(st.none(), st.dates(date(2017, 1, 1), date(2199, 12, 31)))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)

TERMS = st.builds(
    Terms,
    state=st.sampled_from(DrugState),
    indication_limits=TEXTS,
    indication_codes=st.sampled_from(["", "C34.9", "C34.900X001\nC50"]),
    agreement_starts_on=DAYS,
    agreement_ends_on=DAYS,
    self_pay_share=SHARES,
    employee_share=SHARES,
    resident_share=SHARES,
    registration_needed=st.booleans(),
    papers=st.sampled_from(["", "病理报告", "病理报告\n影像报告"]),
    reevaluation_months=st.one_of(st.none(), st.integers(1, 120)),
    storage=st.one_of(st.none(), st.sampled_from(Storage)),
)


@given(TERMS, DAYS)
def test_a_line_is_read_back_as_it_was_written(terms, day):
    line = LineDraft(generic_product_id=1, control=Control.NONE, terms=terms, starts_on=day)
    read, kept = read_line_text(line_text(line))
    assert read == terms
    assert kept.get("starts_on") == (str(day) if day else None)


@given(TERMS)
def test_terms_that_are_shown_in_a_form_are_typed_back_unchanged(terms):
    shown = {
        name: ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for name, value in columns_of(terms).items()
        if value is not None
    }
    typed = read_typed(shown)
    starts_on, ends_on = terms.agreement_starts_on, terms.agreement_ends_on
    is_ordered = starts_on is None or ends_on is None or starts_on <= ends_on
    assert [one.field for one in typed.faults] == ([] if is_ordered else ["agreement_ends_on"])
    assert typed.terms == terms


@given(
    st.dictionaries(st.sampled_from([*columns_of(Terms(state=DrugState.DUAL)), "control"]), TEXTS)
)
def test_nothing_that_is_typed_breaks_the_reading(raw):
    typed = read_typed(raw)
    assert (
        typed.terms is not None or typed.faults or "state" not in raw or raw["state"] == "removed"
    )


def test_words_of_published_lists_are_understood():
    words = {
        "单独支付": DrugState.DUAL_SEPARATE,
        "双通道，单独支付": DrugState.DUAL_SEPARATE,
        "单行支付": DrugState.DUAL_SEPARATE,
        "双通道": DrugState.DUAL,
        "乙类": DrugState.ORDINARY,
        "DUAL": DrugState.DUAL,
    }
    read = {word: read_typed({"state": word}).terms for word in words}
    assert {word: terms and terms.state for word, terms in read.items()} == words
    assert read_typed({"state": "调出"}).terms is None
    assert read_typed({"state": "双通道", "self_pay_share": "0.25"}) == read_typed(
        {"state": "双通道", "self_pay_share": "25%"}
    )


@given(st.from_regex(r"[A-Za-z][0-9]{2}(\.[0-9A-Za-z]{1,8})?[+*]?", fullmatch=True))
def test_a_diagnosis_that_the_list_names_is_one_that_a_patient_may_have(code):
    typed = read_typed({"state": "双通道", "indication_codes": f"{code}、{code.lower()}"})
    assert typed.faults == [] and typed.terms is not None
    assert typed.terms.indication_codes == code.upper()
    assert is_diagnosis_code(code) and is_covered_indication(code, [typed.terms.indication_codes])


def test_days_in_the_wrong_order_and_odd_shares_are_named():
    typed = read_typed(
        {
            "state": "双通道",
            "starts_on": "2022-05-01",
            "ends_on": "2022-04-30",
            "agreement_starts_on": "2022-13-01",
            "self_pay_share": "101%",
            "reevaluation_months": "0",
            "registration_needed": "maybe",
            "indication_codes": "34",
            "storage": "warm",
        }
    )
    assert sorted({one.field for one in typed.faults}) == [
        "agreement_starts_on",
        "ends_on",
        "indication_codes",
        "reevaluation_months",
        "registration_needed",
        "self_pay_share",
        "storage",
    ]
