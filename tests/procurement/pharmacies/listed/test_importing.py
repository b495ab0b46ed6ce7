"""Published lists: every fault at its row and column, only the differences become a decision."""

import io
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError
from procurement.pharmacies.listed.columns import COLUMNS, template
from procurement.pharmacies.listed.importing import (
    faults_of_upload,
    propose_upload,
    upload_list,
)
from procurement.pharmacies.listed.kinds import ChangeKind, DecisionKind
from procurement.pharmacies.listed.periods import periods_of
from procurement.pharmacies.listed.service import find_listed, listed_on
from procurement.pharmacies.listed.stored import lines_of
from procurement.pharmacies.listed.tables import ListImport
from tests.procurement.pharmacies.listed.world import CHANGE, DUAL, JIANGSU, MOMENT, SEPARATE, START


def csv_of(*lines, heading="通用名,目录剂型,管理类别,先行自付比例"):
    return "\n".join([heading, *lines]).encode()


def upload(world, content, encoding="utf-8"):
    with transaction(world.engine) as session:
        return upload_list(
            session,
            filename="名单.csv",
            content=content,
            encoding=encoding,
            actor=world.officer,
            moment=MOMENT,
        ).id


def faults(world, upload_id):
    with snapshot(world.engine) as session:
        stored = session.get_one(ListImport, upload_id)
        return [(one.row, one.column) for one in faults_of_upload(stored)]


def propose(world, upload_id, *, is_whole=False, day=CHANGE):
    with transaction(world.engine) as session:
        return propose_upload(
            session,
            upload=session.get_one(ListImport, upload_id),
            draft=world.draft(day=day, kind=DecisionKind.PUBLISHED_LIST),
            is_whole=is_whole,
            actor=world.officer,
            moment=MOMENT,
        ).id


def refusal(world, upload_id, **how):
    with pytest.raises(InvalidInputError) as refused:
        propose(world, upload_id, **how)
    return [fault.en for fault in refused.value.faults]


def test_a_published_list_becomes_a_decision_with_what_differs_from_the_list(world):
    world.list_of_2021()
    content = csv_of(
        *(f"示例药{number:02d},口服常释剂型,双通道,10%" for number in (1, 2, 8, 9)),
        "示例药07,,双通道单独支付,10%",
        "示例药11,,单独支付,",
    )
    decision_id = propose(world, upload(world, content), is_whole=True)
    with snapshot(world.engine) as session:
        kinds = [line.kind for line in lines_of(session, decision_id=decision_id)]
    # 1 and 2 lose separate payment, 11 enters, 3 to 6 and 10 are not named; 7 to 9 stay.
    assert sorted(kinds) == ["downgrade"] * 2 + ["enter"] + ["remove"] * 5
    world.confirm(decision_id)
    with snapshot(world.engine) as session:
        found = listed_on(session, region=JIANGSU, day=CHANGE)
    names = [one.drug.generic_product.name[-2:] for one in found]
    assert names == ["01", "02", "07", "08", "09", "11"]


def test_terms_for_which_the_file_has_no_column_stay(world):
    world.decide(world.line(1, DUAL, papers="病理报告", self_pay_share=Decimal("0.1")), day=START)
    world.confirm(propose(world, upload(world, csv_of("示例药01,,单独支付,", "示例药02,,双通道,"))))
    with snapshot(world.engine) as session:
        found = find_listed(session, generic_product_id=world.drugs[0], region=JIANGSU, day=CHANGE)
        assert found is not None
        assert (found.period.state, found.papers) == (SEPARATE, ("病理报告",))
        # An empty cell of a column that the file has empties the term.
        assert found.period.self_pay_share is None


def test_every_cell_that_cannot_be_read_is_named_at_once_and_nothing_is_stored(world):
    content = csv_of(
        "没有的药,,双通道,10%",
        ",,双通道,",
        "示例药01,注射剂,双通道,110%",
        "示例药02,,第三类,一成",
        heading="通用名,目录剂型,管理类别,先行自付比例",
    )
    upload_id = upload(world, content)
    assert faults(world, upload_id) == [
        (2, "name"),
        (3, "name"),
        (4, "form"),
        (4, "self_pay_share"),
        (5, "state"),
        (5, "self_pay_share"),
    ]
    assert refusal(world, upload_id) == ["The file has 6 faults."]


def test_overlapping_periods_of_a_file_are_refused_by_row(world):
    heading = "通用名,管理类别,开始日期,截止日期"
    content = csv_of(
        "示例药01,双通道,2021-07-01,2022-05-01",
        "示例药02,双通道,,",
        "示例药01,单独支付,2022-05-01,",
        heading=heading,
    )
    found = refusal(world, upload(world, content))
    assert found == [
        "row 4, starts: Overlaps entry 1 on the same drug: from 2022-05-01, "
        "2021-07-01 to 2022-05-01."
    ]
    world.list_of_2021()
    held = upload(world, csv_of("示例药01,双通道,2022-03-01,", heading=heading))
    assert "row 2, starts: Overlaps the period from 2021-07-01" in refusal(world, held)[0]


def test_a_file_is_proposed_once_and_only_if_it_changes_something(world):
    upload_id = upload(world, csv_of("示例药01,,双通道,"))
    world.confirm(propose(world, upload_id))
    assert "was proposed before" in refusal(world, upload_id)[0]
    again = upload(world, csv_of("示例药01,,双通道,"))
    assert refusal(world, again) == ["The list would stay as it is."]


def test_excel_files_titles_above_the_header_and_other_encodings_are_read(world):
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["双通道药品名单"])
        sheet.write_row(
            1, 0, ["通用名", "管理类别", "先行自付比例", "再评估间隔（月）", "开始日期"]
        )
        sheet.write_row(2, 0, ["示例药01", "双通道", 0.1, 12])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(2, 4, date(2021, 7, 1), day)
    decision_id = propose(world, upload(world, memory.getvalue()))
    world.confirm(decision_id)
    with snapshot(world.engine) as session:
        (found,) = listed_on(session, region=JIANGSU, day=START)
        assert found.period.self_pay_share == Decimal("0.1")
        assert found.period.reevaluation_months == 12
        (held,) = periods_of(session, listed_drug_id=found.drug.id)
        assert held.starts_on == START
    gb = upload(world, "通用名,管理类别\n示例药02,双通道\n".encode("gb18030"), "gb18030")
    assert faults(world, gb) == []
    wrong = upload(world, "通用名,管理类别\n示例药02,双通道\n".encode("gb18030"))
    assert faults(world, wrong) == [(0, "")]
    assert faults(world, upload(world, b"PK\x03\x04 no workbook")) == [(0, "")]
    with pytest.raises(InvalidInputError):
        upload(world, b"", "latin-1")


def test_the_template_has_every_column_and_is_itself_a_readable_file(world):
    text = template().decode("utf-8-sig")
    assert all(column.zh in text for column in COLUMNS)
    assert faults(world, upload(world, template())) == [(2, "name")]


def test_what_a_file_says_of_a_drug_twice_the_same_day_is_an_overlap(world):
    found = refusal(world, upload(world, csv_of("示例药01,,双通道,", "示例药01,,单独支付,")))
    assert len(found) == 1 and found[0].startswith("row 3, starts: Overlaps entry 1")


def test_a_removal_is_written_in_the_place_of_a_state(world):
    world.list_of_2021()
    decision_id = propose(world, upload(world, csv_of("示例药09,,调出,")))
    with snapshot(world.engine) as session:
        (line,) = lines_of(session, decision_id=decision_id)
        assert line.kind == ChangeKind.REMOVE
