"""The pages from the calendar to the base volumes, by real requests, without scripts."""

import html
import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.tables import OrganisationKind, Person
from procurement.database import database_moment, snapshot, transaction
from procurement.permissions import Role
from procurement.volumes.bulk.service import work_on_upload
from procurement.volumes.filling.fill import Explanation
from procurement.volumes.filling.form_sheet import HEADER_ROW
from procurement.volumes.reporting.service import lines_of, report_of_hospital
from procurement.volumes.tables import VolumeReport, VolumeUpload
from tests.procurement.platform import Visitor, running_platform
from tests.procurement.volumes.test_bulk import FakeRun, csv_file
from tests.procurement.volumes.test_review import end_window
from tests.procurement.volumes.test_sheets import excel
from tests.procurement.volumes.world import (
    SCAN,
    buy,
    entry,
    fill,
    list_product,
    past,
    send,
    start,
)
from tests.procurement.world import new_organisation, new_person

ROUND = "/rounds/anhui-2026-1/volumes"


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def person_of(platform, actor):
    with snapshot(platform.engine) as session:
        return session.get_one(Person, actor.person_id)


@pytest.fixture
def pharmacist(platform, world):
    return platform.signed_in(person_of(platform, world.pharmacist))


@pytest.fixture
def officer(platform, world):
    return platform.signed_in(person_of(platform, world.officer))


@pytest.fixture
def lead(platform, world):
    return platform.signed_in(person_of(platform, world.lead_pharmacist))


@pytest.fixture(autouse=True)
def whole_pages(monkeypatch):
    """No page of any test prints the insides of the program instead of a text."""
    ask = Visitor.send

    def send(visitor, method, address, **options):
        answer = ask(visitor, method, address, **options)
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert not re.search(r"&lt;(Macro|bound|function|procurement)", answer.text), address
        return answer

    monkeypatch.setattr(Visitor, "send", send)


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def report_in(engine, world, hospital):
    with snapshot(engine) as session:
        return report_of_hospital(session, round_id=world.round.id, hospital_id=hospital.id)


def begin(platform, visitor, world, hospital):
    answer = visitor.post(f"{ROUND}/start")
    assert answer.status_code == 303, answer.text
    report = report_in(platform.engine, world, hospital)
    assert report is not None
    assert answer.headers["location"] == f"{ROUND}/reports/{report.id}/grid"
    return report, f"{ROUND}/reports/{report.id}"


def numbers(engine, report):
    with snapshot(engine) as session:
        return {
            (line.lot_strength_id, line.brand_id): line.demand
            for line in lines_of(session, report_id=report.id)
        }


def test_the_calendar_shows_what_a_hospital_owes_and_where_to_do_it(pharmacist, lead, officer):
    page = pharmacist.get("/volumes")
    assert page.status_code == 200
    assert f'href="{ROUND}"' in page.text
    assert "尚未填报" in page.text
    assert "BEGIN:VEVENT" in pharmacist.get("/volumes/calendar.ics").text
    assert officer.get("/volumes").status_code == 200
    assert "需求量填报" in pharmacist.get("/").text


def test_a_hospital_is_told_when_reporting_begins(platform, world, pharmacist):
    with transaction(platform.engine) as session:
        opens_at = database_moment(session) + timedelta(hours=2)
        world.round_in(session).volume_opens_at = opens_at
    page = pharmacist.get(ROUND).text
    assert ("报量尚未开始" in page, "开始填报" in page) == (True, False)
    calendar = pharmacist.get("/volumes").text
    assert ("报量尚未开始" in calendar, "报量已结束" in calendar) == (True, False)
    assert pharmacist.post(f"{ROUND}/start").status_code == 409


def test_a_hospital_is_told_that_its_draft_came_to_nothing(platform, world, pharmacist):
    _report, address = begin(platform, pharmacist, world, world.hospital)
    assert "继续填报" in pharmacist.get(ROUND).text
    with transaction(platform.engine) as session:
        end_window(session, world)
    page = pharmacist.get(ROUND).text
    assert ("没有提交，不计入采购基数" in page, "继续填报" in page) == (True, False)
    assert "继续填报" not in pharmacist.get(address).text


