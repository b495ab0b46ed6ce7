"""Files of lots: every fault by row and column, and all lots or none."""

import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from procurement.database import transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.rounds import lot_file
from procurement.rounds.lot_file import COLUMNS, example_rows, read_lot_file, read_lot_rows
from procurement.rounds.lot_import import ImportAction, import_lots, preview_import
from procurement.rounds.lots import find_lot, lot_facts
from procurement.rounds.sheet import lots_of
from tests.procurement.rounds import world

HEADING = "lot,product,unit,strength,strength_ratio,price_ceiling,dosage_form,category,by_brand\n"
GOOD = (
    "L02,阿莫西林口服常释剂型,粒,250mg,1,0.32,oral-solid,,1\n"
    "L02,阿莫西林口服常释剂型,粒,500mg,2,0.6,oral-solid,,1\n"
    "L03,甲硝唑片,片,0.2g,1,0.05,口服固体制剂,限制,否\n"
)


def read(text: str, **options):
    return read_lot_file(io.BytesIO(text.encode(options.pop("written", "utf-8"))), **options)


def places(found):
    return [fault.field for fault in found.faults]


def test_a_file_with_either_headings_and_words_is_read():
    found = read(HEADING + GOOD)
    assert found.faults == []
    first, second = found.lots
    assert [one.strength for one in first.strengths] == ["250mg", "500mg"]
    assert (second.dosage_form, second.category, second.by_brand) == (
        "oral-solid",
        "restricted",
        False,
    )
    chinese = ",".join(zh for zh, _ in COLUMNS.values()) + "\n"
    row = "L03,甲硝唑片,片,0.2g,1,0.05,,口服固体制剂,限制,,否\n"
    assert read(chinese + row).lots == [second]


def test_the_form_that_is_handed_out_is_read_back():
    found = read_lot_rows(list(example_rows()))
    assert (found.faults, [lot.code for lot in found.lots]) == ([], ["L01"])


def test_a_cell_that_looks_like_a_formula_survives_an_export_and_an_import():
    row = "L1,-药,片,+1mg,1,1,,,\n"
    marked = "L1,'-药,片,'+1mg,1,1,,,\n"
    assert read(HEADING + marked).lots == read(HEADING + row).lots
    assert read(HEADING + row).lots[0].product == "-药"


def test_gb18030_is_read_where_the_user_says_so():
    assert read(HEADING + GOOD, written="gb18030", encoding="gb18030").faults == []
    assert places(read(HEADING + GOOD, written="gb18030")) == ["file"]
    assert read("\ufeff" + HEADING + GOOD).faults == []


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (",药,片,1mg,1,1,,,", ["第 2 行，品种编号"]),
        ("L1,,片,1mg,1,1,,,", ["第 2 行，品种"]),
        ("L1,药,片,,1,1,,,", ["第 2 行，规格"]),
        ("L1,药,片,1mg,,1,,,", ["第 2 行，含量比"]),
        ("L1,药,片,1mg,0,1,,,", ["第 2 行，含量比"]),
        ("L1,药,片,1mg,1e3,1,,,", ["第 2 行，含量比"]),
        ("L1,药,片,1mg,１,1,,,", ["第 2 行，含量比"]),
        ("L1,药,片,1mg,1,-1,,,", ["第 2 行，最高有效申报价"]),
        ("L1,药,片,1mg,1,NaN,,,", ["第 2 行，最高有效申报价"]),
        ("L1,药,片,1mg,1,1,糖浆,,", ["第 2 行，剂型类别"]),
        ("L1,药,片,1mg,1,1,,罕见,", ["第 2 行，品种类别"]),
        ("L1,药,片,1mg,1,1,,,也许", ["第 2 行，可按品牌报量"]),
        ("L1,药,片,1mg,一,二,,,", ["第 2 行，含量比", "第 2 行，最高有效申报价"]),
    ],
)
def test_every_fault_of_a_row_is_named(row, wrong):
    found = read(f"{HEADING}{row}\n")
    assert places(found) == wrong
    assert found.lots == []


def test_rows_of_one_lot_must_agree_and_strengths_come_once():
    found = read(HEADING + GOOD + "L02,阿莫西林,粒,500mg,2,0.6,oral-solid,,1\n")
    assert places(found) == ["第 5 行，品种", "第 5 行，规格"]


