"""What a hospital sends is read with every fault by line and field; one bad line stores nothing."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from procurement.catalogue.spreadsheets import as_csv
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.orders.movements.cells import CellFaultError, read_field
from procurement.orders.movements.fields import LAYOUTS, FieldKind, layout, node_of
from procurement.orders.movements.kinds import CountedIn, MovementKind
from procurement.orders.movements.reading import from_csv, from_json
from procurement.orders.movements.receiving import receive_movements
from procurement.orders.movements.row_rules import happened_on
from procurement.orders.movements.tables import MovementFile, StockMovement
from tests.procurement.orders.movements.stock import PURCHASE, furnish, records, send

PACKS = {"counted_in": CountedIn.PACKS}


def csv_of(*rows, heading=None):
    names = heading or list(PURCHASE)
    return as_csv([names, *([row.get(name, "") for name in names] for row in rows)])


def read(content, kind=MovementKind.PURCHASE, **more):
    return from_csv(content, kind=kind, file_name="三月.csv", **PACKS, **more)


def faults_of(content, kind=MovementKind.PURCHASE, **more):
    with pytest.raises(InvalidInputError) as refused:
        read(content, kind, **more)
    return [(fault.field, fault.en) for fault in refused.value.faults]


def filled(kind):
    """A record with every field of a kind."""
    values = {
        FieldKind.NUMBER: "2",
        FieldKind.DAY: "2027-03-01",
        FieldKind.MOMENT: "2027-03-01 08:00:00",
    }
    return {
        field.name: values.get(field.kind, "3" if field.name == "inv_data_type" else "某")
        for field in LAYOUTS[kind]
    }


@pytest.mark.parametrize("kind", list(MovementKind))
def test_every_interface_is_read_from_a_file_and_from_a_machine_alike(kind):
    record = filled(kind)
    by_file = read(csv_of(record, heading=list(record)), kind)
    by_machine = from_json({node_of(kind): record}, kind=kind, **PACKS)
    assert by_file.rows[0].values == by_machine.rows[0].values
    assert (by_file.rows[0].line, by_machine.rows[0].line) == (2, 1)
    assert happened_on(kind, by_file.rows[0].values) is not None or kind == "3507"


def test_every_fault_is_listed_with_line_and_field():
    bad = PURCHASE | {"purc_retn_cnt": "1e3", "finl_trns_pric": "1.1234567", "aprvno": ""}
    worse = PURCHASE | {"expy_end": "2026-11-31", "manu_lotnum": "x" * 31, "purc_retn_cnt": "0"}
    late = PURCHASE | {"purc_retn_stoin_time": "2027-03-01", "expy_end": "2026-01-01"}
    older = PURCHASE | {"expy_end": "2026-01-01"}
    assert faults_of(csv_of(PURCHASE, bad, worse, late, older)) == [
        ("line 3, aprvno", "Must be filled."),
        (
            "line 3, finl_trns_pric",
            "“1.1234567” is no number (16,6): at most 10 digits, and 6 decimals.",
        ),
        ("line 3, purc_retn_cnt", "“1e3” is no number (16,4): at most 12 digits, and 4 decimals."),
        ("line 4, manu_lotnum", "At most 30 characters."),
        ("line 4, expy_end", "“2026-11-31” is no day: expected yyyy-MM-dd."),
        (
            "line 5, purc_retn_stoin_time",
            "“2027-03-01” is no moment: expected yyyy-MM-dd HH:mm:ss.",
        ),
        ("line 6, expy_end", "Lies before the day of manufacture."),
    ]


def test_a_heading_with_wrong_names_is_told():
    heading = ["med_list_code", *list(PURCHASE)[1:], "fixmedins_bchno", ""]
    found = dict(faults_of(csv_of(PURCHASE, heading=heading)))
    assert found["line 1, med_list_code"].startswith("The interface has no such field")
    assert found["line 1, med_list_codg"] == "The column is missing."
    assert found["line 1, fixmedins_bchno"] == "Comes twice."
    assert "line 1" in found


def test_chinese_headings_and_regional_names_are_read():
    heading = ["生产厂家名称" if name == "prodentp_name" else name for name in PURCHASE]
    content = as_csv([heading, list(PURCHASE.values())])
    assert read(content).rows[0].values["prodentp_name"] == "别的企业"
    regional = {("prdr_name" if k == "prodentp_name" else k): v for k, v in PURCHASE.items()}
    assert read(csv_of(regional, heading=list(regional))).rows[0].values["prodentp_name"]


def test_files_that_cannot_be_read_are_told_where():
    assert faults_of(b"") == [("file", "The file is empty.")]
    assert faults_of(csv_of()) == [("file", "There is no record.")]
    gb = csv_of(PURCHASE).decode("utf-8-sig").encode("gb18030")
    assert faults_of(gb)[0][0] == "line 2"
    assert read(gb, encoding="gb18030").rows
    ragged = csv_of(PURCHASE) + b"1,2\n"
    assert faults_of(ragged) == [("line 3", "Has 2 cells; the heading has 15.")]
    assert faults_of(b'a,"b\n')[0][0] == "file"


def test_a_machine_must_use_the_node_of_the_interface():
    def faults(sent):
        with pytest.raises(InvalidInputError) as refused:
            from_json(sent, kind=MovementKind.PURCHASE, **PACKS)
        return [fault.field for fault in refused.value.faults]

    assert faults({"selinfo": PURCHASE}) == ["input.selinfo", "input.purcinfo"]
    assert faults({"purcinfo": ["x"]}) == ["input.purcinfo"]
    assert faults({"purcinfo": []}) == ["file"]
    assert faults({"purcinfo": PURCHASE | {"memo": ["x"], "other": 1}}) == [
        "line 1, memo",
        "line 1, other",
    ]
    assert faults({"purcinfo": [PURCHASE, {}]})[0] == "line 2, med_list_codg"


def test_numbers_of_a_machine_are_exact_or_refused():
    sent = PURCHASE | {"finl_trns_pric": 19.9, "purc_retn_cnt": 10}
    row = from_json({"purcinfo": sent}, kind=MovementKind.PURCHASE, **PACKS).rows[0]
    assert (row.values["finl_trns_pric"], row.values["purc_retn_cnt"]) == (
        Decimal("19.9"),
        Decimal(10),
    )
    sent["finl_trns_pric"] = 0.1 + 0.2
    with pytest.raises(InvalidInputError, match="send it as a text"):
        from_json({"purcinfo": sent}, kind=MovementKind.PURCHASE, **PACKS)


@given(st.decimals(-(10**13), 10**13, places=7) | st.decimals(-(10**13), 10**13, places=4))
def test_numbers_keep_their_value_or_are_refused(number):
    field = layout(MovementKind.PURCHASE)["purc_retn_cnt"]
    fits = number == number.quantize(Decimal("0.0001")) and abs(number) < 10**12
    try:
        assert read_field(field, f"{number:f}") == number
        assert fits
    except CellFaultError:
        assert not fits


def test_what_is_too_large_to_be_counted_is_refused():
    large = PURCHASE | {"purc_retn_cnt": "999999999999", "finl_trns_pric": "9999999999"}
    assert faults_of(csv_of(large)) == [
        ("line 2, purc_retn_cnt", "Quantity times price is too large.")
    ]


def test_one_bad_line_stores_nothing(world):
    furnish(world)
    tomorrow = PURCHASE | {
        "fixmedins_bchno": "B-2",
        "purc_retn_stoin_time": "2027-03-02 00:00:00",
    }
    content = csv_of(PURCHASE, tomorrow, PURCHASE)
    with pytest.raises(InvalidInputError) as refused, transaction(world.engine) as session:
        receive_movements(
            session,
            hospital_id=world.hospital.id,
            sent=read(content),
            actor=world.hospital.actor,
            moment=world.moment,
        )
    assert [(fault.field, fault.en) for fault in refused.value.faults] == [
        ("line 3, purc_retn_stoin_time", "Lies after today."),
        ("line 4, fixmedins_bchno", "The same record as line 2."),
    ]
    with world.read() as session:
        for table in (MovementFile, StockMovement):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_record_that_is_there_already_is_told(world):
    furnish(world)
    first = send(world, PURCHASE)
    with pytest.raises(InvalidInputError, match=f"sent before \\(number {first}\\)"):
        send(world, PURCHASE | {"memo": "再次"})
    # Another hospital has numbers of its own.
    assert send(world, PURCHASE, hospital=world.outsider)


def test_names_and_numbers_of_people_are_not_kept(world):
    furnish(world)
    sale = filled(MovementKind.SALE) | {
        "psn_name": "患者甲",
        "certno": "340100199001010011",
        "prsc_dr_name": "医师乙",
        "sel_retn_opter_name": "收费员丙",
    }
    sale["memo"] = "备注"
    found = records(world, send(world, sale, kind=MovementKind.SALE))[0]
    kept = json.loads(found.fields)
    assert kept["memo"] == "备注" and kept["mdtrt_sn"] == "某"
    stored = found.fields + found.name
    for secret in ("患者甲", "340100199001010011", "医师乙", "收费员丙"):
        assert secret not in stored