def test_a_stranger_sees_no_volumes(platform, world):
    with transaction(platform.engine) as session:
        maker = new_organisation(session, OrganisationKind.MANUFACTURER)
        person = new_person(session, maker)
    stranger = platform.signed_in(person)
    for address in ("/volumes", ROUND, f"{ROUND}/reports", f"{ROUND}/uploads"):
        assert stranger.get(address).status_code == 403
    assert platform.nobody().get(ROUND).status_code in (303, 403, 401)


def test_another_hospitals_report_is_not_found(platform, world, lead, pharmacist):
    _report, address = begin(platform, pharmacist, world, world.hospital)
    for page in ("", "/grid", "/check", "/form.xlsx", "/form.pdf", "/upload", "/split"):
        assert lead.get(address + page).status_code == 404, page
    assert lead.post(f"{address}/grid", data={"version": "1"}).status_code == 404


def test_a_hospital_fills_in_the_grid_without_scripts(platform, world, pharmacist):
    before, last = past(world)
    with transaction(platform.engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 12000, last: 9000})
        list_product(session, world.brands[0], "阿那曲唑", "1mg")
    report, address = begin(platform, pharmacist, world, world.hospital)
    page = pharmacist.get(f"{address}/grid")
    strength = world.strengths["L01", "1mg"].id
    assert 'value="10500"' in page.text
    assert "12,000" in page.text
    assert "100.0%" in page.text
    answer = pharmacist.post(
        f"{address}/grid",
        data={
            "version": hidden(page, "version"),
            "page": hidden(page, "page"),
            f"q-{strength}-0": "350×24",
            f"reason-{world.lots['L01'].id}": "",
            f"why-{world.lots['L01'].id}": "",
        },
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}/check")
    assert numbers(platform.engine, report) == {(strength, None): 8400}


def test_a_faulty_field_keeps_what_was_typed_and_the_good_fields_are_saved(
    platform, world, pharmacist
):
    report, address = begin(platform, pharmacist, world, world.hospital)
    page = pharmacist.get(f"{address}/grid")
    first, second = world.strengths["L01", "1mg"].id, world.strengths["L02", "250mg"].id
    answer = pharmacist.post(
        f"{address}/grid",
        data={
            "version": hidden(page, "version"),
            f"q-{first}-0": "350盒",
            f"q-{second}-0": "77",
        },
    )
    assert answer.status_code == 422
    assert 'value="350盒"' in answer.text
    assert f'href="#field-q-{first}-0"' in answer.text
    assert "按盒计" in answer.text
    assert "有误：" in answer.text
    assert numbers(platform.engine, report) == {(second, None): 77}


def test_another_manufacturers_line_is_added_on_the_page(platform, world, pharmacist):
    with transaction(platform.engine) as session:
        list_product(session, world.brands[1], "阿那曲唑", "1mg")
    report, address = begin(platform, pharmacist, world, world.hospital)
    page = pharmacist.get(f"{address}/grid")
    strength, brand = world.strengths["L01", "1mg"].id, world.brands[1].id
    fields = {"version": hidden(page, "version"), "page": hidden(page, "page")}
    added = pharmacist.post(
        f"{address}/grid",
        data={**fields, "add": str(strength), f"brand-{strength}": str(brand)},
    )
    assert added.status_code == 200
    assert f'name="q-{strength}-{brand}"' in added.text
    pharmacist.post(f"{address}/grid", data={**fields, f"q-{strength}-{brand}": "5", "stay": "yes"})
    assert numbers(platform.engine, report) == {(strength, brand): 5}


def test_a_stale_page_says_so_and_overwrites_nothing(platform, world, pharmacist):
    report, address = begin(platform, pharmacist, world, world.hospital)
    old = pharmacist.get(f"{address}/grid")
    strength = world.strengths["L01", "1mg"].id
    new = pharmacist.get(f"{address}/grid")
    data = {"version": hidden(new, "version"), f"q-{strength}-0": "10"}
    assert pharmacist.post(f"{address}/grid", data=data).status_code == 303
    stale = {"version": hidden(old, "version"), f"q-{strength}-0": "99"}
    for _attempt in range(2):
        answer = pharmacist.post(f"{address}/grid", data=stale)
        assert answer.status_code == 409
        assert 'value="99"' in answer.text
        stale["version"] = hidden(answer, "version")
    assert numbers(platform.engine, report) == {(strength, None): 10}


