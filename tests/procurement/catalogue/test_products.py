"""Adding and changing products on both databases."""

import pytest
from sqlalchemy import func, select

from procurement.accounts.tables import OrganisationKind
from procurement.audit import entries_about
from procurement.catalogue.generic_products import (
    add_generic_product,
    change_generic_product,
    generic_product_card,
    strengths_of,
)
from procurement.catalogue.products import change_product, product_card, raw_values
from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.permissions import NotFoundForActorError
from tests.procurement.catalogue.builders import (
    ANASTROZOLE,
    HOLDER,
    OFFICER,
    new_holder,
    new_product,
)
from tests.procurement.world import MOMENT, new_organisation


@pytest.fixture
def session(engine):
    with transaction(engine) as opened:
        new_holder(opened)
        yield opened


def change(session, product, **changes):
    raw = {**raw_values(product_card(session, product_id=product.id)), **changes}
    return change_product(
        session,
        product_id=product.id,
        raw=raw,
        version=product.version,
        actor=OFFICER,
        moment=MOMENT,
    )


def refused(call, *arguments, **options):
    with pytest.raises(InvalidInputError) as refusal:
        call(*arguments, **options)
    return [fault.field for fault in refusal.value.faults]


def test_a_product_brings_its_generic_product_and_its_strength(session):
    product = new_product(session)
    card = product_card(session, product_id=product.id)
    assert card.title == "阿那曲唑（片剂） 1mg"
    assert card.generic_product.dosage_form == "oral-solid"
    assert (str(card.strength.content), card.strength.content_unit) == ("1", "mg")
    assert card.holder.name == HOLDER
    assert [entry.action for entry in entries_about(session, subject=f"product/{product.id}")] == [
        "add-product"
    ]


def test_a_second_pack_shares_generic_product_and_strength(session):
    first = new_product(session)
    second = new_product(session, pack_units="28", pack="28片/盒", drug_code="")
    assert second.generic_product_id == first.generic_product_id
    assert second.strength_id == first.strength_id
    assert [pack.id for pack in product_card(session, product_id=first.id).other_packs] == [
        second.id
    ]


def test_the_same_pack_is_not_added_twice(session):
    new_product(session)
    assert refused(new_product, session) == ["pack_units"]
    assert refused(new_product, session, drug_code="") == ["pack_units"]
    assert session.scalar(select(func.count(Product.id))) == 1


def test_a_holder_is_named_by_name_or_by_credit_code(session):
    holder = new_organisation(session, OrganisationKind.MANUFACTURER)
    product = new_product(
        session, holder=str(holder.credit_code), approval_number="国药准字H20203999", drug_code=""
    )
    assert product.holder_id == holder.id


def test_a_holder_that_is_not_registered_or_of_another_kind_is_refused(session):
    new_organisation(session, OrganisationKind.HOSPITAL, name="某医院")
    assert refused(new_product, session, holder="无此企业") == ["holder"]
    assert refused(new_product, session, holder="某医院", maker="无此企业") == ["holder", "maker"]


def test_a_name_that_two_firms_bear_must_be_replaced_by_a_credit_code(session):
    new_holder(session)
    assert refused(new_product, session) == ["holder"]


def test_a_hospital_holds_its_own_preparations(session):
    hospital = new_organisation(session, OrganisationKind.HOSPITAL, name="某医院")
    product = new_product(
        session,
        kind="医疗机构制剂",
        name="某合剂",
        approval_number="",
        drug_code="",
        evaluation="",
        evaluated_on="",
        holder="某医院",
    )
    assert (product.holder_id, product.approval_number) == (hospital.id, "")


def test_products_of_one_generic_product_share_unit_kind_and_category(session):
    new_product(session)
    faults = refused(
        new_product, session, pack_units="28", drug_code="", unit="粒", category="抗菌药物等品种"
    )
    assert faults == ["category", "unit"]


def test_an_approval_number_belongs_to_one_holder_and_one_generic_product(session):
    new_product(session)
    new_holder(session, "另一药业有限公司")
    other = {"drug_code": "", "pack_units": "28"}
    assert refused(new_product, session, holder="另一药业有限公司", **other) == ["approval_number"]
    assert refused(new_product, session, name="来曲唑", **other) == ["approval_number"]


def test_a_code_belongs_to_one_product(session):
    new_product(session)
    faults = refused(new_product, session, strength="2mg", approval_number="国药准字H20203002")
    assert faults == ["drug_code"]


