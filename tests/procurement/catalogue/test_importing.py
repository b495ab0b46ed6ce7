"""Importing files: every fault is shown before anything is stored, and storing happens once."""

from datetime import date

import pytest
from sqlalchemy import func, select

from procurement.accounts.tables import OrganisationKind
from procurement.catalogue.importing import (
    ImportFaultyError,
    apply_upload,
    faults_of,
    lines_of,
    upload_file,
    upload_of,
)
from procurement.catalogue.listing import ProductFilter, product_list
from procurement.catalogue.products import product_card
from procurement.catalogue.tables import GenericProduct, Product
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from tests.procurement.catalogue.builders import (
    ANASTROZOLE,
    HOLDER,
    OFFICER,
    csv_file,
    excel_file,
    new_holder,
    new_product,
)
from tests.procurement.world import MOMENT, new_organisation

LINE = {**ANASTROZOLE, "holder": HOLDER}
OTHER = {
    **LINE,
    "name": "来曲唑",
    "approval_number": "国药准字H20203002",
    "drug_code": "",
    "strength": "2.5mg",
}


@pytest.fixture
def session(engine):
    with transaction(engine) as opened:
        new_holder(opened)
        yield opened


def upload(session, content, encoding="utf-8"):
    if isinstance(content, str):
        content = content.encode(encoding)
    return upload_file(
        session,
        filename="目录.csv",
        content=content,
        encoding=encoding,
        actor=OFFICER,
        moment=MOMENT,
    )


def places(stored):
    return [(fault.row, fault.column) for fault in faults_of(stored)]


def apply(session, stored):
    return apply_upload(session, upload_id=stored.id, actor=OFFICER, moment=MOMENT)


def count(session, entity=Product):
    return session.scalar(select(func.count(entity.id)))


def test_a_good_file_is_previewed_first_and_stored_by_the_second_step(session):
    stored = upload(session, csv_file(LINE, OTHER))
    assert (stored.line_count, stored.fault_count, stored.added, stored.changed) == (2, 0, 2, 0)
    assert (stored.applied_at, count(session)) == (None, 0)
    apply(session, stored)
    assert (stored.applied_at, stored.added, count(session)) == (MOMENT, 2, 2)


def test_applying_again_changes_nothing(session):
    stored = apply(session, upload(session, csv_file(LINE)))
    product = session.scalars(select(Product)).one()
    new_product(session, pack_units="28", drug_code="")
    apply(session, stored)
    assert (count(session), product.version) == (2, 1)


def test_the_same_file_again_changes_nothing(session):
    apply(session, upload(session, csv_file(LINE, OTHER)))
    again = upload(session, csv_file(LINE, OTHER))
    assert (again.added, again.changed) == (0, 0)
    apply(session, again)
    assert (count(session), again.added, again.changed) == (2, 0, 0)
    assert set(session.scalars(select(Product.version))) == {1}


def test_a_changed_line_changes_its_product_found_by_code_or_by_pack(session):
    apply(session, upload(session, csv_file(LINE, OTHER)))
    changed = upload(session, csv_file({**LINE, "pack": "2板"}, {**OTHER, "brand": "某牌"}))
    assert (changed.fault_count, changed.added, changed.changed) == (0, 0, 2)
    apply(session, changed)
    assert changed.changed == 2
    assert set(session.execute(select(Product.pack, Product.brand)).all()) == {
        ("2板", None),
        ("14片/盒", "某牌"),
    }


def test_every_fault_is_shown_with_its_row_and_column(session):
    bad = {**OTHER, "pack_units": "1.5", "status": "停产", "holder": "无此企业"}
    stored = upload(session, csv_file(LINE, bad, {**OTHER, "approval_number": "H1"}))
    # The firm is looked up once the line itself is sound.
    assert places(stored) == [(3, "pack_units"), (3, "status"), (4, "approval_number")]
    with pytest.raises(ImportFaultyError):
        apply(session, stored)
    assert count(session) == 0


def test_lines_of_one_file_may_not_contradict_each_other(session):
    new_organisation(session, OrganisationKind.MANUFACTURER, name="另一药业有限公司")
    lines = [
        LINE,
        LINE,
        {**LINE, "pack_units": "28", "drug_code": "", "evaluation": "视同通过"},
        {**LINE, "pack_units": "30", "drug_code": "", "unit": "粒"},
        {**LINE, "pack_units": "42", "drug_code": "", "holder": "另一药业有限公司"},
    ]
    assert places(upload(session, csv_file(*lines))) == [
        (3, "pack_units"),
        (3, "drug_code"),
        (4, "evaluation"),
        (5, "unit"),
        (6, "approval_number"),
    ]


def test_a_firm_named_by_name_and_by_code_is_one_firm(session):
    code = str(new_organisation(session, OrganisationKind.MANUFACTURER, name="甲药业").credit_code)
    line = {**LINE, "holder": "甲药业", "drug_code": ""}
    assert places(upload(session, csv_file(line, {**line, "holder": code}))) == [(3, "pack_units")]


def test_a_catalogue_that_changed_since_the_preview_is_not_overwritten(session):
    stored = upload(session, csv_file(LINE))
    other = {"name": "来曲唑", "strength": "2.5mg", "approval_number": "国药准字H20203002"}
    new_product(session, **other)
    apply(session, stored)
    assert stored.applied_at is None
    assert places(stored) == [(2, "drug_code")]
    assert count(session) == 1