def test_the_draft_is_kept_every_few_seconds_and_the_page_stays_current(
    platform, world, pharmacist
):
    report, address = begin(platform, pharmacist, world, world.hospital)
    page = pharmacist.get(f"{address}/grid")
    strength = world.strengths["L01", "1mg"].id
    data = {"version": hidden(page, "version"), "page": hidden(page, "page")}
    for typed in ("1", "12", "12x"):
        answer = pharmacist.post(f"{address}/draft", data={**data, f"q-{strength}-0": typed})
        assert answer.status_code == 200
    assert [fault["field"] for fault in answer.json()["faults"]] == [f"q-{strength}-0"]
    answer = pharmacist.post(f"{address}/grid", data={**data, f"q-{strength}-0": "120"})
    assert answer.status_code == 303
    assert numbers(platform.engine, report) == {(strength, None): 120}
    other = pharmacist.post(f"{address}/draft", data={"version": data["version"], "page": "x"})
    assert other.status_code == 409


def test_a_report_is_checked_sent_once_and_taken_back(platform, world, pharmacist):
    before, last = past(world)
    lot, strength = world.lots["L01"], world.strengths["L01", "1mg"].id
    with transaction(platform.engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 1000, last: 1000})
    report, address = begin(platform, pharmacist, world, world.hospital)
    with transaction(platform.engine) as session:
        fill(session, session.get_one(VolumeReport, report.id), entry(world, "L01", "1mg", 799))
    page = pharmacist.get(f"{address}/check")
    assert f'href="{address}/grid#field-reason-{lot.id}"' in page.text
    assert 'href="#field-commitment"' in page.text
    version = hidden(page, "version")
    refused = pharmacist.post(f"{address}/submit", data={"version": version, "promised": "yes"})
    assert refused.status_code == 422
    scan = {"commitment": ("承诺书.pdf", SCAN, "application/pdf")}
    kept = pharmacist.post(f"{address}/papers", data={"kind": "commitment"}, files=scan)
    assert kept.status_code == 303
    grid = pharmacist.get(f"{address}/grid")
    data = {
        "version": hidden(grid, "version"),
        f"q-{strength}-0": "799",
        f"reason-{lot.id}": "stock",
        f"why-{lot.id}": "库存 300 片",
    }
    assert pharmacist.post(f"{address}/grid", data=data).status_code == 303
    page = pharmacist.get(f"{address}/check")
    assert "79.9%" in page.text
    data = {"version": hidden(page, "version"), "promised": "yes"}
    for _twice in range(2):
        sent = pharmacist.post(f"{address}/submit", data=data)
        assert (sent.status_code, sent.headers["location"]) == (303, f"{address}/submitted")
    done = pharmacist.get(f"{address}/submitted")
    assert f"BL-anhui-2026-1-{report.id:06}-1" in done.text
    receipt = pharmacist.get(f"{address}/receipt.json").json()
    assert json.loads(receipt["content"])["lines"] == [[strength, None, 799]]
    back = pharmacist.post(
        f"{address}/withdraw", data={"version": hidden(pharmacist.get(address), "version")}
    )
    assert back.headers["location"] == f"{address}/grid"


def test_without_the_promise_nothing_is_sent(platform, world, pharmacist):
    _report, address = begin(platform, pharmacist, world, world.hospital)
    page = pharmacist.get(f"{address}/check")
    answer = pharmacist.post(f"{address}/submit", data={"version": hidden(page, "version")})
    assert answer.status_code == 422
    assert 'href="#field-promised"' in answer.text


def test_a_scan_is_a_scan_and_comes_back_as_it_was(platform, world, pharmacist, officer):
    _report, address = begin(platform, pharmacist, world, world.hospital)
    wrong = {"commitment": ("承诺书.pdf", b"<script>", "application/pdf")}
    answer = pharmacist.post(f"{address}/papers", data={"kind": "commitment"}, files=wrong)
    assert answer.status_code == 422
    right = {"commitment": ("承诺书.pdf", SCAN, "application/pdf")}
    kept = pharmacist.post(f"{address}/papers", data={"kind": "commitment"}, files=right)
    assert kept.status_code == 303, kept.text
    page = pharmacist.get(f"{address}/check")
    link = re.search(rf'href="({address}/papers/\d+)"', page.text)
    assert link
    paper = officer.get(link[1])
    assert (paper.content, paper.headers["content-type"]) == (SCAN, "application/pdf")