def test_evaluation_belongs_to_the_number_and_changes_in_all_packs(session):
    first = new_product(session, evaluation="未通过", evaluated_on="")
    second = new_product(
        session, evaluation="未通过", evaluated_on="", pack_units="28", drug_code=""
    )
    change(session, first, evaluation="passed", evaluated_on="2026-11-01")
    assert (second.evaluation, second.version) == ("passed", 2)
    assert str(second.evaluated_on) == "2026-11-01"


def test_changing_counts_versions_and_a_stale_change_is_refused(session):
    product = new_product(session)
    change(session, product, brand="某商品名")
    assert (product.version, product.brand) == (2, "某商品名")
    with pytest.raises(StaleError):
        change_product(
            session,
            product_id=product.id,
            raw={**ANASTROZOLE, "holder": HOLDER},
            version=1,
            actor=OFFICER,
            moment=MOMENT,
        )


def test_changing_nothing_changes_nothing(session):
    product = new_product(session)
    change(session, product)
    assert product.version == 1
    assert len(entries_about(session, subject=f"product/{product.id}")) == 1


def test_a_product_cannot_become_another_one(session):
    first = new_product(session)
    second = new_product(session, pack_units="28", drug_code="")
    faults = refused(change, session, second, pack_units="14", pack=first.pack)
    assert faults == ["pack_units"]
    assert refused(change, session, second, drug_code=first.drug_code) == ["drug_code"]


def test_a_product_may_take_another_pack_and_strength(session):
    product = new_product(session)
    change(session, product, pack_units="30", strength="2mg")
    card = product_card(session, product_id=product.id)
    assert (card.product.pack_units, card.strength.label) == (30, "2mg")


def test_a_product_that_is_not_there_cannot_be_found(session):
    with pytest.raises(NotFoundForActorError):
        product_card(session, product_id=99)
    with pytest.raises(NotFoundForActorError):
        generic_product_card(session, generic_product_id=99)


def test_a_generic_product_shows_its_strengths_by_content_with_ratios(session):
    new_product(session, strength="10mg", drug_code="")
    new_product(session, strength="0.005g", drug_code="", approval_number="国药准字H20203002")
    product = new_product(
        session, strength="大号", drug_code="", approval_number="国药准字H20203003"
    )
    card = generic_product_card(session, generic_product_id=product.generic_product_id)
    assert [(line.strength.label, line.ratio, line.products) for line in card.strengths] == [
        ("0.005g", 1, 1),
        ("10mg", 2, 1),
        ("大号", None, 1),
    ]
    labels = strengths_of(session, generic_product_id=product.generic_product_id)
    assert [strength.label for strength in labels] == ["0.005g", "10mg", "大号"]


def test_a_generic_product_may_be_recorded_before_any_product(session):
    raw = {"name": "来曲唑", "printed_form": "片剂", "unit": "片"}
    added = add_generic_product(session, raw=raw, actor=OFFICER, moment=MOMENT)
    assert added.dosage_form == "oral-solid"
    assert refused(add_generic_product, session, raw=raw, actor=OFFICER, moment=MOMENT) == ["name"]
    with pytest.raises(StaleError):
        change_generic_product(
            session,
            generic_product_id=added.id,
            raw=raw,
            version=7,
            actor=OFFICER,
            moment=MOMENT,
        )
    changed = change_generic_product(
        session,
        generic_product_id=added.id,
        raw={**raw, "category": "special"},
        version=1,
        actor=OFFICER,
        moment=MOMENT,
    )
    assert (changed.category, changed.version) == ("special", 2)


def test_the_kind_of_a_generic_product_with_products_stays(session):
    product = new_product(session)
    raw = {"name": "阿那曲唑", "printed_form": "片剂", "unit": "片", "kind": "中成药"}
    faults = refused(
        change_generic_product,
        session,
        generic_product_id=product.generic_product_id,
        raw=raw,
        version=1,
        actor=OFFICER,
        moment=MOMENT,
    )
    assert faults == ["kind"]


def test_a_generic_product_known_by_name_alone_learns_its_unit(session):
    session.add(GenericProduct(name="阿那曲唑", printed_form="片剂"))
    session.flush()
    product = new_product(session)
    stored = session.get(GenericProduct, product.generic_product_id)
    assert (stored.unit, session.scalar(select(func.count(GenericProduct.id)))) == ("片", 1)
    assert session.scalar(select(func.count(ProductStrength.id))) == 1
