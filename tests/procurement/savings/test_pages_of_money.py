"""Pages of payment, distribution, the forecast and the one line; and the files of statements."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import load_workbook

from procurement.database import transaction
from procurement.rounds.document.pdf import families, missing_fonts
from procurement.savings.states import SettlementStatus
from tests.missing import skip_unless_ci
from tests.procurement.savings.papers.spreadsheet import Recomputed, read_cells
from tests.procurement.savings.visitors import ROOT, ok, text_of, visited

HALF_A_YEAR = datetime(2027, 7, 2, 4, tzinfo=UTC)
AFTER_PUBLICITY = datetime(2028, 1, 18, 4, tzinfo=UTC)


@pytest.fixture
def visits(world):
    with visited(world) as running:
        yield running


def test_a_statement_is_given_as_excel_that_recomputes_itself(world, visits):
    world.buy_agreed()
    world.computed().send()
    for number, one in enumerate(world.hospitals):
        statement = world.statement(one.id)
        address = f"{ROOT}/statements/{one.id}/statement.xlsx"
        for language in ("zh", "en"):
            content = ok(visits.hospital(number).get(f"{address}?lang={language}")).content
            cells = read_cells(content)
            book = Recomputed(cells)
            checks = 0
            for (sheet, place), cell in cells.items():
                if cell.formula is None or cell.value == "—":
                    continue
                found = book.value(sheet, place)
                assert abs(found - float(cell.value or 0)) < 1e-6, (sheet, place, cell)
                checks += cell.formula.startswith("IF(MAX(")
            assert checks == len(statement.lines) + 1
        rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert float(statement.payable) in [row[10] for row in rows if len(row) > 10]


def test_a_group_completes_together_in_its_files_too(world, visits):
    lead = {world.lead.id, *(one.id for one in world.members)}
    less, more = Decimal("0.9"), Decimal("1.2")
    world.buy_agreed(lambda hospital, _: less if hospital in lead - {world.lead.id} else more)
    parameters = {**world.drafted().parameters, "completion_unit": "group"}
    world.computed(parameters=parameters).send()
    member = world.members[0]
    number = [one.id for one in world.hospitals].index(member.id)
    content = ok(
        visits.hospital(number).get(f"{ROOT}/statements/{member.id}/statement.xlsx")
    ).content
    lines: Any = load_workbook(io.BytesIO(content)).get_sheet_by_index(1).to_python()
    head, rows = lines[0], lines[2:]
    for row in (dict(zip(head, one, strict=True)) for one in rows):
        assert row["考核单元约定采购量"] >= row["约定采购量"]
        assert row["重算与平台一致"] == 1
    page = text_of(
        ok(visits.of(world.lead.actor.person_id).get(f"{ROOT}/statements/{world.lead.id}")).text
    )
    assert "医共体成员" in page and member.organisation.name in page


def test_all_statements_are_given_at_once(world, visits):
    missing = missing_fonts(families())
    if missing:
        skip_unless_ci(f"fonts are missing: {', '.join(missing)}")
    world.buy_agreed()
    world.computed().send()
    archive = zipfile.ZipFile(io.BytesIO(ok(visits.officer.get(f"{ROOT}/statements.zip")).content))
    assert len(archive.namelist()) == len(world.hospitals)
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    one = world.hospitals[0].id
    single = ok(visits.officer.get(f"{ROOT}/statements/{one}/statement.pdf")).content
    assert single.startswith(b"%PDF")
    sheet = load_workbook(io.BytesIO(ok(visits.officer.get(f"{ROOT}/statements.xlsx")).content))
    names = {row[0] for row in sheet.get_sheet_by_index(0).to_python()}
    assert {one.organisation.name for one in world.hospitals} <= names


def test_a_published_table_is_given_as_it_is_shown(world, visits):
    world.buy_agreed()
    world.computed().send().confirm_all().report().publish()
    nobody = visits.platform.nobody()
    text = ok(nobody.get(f"{ROOT}/publication.csv")).content.decode("utf-8-sig")
    assert len(text.splitlines()) == len(world.hospitals) + 2
    sheet = load_workbook(
        io.BytesIO(ok(nobody.get(f"{ROOT}/publication.xlsx")).content)
    ).get_sheet_by_index(0)
    rows: Any = sheet.to_python()
    assert {row[8] for row in rows[1 : len(world.hospitals) + 2]} == {1.0}
    published, recomputed = rows[len(world.hospitals) + 1], rows[len(world.hospitals) + 2]
    assert published[4:8] == recomputed[4:8]
    ok(visits.officer.post(f"{ROOT}/publication/withdraw", data={"reason": "有异议"}))
    assert nobody.get(f"{ROOT}/publication").status_code in (303, 404)


def test_the_agency_pays_each_hospital_once_after_the_term_of_publicity(world, visits):
    world.buy_agreed()
    world.computed().send().confirm_all().report().publish()
    page = f"{ROOT}/payments"
    assert "期满后拨付" in ok(visits.agency.get(page)).text
    early = visits.agency.post(page)
    assert early.status_code == 409 and "期满" in early.text
    assert visits.officer.post(page).status_code == 403
    world.moment = AFTER_PUBLICITY
    assert "下达付款指令" in ok(visits.agency.get(page)).text
    ok(visits.agency.post(page))
    assert visits.agency.post(page).status_code == 409
    assert "data-job" in ok(visits.agency.get(page)).text
    with transaction(world.engine) as session:
        assert world.settlement(session).status == SettlementStatus.PAYING
    assert visits.agency.post(f"{ROOT}/close").status_code == 409


def test_a_hospital_plans_its_distribution_to_the_cent(world, visits):
    world.buy_agreed()
    world.computed().send().confirm_all().report().publish()
    desk, own = visits.hospital(), world.hospitals[0].id
    page = f"{ROOT}/statements/{own}/distribution"
    payable = world.statement(own).payable
    wrong = desk.post(page, data={"basis": "本院办法", "part_name_3": "内科", "part_amount_3": "x"})
    assert wrong.status_code == 422
    assert 'href="#field-part_3"' in wrong.text and 'value="内科"' in wrong.text
    short = {"basis": "本院办法", "part_name_1": "内科", "part_amount_1": "0.01"}
    assert desk.post(page, data=short).status_code == 422
    typed = {
        "basis": "本院办法",
        "part_name_1": "内科",
        "part_amount_1": "0.01",
        "part_name_2": "药学部",
        "part_weight_2": "1",
        "part_name_4": "外科",
        "part_weight_4": "2",
    }
    ok(desk.post(page, data=typed))
    shown = text_of(ok(desk.get(page)).text)
    assert f"{payable:,.2f}" in shown and "药学部" in shown
    assert visits.hospital(1).get(page).status_code == 404
    assert visits.officer.post(page, data=typed).status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_one_line_shows_need_goods_and_money_of_every_product(world, visits, language):
    world.buy_agreed()
    world.computed().send()
    for number, one in enumerate(world.hospitals):
        answer = ok(visits.hospital(number).get(f"/savings/line/{one.id}?lang={language}"))
        statement = world.statement(one.id)
        page = text_of(answer.text)
        assert answer.text.count('class="one-line"') == len(statement.lines)
        for line in statement.lines:
            assert f"{line.row.agreed_volume:,}" in page
            whole = f"{line.row.retained:,.2f}".rstrip("0")
            assert whole.partition(".")[0] in page
        assert "style=" not in answer.text and "<script>" not in answer.text
    assert visits.hospital(1).get(f"/savings/line/{world.hospitals[0].id}").status_code == 404
    assert ok(visits.officer.get(f"/savings/line/{world.hospitals[0].id}"))


def test_during_the_year_a_hospital_reads_what_completes_its_volumes(world, visits):
    world.buy_agreed(lambda hospital, supply: Decimal("0.3"))
    world.draft().factors()
    world.moment = HALF_A_YEAR
    page = ok(visits.hospital().get("/savings/forecast")).text
    assert "没有预期的考核得分" in page and "还需购进" in page
    page = text_of(ok(visits.hospital().get("/savings/forecast?expected_score=91")).text)
    assert "即完成约定采购量" in page and "全部完成可留" in page and "落后" in page
    for score in ("x", "101"):
        wrong = ok(visits.hospital().get(f"/savings/forecast?expected_score={score}")).text
        assert "field-expected_score" in wrong
    english = text_of(ok(visits.hospital().get("/savings/forecast?lang=en&expected_score=91")).text)
    assert "completes it" in english
    own = world.hospitals[0].id
    line = ok(visits.hospital().get(f"/savings/line/{own}?expected_score=91")).text
    assert "按时间进度" in line and "stroke-dasharray" in line
    assert "请选择医疗机构" in ok(visits.officer.get("/savings/forecast")).text
    assert ok(visits.officer.get(f"/savings/forecast?hospital={own}"))
    assert visits.hospital(1).get(f"/savings/forecast?hospital={own}").status_code == 404


def test_who_is_not_signed_in_sees_only_what_is_public(world, visits):
    world.buy_agreed()
    world.computed().send()
    nobody = visits.platform.nobody()
    page = ok(nobody.get("/savings")).text
    assert "2027 年度结余留用" not in page
    for path in ("/savings/forecast", ROOT, f"/savings/line/{world.hospitals[0].id}"):
        assert nobody.get(path).status_code in (303, 404), path
    world.confirm_all().report().publish()
    assert "2027 年度结余留用" in ok(nobody.get("/savings")).text
    assert not re.search(r"/statements/\d", ok(nobody.get(f"{ROOT}/publication")).text)