def test_the_papers_are_printed_with_place_for_the_stamp(platform, world, pharmacist):
    _report, address = begin(platform, pharmacist, world, world.hospital)
    for paper in ("letter.pdf", "form.pdf"):
        for language in ("zh", "en"):
            answer = pharmacist.get(f"{address}/{paper}?lang={language}")
            assert answer.headers["content-type"] == "application/pdf"
            assert answer.content.startswith(b"%PDF")


def test_the_form_that_was_taken_out_changes_nothing_when_it_comes_back(
    platform, world, pharmacist
):
    before, last = past(world)
    with transaction(platform.engine) as session:
        buy(session, world.hospital, "阿那曲唑", "1mg", {before: 9, last: 9}, brand=world.brands[0])
        list_product(session, world.brands[1], "阿莫西林", "250mg")
    report, address = begin(platform, pharmacist, world, world.hospital)
    with transaction(platform.engine) as session:
        fill(
            session,
            session.get_one(VolumeReport, report.id),
            entry(world, "L02", "500mg", 77),
            explanations=(
                Explanation(lot_id=world.lots["L02"].id, reason_code="stock", reason_text="有"),
            ),
        )
    kept = numbers(platform.engine, report)
    for by in ("brand", "generic"):
        for language in ("zh", "en"):
            form = pharmacist.get(f"{address}/form.xlsx?by={by}&lang={language}").content
            version = report_in(platform.engine, world, world.hospital).version
            answer = pharmacist.post(
                f"{address}/upload",
                data={"version": str(version), "encoding": "utf-8"},
                files={"file": ("报量.xlsx", form)},
            )
            assert answer.status_code == 303
            shown = pharmacist.get(answer.headers["location"])
            assert "全部行都已保存" in shown.text
            assert numbers(platform.engine, report) == kept
            after = report_in(platform.engine, world, world.hospital)
            assert after.version == version


def test_the_faults_of_a_form_are_mended_on_the_page(platform, world, pharmacist):
    report, address = begin(platform, pharmacist, world, world.hospital)
    first, second = world.strengths["L01", "1mg"].id, world.strengths["L02", "250mg"].id
    form = excel(
        (HEADER_ROW + 1, ["品种编号", "规格", "生产企业", "需求量"]),
        (6, ["L01", "1mg", "", 100]),
        (7, ["L02", "250mg", "", "约50"]),
        (8, ["L09", "1mg", "没有的企业", 3]),
    )
    sent = pharmacist.post(
        f"{address}/upload",
        data={"version": str(report.version), "encoding": "utf-8"},
        files={"file": ("报量.xlsx", form)},
    )
    page = pharmacist.get(sent.headers["location"])
    assert numbers(platform.engine, report) == {(first, None): 100}
    assert 'value="约50"' in page.text
    assert 'href="#field-cell-7-demand"' in page.text
    assert 'id="fault-cell-8-brand"' in page.text
    # The report cannot be sent while a row waits.
    assert "2 行未更正" in pharmacist.get(f"{address}/check").text
    data = {
        "version": hidden(page, "version"),
        **{f"cell-7-{key}": value for key, value in (("lot", "L02"), ("strength", "250mg"))},
        "cell-7-demand": "50盒",
    }
    again = pharmacist.post(sent.headers["location"], data=data)
    assert again.status_code == 422
    assert 'value="50盒"' in again.text
    data |= {"version": hidden(again, "version"), "cell-7-demand": "50", "drop": "8"}
    done = pharmacist.post(sent.headers["location"], data=data)
    assert (done.status_code, done.headers["location"]) == (303, f"{address}/check")
    assert numbers(platform.engine, report) == {(first, None): 100, (second, None): 50}
    assert "行未更正" not in pharmacist.get(f"{address}/check").text


def test_a_file_that_is_no_table_is_refused_on_its_page(platform, world, pharmacist):
    report, address = begin(platform, pharmacist, world, world.hospital)
    answer = pharmacist.post(
        f"{address}/upload",
        data={"version": str(report.version), "encoding": "utf-8"},
        files={"file": ("x.xlsx", b"PK\x03\x04 broken")},
    )
    assert answer.status_code == 409
    assert "不能读取" in answer.text
    empty = pharmacist.post(f"{address}/upload", data={"version": str(report.version)})
    assert empty.status_code == 422
    stale = pharmacist.post(f"{address}/upload", data={"version": "77"})
    assert (stale.status_code, hidden(stale, "version")) == (422, "77")