@pytest.mark.parametrize(
    ("heading", "wrong"),
    [
        ("lot,product,unit,strength\n", ["第 1 行，含量比"]),
        (HEADING.strip() + ",颜色\n", ["第 1 行，颜色"]),
        (HEADING.strip() + ",lot\n", ["第 1 行，品种编号"]),
        ("\n", ["第 1 行，品种编号", "第 1 行，品种", "第 1 行，最小单位"]),
    ],
)
def test_faults_of_the_heading_come_alone(heading, wrong):
    assert places(read(heading + GOOD))[: len(wrong)] == wrong


def test_an_empty_file_and_one_without_rows_say_so():
    assert places(read("")) == ["file"]
    assert places(read(HEADING + ",,,,,,,,\n")) == ["file"]


def workbook(rows) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def test_a_workbook_is_read_with_its_numbers_as_typed():
    rows = [
        ["品种编号", "品种", "最小单位", "规格", "含量比", "最高有效申报价", "可按品牌报量"],
        ["L1", "药", "片", "1mg", 1, 0.0912, 1],
        ["L1", "药", "片", "3mg", 3, 12.1, 1],
    ]
    found = read_lot_file(io.BytesIO(workbook(rows)))
    assert found.faults == []
    assert [one.price_ceiling for one in found.lots[0].strengths] == [
        Decimal("0.0912"),
        Decimal("12.1"),
    ]


def test_what_would_fill_the_memory_is_refused(monkeypatch):
    far = [["lot"]] + [[""] for _ in range(3)]
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, far[0])
        sheet.write_string(1_000_000, 0, "x")
    assert places(read_lot_file(io.BytesIO(buffer.getvalue()))) == ["file"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 2_000)
    monkeypatch.setattr(lot_file, "UNPACKED_BYTES_MAX", 1_000)
    assert places(read_lot_file(io.BytesIO(packed.getvalue()))) == ["file"]
    monkeypatch.setattr(lot_file, "BYTES_MAX", 10)
    assert places(read(HEADING + GOOD)) == ["file"]


@given(st.binary(max_size=300))
def test_any_bytes_give_lots_or_faults_and_never_an_error(content):
    found = read_lot_file(io.BytesIO(content))
    assert found.faults or found.lots
    zipped = read_lot_file(io.BytesIO(b"PK\x03\x04" + content))
    assert zipped.faults


@given(
    st.lists(
        st.lists(
            st.sampled_from(["", "L1", "L2", "药", "片", "1mg", "1", "0", "x", "是"]), max_size=9
        ),
        max_size=6,
    )
)
def test_any_rows_give_lots_or_faults(rows):
    found = read_lot_rows([HEADING.strip().split(","), *rows])
    assert found.faults or found.lots
    assert all(lot.strengths for lot in found.lots)


@pytest.fixture
def session(engine):
    with transaction(engine) as session:
        yield session


@pytest.fixture
def round_(session):
    return world.new_round(session)


def store(session, round_, found, version=None):
    return import_lots(
        session,
        round_=round_,
        lots=found.lots,
        version=round_.version if version is None else version,
        actor=world.actor_of(session, world.second_officer(session, round_)),
        moment=world.MOMENT,
    )


def test_the_preview_tells_what_the_import_does(session, round_):
    found = read(HEADING + GOOD)
    preview = preview_import(session, round_=round_, lots=found.lots)
    assert [(one.facts.code, one.action, one.is_in_catalogue) for one in preview.lots] == [
        ("L02", ImportAction.CHANGED, True),
        ("L03", ImportAction.NEW, False),
    ]
    version = round_.version
    store(session, round_, found)
    assert [lot.code for lot in lots_of(session, round_id=round_.id)] == ["L01", "L02", "L03"]
    lot = find_lot(session, round_id=round_.id, code="L02")
    assert lot_facts(session, lot=lot).strengths[1].price_ceiling == Decimal("0.6000")
    assert lot.generic_product_id is not None
    again = preview_import(session, round_=round_, lots=found.lots)
    assert {one.action for one in again.lots} == {ImportAction.UNCHANGED}
    with pytest.raises(StaleError):
        store(session, round_, found, version)


def test_one_bad_lot_stores_none(session, round_):
    found = read(HEADING + GOOD + "L04,药,片,1mg,1,0.00001,,,\n")
    assert found.faults == []
    with pytest.raises(InvalidInputError) as refusal, session.begin_nested():
        store(session, round_, found)
    assert [fault.field for fault in refusal.value.faults] == ["L04，ceiling-1"]
    assert [lot.code for lot in lots_of(session, round_id=round_.id)] == ["L01", "L02"]