def test_headings_may_be_english_and_in_any_order(session):
    line = {key: LINE[key] for key in reversed(LINE)}
    names = {"name": "Generic name *", "holder": "holder", "pack_units": "pack_units"}
    assert upload(session, csv_file(line, headings=names)).fault_count == 0


def test_gb18030_is_read_where_the_user_says_so(session):
    assert upload(session, csv_file(LINE), encoding="gb18030").fault_count == 0
    stored = upload(session, csv_file(LINE).encode("gb18030"))
    assert [fault.row for fault in faults_of(stored)] == [0]
    assert "UTF-8" in faults_of(stored)[0].en
    with pytest.raises(InvalidInputError):
        upload(session, b"", encoding="latin-1")


def test_a_mark_at_the_beginning_of_the_file_does_not_matter(session):
    assert upload(session, b"\xef\xbb\xbf" + csv_file(LINE).encode()).fault_count == 0


def test_numbers_and_days_of_excel_are_what_their_author_typed(session):
    headings = [
        "通用名",
        "最小单位",
        "规格",
        "包装数量",
        "上市许可持有人",
        "批准文号",
        "批准日期",
        "原研",
    ]
    row = ["阿那曲唑", "片", "1mg", 14, HOLDER, "国药准字H20203001", date(2020, 5, 6), True]
    stored = upload(session, excel_file(headings, row))
    assert (faults_of(stored), stored.line_count) == ([], 1)
    apply(session, stored)
    product = session.scalars(select(Product)).one()
    assert (product.pack_units, product.approved_on) == (14, date(2020, 5, 6))
    assert product.is_originator


def test_an_excel_number_with_more_than_four_decimals_is_a_fault_named_once(session):
    headings = ["通用名", "最小单位", "规格", "包装数量", "上市许可持有人", "批准文号"]
    row = ["阿那曲唑", "片", "1mg", 14.00001, HOLDER, "国药准字H20203001"]
    assert places(upload(session, excel_file(headings, row))) == [(2, "pack_units")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("通用名\n".encode(), "missing"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "xlsx"),
        (b"\xff\xfe\x00\x00", "UTF-8"),
        ("通用名,备注\n阿那曲唑,x\n".encode(), "备注"),
        ("通用名,通用名\n阿那曲唑,x\n".encode(), "twice"),
        ('通用名,"规格\n阿那曲唑,x\n'.encode(), "quotes"),
        (b"x" * (20 * 2**20 + 1), "20 MB"),
    ],
)
def test_a_file_that_is_none_says_why(session, content, words):
    faults = faults_of(upload(session, content))
    assert any(words in fault.en for fault in faults), faults


def test_a_sheet_with_one_cell_far_out_is_refused_before_it_fills_the_memory(session):
    rows = [["通用名"], ["x"]]
    rows[1] += [""] * 300 + ["y"]
    faults = faults_of(upload(session, excel_file(*rows)))
    assert "too large" in faults[0].en


def test_a_needed_column_that_is_missing_is_named_once(session):
    line = {key: value for key, value in LINE.items() if key != "unit"}
    assert places(upload(session, csv_file(line, {**line, "pack_units": "28"}))) == [(1, "unit")]


def test_empty_rows_are_skipped_and_rows_keep_their_numbers(session):
    text = csv_file(LINE, {**OTHER, "status": "停产"}).splitlines()
    text.insert(2, ",,,")
    stored = upload(session, "\n".join(text))
    assert places(stored) == [(4, "status")]
    assert [line.row for line in lines_of(stored)] == [2, 4]


def test_a_large_file_is_stored_whole(session):
    lines = [
        {
            **LINE,
            "name": f"品种{number // 20}",
            "pack_units": str(number % 20 + 1),
            "approval_number": f"国药准字H{20000000 + number // 20}",
            "drug_code": "",
        }
        for number in range(400)
    ]
    stored = upload(session, csv_file(*lines))
    assert stored.fault_count == 0
    apply(session, stored)
    assert (count(session), count(session, GenericProduct)) == (400, 20)


def test_an_upload_that_is_not_there_cannot_be_found(session):
    with pytest.raises(NotFoundForActorError):
        upload_of(session, upload_id=7)
    with pytest.raises(NotFoundForActorError):
        apply_upload(session, upload_id=7, actor=OFFICER, moment=MOMENT)


def listed(session, **wanted):
    return [row.name for row in session.execute(product_list(ProductFilter(**wanted)))]


def test_a_list_is_filtered_and_sorted_by_the_database(session):
    apply(
        session,
        upload(session, csv_file(LINE, {**OTHER, "evaluation": "未通过", "evaluated_on": ""})),
    )
    assert sorted(listed(session)) == ["来曲唑", "阿那曲唑"]
    assert listed(session, sort="-name") == list(reversed(listed(session)))
    assert listed(session, text="那曲") == ["阿那曲唑"]
    assert listed(session, text="国药准字h20203002") == ["来曲唑"]
    assert listed(session, text=LINE["drug_code"].lower()) == ["阿那曲唑"]
    assert listed(session, text="100%_") == []
    assert listed(session, evaluation="passed") == ["阿那曲唑"]
    assert listed(session, evaluation="not-passed") == ["来曲唑"]
    assert listed(session, kind="tcm-patent") == []
    assert listed(session, holder="9" * 40) == []
    assert len(listed(session, sort="nonsense")) == 2
    product = session.scalars(select(Product)).first()
    card = product_card(session, product_id=product.id)
    assert listed(session, generic_product=str(card.generic_product.id)) == [
        card.generic_product.name
    ]