def test_rows_that_wait_are_found_again_from_the_check(platform, world, pharmacist):
    report, address = begin(platform, pharmacist, world, world.hospital)
    rows = csv_file("L01,1mg,约两千", header="品种编号,规格,需求量")
    sent_file = pharmacist.post(
        f"{address}/upload",
        data={"version": str(report.version), "encoding": "utf-8"},
        files={"file": ("需求.csv", rows)},
    )
    mending = sent_file.headers["location"]
    assert "约两千" in pharmacist.get(mending).text
    assert f'href="{mending}"' in pharmacist.get(f"{address}/check").text


def test_a_lead_splits_and_a_member_sees_its_part(platform, world, lead):
    with transaction(platform.engine) as session:
        person = new_person(session, session.merge(world.members[0]), roles=(Role.HOSPITAL,))
    member = platform.signed_in(person)
    assert "县人民医院" in member.get(ROUND).text
    report, address = begin(platform, lead, world, world.lead)
    with transaction(platform.engine) as session:
        line_id = lines_of(
            session,
            report_id=fill(
                session,
                session.get_one(VolumeReport, report.id),
                entry(world, "L01", "1mg", 10),
            ).id,
        )[0].id
    page = lead.get(f"{address}/split")
    hospitals = [world.lead.id, *(one.id for one in world.members)]
    parts = {f"p-{line_id}-{hospital}": "4" for hospital in hospitals}
    wrong = lead.post(f"{address}/split", data={"version": hidden(page, "version"), **parts})
    assert wrong.status_code == 422
    assert "多出 2" in wrong.text
    stale = lead.post(f"{address}/split", data={"version": "77", f"p-{line_id}-1": "zwei"})
    assert (stale.status_code, hidden(stale, "version")) == (422, "77")
    parts[f"p-{line_id}-{world.lead.id}"] = "2"
    data = {"version": hidden(wrong, "version"), **parts}
    assert lead.post(f"{address}/split", data=data).status_code == 303
    assert "阿那曲唑" in member.get(ROUND).text
    assert member.post(f"{ROUND}/start").status_code == 409


def test_the_bureau_sees_how_far_it_is_and_reviews(platform, world, officer, pharmacist):
    with transaction(platform.engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 100))
        send(session, world, report)
    progress = officer.get(ROUND)
    assert "安徽" in progress.text
    listed = officer.get(f"{ROUND}/reports?status=submitted")
    address = f"{ROUND}/reports/{report.id}"
    assert f'href="{address}"' in listed.text
    assert "待审核" in officer.get("/").text
    page = officer.get(address)
    data = {"version": hidden(page, "version"), "reason": " "}
    assert officer.post(f"{address}/return", data=data).status_code == 422
    data["reason"] = "单位似为盒"
    assert officer.post(f"{address}/return", data=data).status_code == 303
    assert "单位似为盒" in pharmacist.get(f"{address}/grid").text
    assert "被退回" in pharmacist.get("/").text
    with transaction(platform.engine) as session:
        send(session, world, session.get_one(VolumeReport, report.id), letter=False)
    ticked = officer.post(f"{ROUND}/reports/accept", data={"report": str(report.id)})
    assert ticked.headers["location"].endswith("accepted=1")
    assert report_in(platform.engine, world, world.hospital).status == "accepted"
    assert "县人民医院" in officer.get(f"{ROUND}/missing").text
    assert world.lead.credit_code in officer.get(f"{ROUND}/missing.csv").text
    assert pharmacist.post(f"{address}/accept", data={"version": "1"}).status_code == 403


def test_a_bureau_elsewhere_sees_nothing_of_it(platform, world):
    with transaction(platform.engine) as session:
        report = start(session, world)
        near = new_organisation(session, OrganisationKind.BUREAU, region="110000")
        far = new_organisation(session, OrganisationKind.BUREAU, region="540000")
        city = new_organisation(session, OrganisationKind.BUREAU, region="340100")
        visitors = [new_person(session, bureau) for bureau in (near, far, city)]
    near_officer, far_officer, city_officer = (platform.signed_in(one) for one in visitors)
    address = f"{ROUND}/reports/{report.id}"
    assert near_officer.get(f"{ROUND}/reports").status_code == 200
    assert "省立医院" not in near_officer.get(f"{ROUND}/reports?region=340000").text
    assert near_officer.get(address).status_code == 404
    assert far_officer.get(f"{ROUND}/reports").status_code == 404
    assert "省立医院" in city_officer.get(f"{ROUND}/reports").text
    assert city_officer.get(address).status_code == 200


def test_a_bureau_uploads_and_takes_the_faults_home(platform, world, officer, pharmacist):
    code = world.hospital.credit_code
    content = csv_file(f"{code},L01,1mg,,100,,", f"{code},L01,1mg,=cmd(),5,,")
    sent = officer.post(
        f"{ROUND}/uploads",
        data={"encoding": "utf-8"},
        files={"file": ("省.csv", content)},
    )
    assert sent.status_code == 303
    address = sent.headers["location"]
    assert officer.get(f"{address}/progress").json()["state"] == "running"
    assert "data-job" in officer.get(address).text
    with snapshot(platform.engine) as session:
        upload_id = session.scalars(select(VolumeUpload.id)).one()
    work_on_upload(FakeRun(platform.engine), upload_id=upload_id)
    over = officer.get(f"{address}/progress").json()
    assert (over["state"], over["next"]) == ("done", address)
    page = officer.get(address)
    assert "1 行已导入，1 行有误" in page.text
    faults = officer.get(f"{address}/faults.csv").text
    assert "'=cmd()" in faults
    assert pharmacist.get(address).status_code in (403, 404)
    again = officer.post(f"{ROUND}/uploads", files={"file": ("省.csv", content)})
    assert again.headers["location"] == address
    assert officer.post(f"{ROUND}/uploads").status_code == 422


def test_past_purchases_are_brought_in_by_an_officer(platform, world, officer):
    header = "统一社会信用代码,年份,通用名,规格,采购数量"
    content = csv_file(f"{world.hospital.credit_code},2025,阿那曲唑,1mg,5", header=header)
    sent = officer.post("/volumes/history", files={"file": ("x.csv", content)})
    assert sent.status_code == 303
    assert officer.get(sent.headers["location"]).status_code == 200
    assert "x.csv" in officer.get("/volumes/history").text


def test_base_volumes_are_added_up_and_public_with_the_document(
    platform, world, officer, pharmacist
):
    with transaction(platform.engine) as session:
        report = start(session, world)
        fill(session, report, entry(world, "L01", "1mg", 4321, world.brands[0]))
        send(session, world, report)
    listed = officer.get(f"{ROUND}/reports/{report.id}")
    officer.post(f"{ROUND}/reports/{report.id}/accept", data={"version": hidden(listed, "version")})
    early = officer.post(f"{ROUND}/base")
    assert early.status_code == 409
    assert "报量尚未截止" in early.text
    with transaction(platform.engine) as session:
        end_window(session, world)
    assert officer.post(f"{ROUND}/base").status_code == 303
    page = officer.get(f"{ROUND}/base?region=340000")
    assert "4,321" in page.text
    assert "县人民医院" in page.text
    assert "340000,L01,1mg,1,4321,甲制药有限公司" in officer.get(f"{ROUND}/volumes.csv").text
    nobody = platform.nobody()
    assert nobody.get(f"{ROUND}/base").status_code in (401, 404, 303)
    with transaction(platform.engine) as session:
        world.round_in(session).published_at = database_moment(session)
    public = nobody.get(f"{ROUND}/base")
    assert public.status_code == 200
    assert "4,321" in public.text
    assert "县人民医院" not in public.text


def test_every_page_is_there_in_english(platform, world, officer, pharmacist):
    _report, address = begin(platform, pharmacist, world, world.hospital)
    for page in ("/volumes", ROUND, f"{address}/grid", f"{address}/check", f"{address}/upload"):
        answer = pharmacist.get(f"{page}?lang=en")
        assert answer.status_code == 200
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        for name in ("阿那曲唑", "阿莫西林", "头孢呋辛", "省立医院", "药品集中带量采购文件"):
            main = main.replace(name, "")
        chinese = re.findall(r"[\u4e00-\u9fff]{2,}", main)
        assert [word for word in chinese if word not in ("报量表",)] == [], page
