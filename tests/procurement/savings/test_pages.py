"""Pages play a settlement from its draft to the published table, each step by whose it is."""

import re
from decimal import Decimal

import pytest

from procurement.database import transaction
from procurement.savings.states import SettlementStatus
from tests.procurement.savings.visitors import ROOT, hidden, ok, text_of, visited
from tests.procurement.savings.world import FACTORS, NAME, PRICES_BEFORE, REGION

DRAFT = {
    "name": NAME,
    "title": "2027 年度结余留用",
    "region": REGION,
    "rulebook": "savings-national-2020",
    "negative_base": "floor_each",
    "completion_unit": "product",
    "band_edge_1": "80",
    "band_ratio_1": "0.50",
    "band_grade_1": "优秀",
    "band_edge_2": "60",
    "band_ratio_2": "0.40",
    "band_edge_3": "0",
    "band_ratio_3": "0",
    "indicator_volume-completion": "60",
    "indicator_rules-kept": "40",
}


@pytest.fixture
def visits(world):
    with visited(world) as running:
        yield running


def status_of(world):
    with transaction(world.engine) as session:
        return world.settlement(session).status


def run_jobs(world):
    """Carry out the run that was asked for last, as the worker does."""
    with world.engine.connect() as connection:
        newest = connection.exec_driver_sql("SELECT max(id) FROM savings_run").scalar()
        world.settlement_id = connection.exec_driver_sql(
            "SELECT max(id) FROM savings_settlement"
        ).scalar()
    run = world.job(newest)
    assert run.status == "done", run.fault_en


def test_a_settlement_is_played_on_its_pages_from_draft_to_publication(world, visits):
    world.buy_agreed()
    officer, hospital = visits.officer, visits.hospital()
    form = ok(officer.get(f"/savings/new?region={REGION}&rulebook=savings-national-2020")).text
    assert "没有来源说明" in form and world.agency.organisation.name in form
    term = str(world.orders.term_id)
    typed = {**DRAFT, "term_ids": term, "agency_id": str(world.agency.id)}
    ok(officer.post("/savings/new", data=typed))
    page = ok(officer.get(f"{ROOT}/factors")).text
    assert "还缺" in page
    ok(officer.post(f"{ROOT}/factors", data=FACTORS))
    strengths = dict(re.findall(r'<option value="(\d+)">[^<]*?(\d+mg)</option>', page))
    for strength_id, strength in strengths.items():
        typed = {"strength": strength_id, "price_before": PRICES_BEFORE[strength]}
        ok(officer.post(f"{ROOT}/factors", data=typed))
    assert "每一行所需的参数都已给出" in ok(officer.get(f"{ROOT}/factors")).text
    ok(officer.post(f"{ROOT}/extract"))
    assert "data-job" in ok(officer.get(ROOT)).text
    assert ok(officer.get(f"{ROOT}/progress")).json()["state"] == "waiting"
    run_jobs(world)
    assert ok(officer.get(f"{ROOT}/progress")).json()["next"] == ROOT
    _assess(world, visits)
    ok(officer.post(f"{ROOT}/close-assessments", data={"reason": ""}))
    ok(officer.post(f"{ROOT}/compute"))
    run_jobs(world)
    own = f"{ROOT}/statements/{world.hospitals[0].id}"
    assert hospital.get(own).status_code == 404
    assert ok(officer.get(own)).status_code == 200
    ok(officer.post(f"{ROOT}/open", data={"answer_by": "2028-01-20"}))
    for number, one in enumerate(world.hospitals):
        page = ok(visits.hospital(number).get(f"{ROOT}/statements/{one.id}")).text
        digest = hidden(page, "digest")
        ok(
            visits.hospital(number).post(
                f"{ROOT}/statements/{one.id}/confirm", data={"digest": digest}
            )
        )
    assert "已确认" in text_of(ok(hospital.get(own)).text)
    ok(officer.post(f"{ROOT}/report", data={"note": ""}))
    page = ok(officer.get(f"{ROOT}/publication")).text
    assert "没有出入" in page
    assert visits.platform.nobody().get(f"{ROOT}/publication").status_code in (303, 404)
    ok(officer.post(f"{ROOT}/publication", data={"until": "2028-01-17", "basis": "某办法"}))
    assert status_of(world) == SettlementStatus.PUBLISHED
    page = ok(visits.platform.nobody().get(f"{ROOT}/publication")).text
    assert world.hospitals[0].organisation.name in page and "没有出入" in page


def _assess(world, visits):
    for number, one in enumerate(world.hospitals):
        desk, page = visits.hospital(number), f"{ROOT}/assessments/{one.id}"
        for who, kind in ((desk, "self"), (visits.officer, "visit")):
            form = ok(who.get(page)).text
            typed = {
                "assessment_id": hidden(form, "assessment_id"),
                "version": hidden(form, "version"),
                "points:volume-completion": "60",
                "points:rules-kept": "31.5",
                "note:rules-kept": "平台记录",
            }
            if kind == "self":
                wrong = who.post(f"{page}/self", data={**typed, "points:rules-kept": "41"})
                assert wrong.status_code == 422 and "平台记录" in wrong.text
                file = {"file": ("依据.pdf", b"%PDF-1.7")}
                sent = {"assessment_id": typed["assessment_id"], "indicator": "rules-kept"}
                ok(who.post(f"{page}/evidence", data=sent, files=file))
            ok(who.post(f"{page}/{kind}", data=typed))
        shown = ok(desk.get(page)).text
        assert "91.5" in shown and "优秀" in shown and "依据.pdf" in shown
        link = re.search(rf"{page}/evidence/\d+", shown)
        assert link and ok(desk.get(link[0])).content == b"%PDF-1.7"


def test_nobody_reads_another_hospitals_statement_or_settles(world, visits):
    world.buy_agreed()
    world.computed().send()
    first, second = visits.hospital(0), visits.hospital(1)
    own = f"{ROOT}/statements/{world.hospitals[0].id}"
    assert ok(first.get(own)).status_code == 200
    for path in ("", "/statement.pdf", "/statement.xlsx"):
        assert second.get(own + path).status_code == 404
    digest = hidden(first.get(own).text, "digest")
    assert second.post(f"{own}/confirm", data={"digest": digest}).status_code == 404
    for step in ("extract", "compute", "report", "open", "close-assessments", "withdraw"):
        assert first.post(f"{ROOT}/{step}").status_code == 403
    assert visits.officer.post(f"{ROOT}/nothing").status_code == 404
    assert world.hospitals[1].organisation.name not in text_of(ok(first.get(ROOT)).text)
    assert visits.platform.nobody().get(own).status_code == 303
    assert first.get(f"{ROOT}/statements.xlsx").status_code == 403
    assert visits.officer.post(f"{own}/confirm", data={"digest": digest}).status_code == 403


def test_a_hospital_objects_and_reads_why(world, visits):
    world.buy_agreed()
    world.computed().send()
    desk, own = visits.hospital(), f"{ROOT}/statements/{world.hospitals[0].id}"
    digest = hidden(desk.get(own).text, "digest")
    empty = desk.post(f"{own}/object", data={"digest": digest, "reason": ""})
    assert empty.status_code == 422 and "field-reason" in empty.text
    stale = desk.post(f"{own}/confirm", data={"digest": "0" * 64})
    assert stale.status_code == 409
    ok(desk.post(f"{own}/object", data={"digest": digest, "reason": "入库量少计一笔"}))
    page = ok(visits.officer.get(own)).text
    assert "入库量少计一笔" in page
    chosen = {"objection_id": hidden(page, "objection_id"), "decision": "经核对无误"}
    assert visits.officer.post(f"{own}/decide", data=chosen).status_code == 422
    ok(visits.officer.post(f"{own}/decide", data={**chosen, "verdict": "rejected"}))
    page = text_of(ok(desk.get(own)).text)
    assert "经核对无误" in page and "不采纳" in page
    blocked = visits.officer.post(f"{ROOT}/report", data={"note": ""})
    assert blocked.status_code == 409 and "尚未确认" in blocked.text


def test_an_upheld_objection_gives_a_new_version(world, visits):
    world.buy_agreed()
    world.computed().send()
    desk, own = visits.hospital(), f"{ROOT}/statements/{world.hospitals[0].id}"
    digest = hidden(desk.get(own).text, "digest")
    ok(desk.post(f"{own}/object", data={"digest": digest, "reason": "支付比例有误"}))
    ok(visits.officer.post(f"{ROOT}/factors", data={**FACTORS, "payment_ratio": "0.65"}))
    page = ok(visits.officer.get(own)).text
    chosen = {"objection_id": hidden(page, "objection_id"), "decision": "已更正"}
    ok(visits.officer.post(f"{own}/decide", data={**chosen, "verdict": "upheld"}))
    run_jobs(world)
    assert "第 2 版" in text_of(ok(desk.get(own)).text)
    assert "已有新版本" in text_of(ok(desk.get(f"{own}?version=1")).text)


def test_what_was_typed_in_a_draft_stays_with_each_fault(world, visits):
    typed = {**DRAFT, "name": "Bad Name", "band_ratio_1": "0.90", "negative_base": ""}
    answer = visits.officer.post("/savings/new", data=typed)
    assert answer.status_code == 422
    for field in ("name", "term_ids", "negative_base", "bands"):
        assert f'href="#field-{field}"' in answer.text, field
    assert 'value="0.90"' in answer.text and 'value="Bad Name"' in answer.text
    assert visits.hospital().get("/savings/new").status_code == 403


def test_a_file_of_factors_with_bad_lines_stores_nothing_and_lists_all(world, visits):
    world.draft()
    officer = visits.officer
    template = ok(officer.get(f"{ROOT}/factors/template.csv")).content.decode("utf-8-sig")
    head, *lines = template.splitlines()
    bad = "\r\n".join([head, *(f"{line},x" for line in lines)])
    answer = officer.post(f"{ROOT}/factors/file", files={"file": ("f.csv", bad.encode())})
    assert answer.status_code == 422 and "fault-summary" in answer.text
    assert "还没有给出参数" in officer.get(f"{ROOT}/factors").text
    assert officer.post(f"{ROOT}/factors/file").status_code == 422


def test_a_run_that_failed_says_why_on_the_page(world, visits):
    world.buy_agreed()
    world.draft().extract()
    world.assess_all()
    ok(visits.officer.post(f"{ROOT}/compute"))
    with world.engine.connect() as connection:
        newest = connection.exec_driver_sql("SELECT max(id) FROM savings_run").scalar()
    assert world.job(newest).status == "failed"
    page = text_of(ok(visits.officer.get(ROOT)).text)
    assert "上一次任务未能完成" in page and "医保实际支付比例" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_can_be_read_in_both_languages(world, visits, language):
    world.buy_agreed()
    world.computed(parameters={**world.drafted().parameters, "base_to_use_warning": "1.2"})
    world.send().confirm_all().report().publish()
    own = world.hospitals[0].id
    pages = ["", "/factors", "/publication", f"/statements/{own}", f"/assessments/{own}"]
    visitors = (visits.officer, visits.hospital())
    for who in visitors:
        for path in pages:
            answer = who.get(f"{ROOT}{path}?lang={language}")
            assert answer.status_code in (200, 403), (path, answer.text[:2000])
            if language == "en":
                left = set(re.findall(r"[\u4e00-\u9fff]{2,}", text_of(answer.text)))
                assert not left - known(world), (path, left - known(world))
        ok(who.get(f"/savings?lang={language}"))
    ok(visits.officer.get(f"{ROOT}/edit?lang={language}"))
    ok(visits.officer.get(f"/savings/new?lang={language}"))


def known(world):
    """Chinese words that are data."""
    names = [one.organisation.name for one in (*world.hospitals, world.agency)]
    data = "医保发 年度结余留用 优秀 某省结余留用办法 注射用甲 乙片 丙片 医院 省医保中心"
    with world.engine.connect() as connection:
        for table in ("organisation", "person"):
            names += connection.exec_driver_sql(f"SELECT name FROM {table}").scalars()  # noqa: S608
        names += connection.exec_driver_sql("SELECT product FROM lot").scalars()
        names += connection.exec_driver_sql("SELECT unit FROM lot").scalars()
        names += connection.exec_driver_sql("SELECT title FROM round").scalars()
    return set(re.findall(r"[\u4e00-\u9fff]{2,}", " ".join([*names, data])))


def test_the_page_shows_how_the_sum_came_about_to_the_cent(world, visits):
    world.buy_agreed()
    world.computed().send()
    for number, one in enumerate(world.hospitals):
        statement = world.statement(one.id)
        page = text_of(ok(visits.hospital(number).get(f"{ROOT}/statements/{one.id}")).text)
        for line in statement.lines:
            assert f"{line.row.base_volume:,}" in page
        assert f"{statement.payable:,.2f}" in page
        assert statement.employee + statement.resident == statement.payable > Decimal(0)


def test_a_base_far_above_the_use_is_warned_of_also_where_nothing_was_used(world, visits):
    first, second = (one.id for one in world.hospitals[:2])
    world.buy_agreed(lambda hospital, _: Decimal(0) if hospital == first else Decimal("0.2"))
    world.computed(parameters={**world.drafted().parameters, "base_to_use_warning": "1.5"}).send()
    page = text_of(ok(visits.hospital(0).get(f"{ROOT}/statements/{first}")).text)
    assert "报了基数，没有使用" in page and "没有可留用的金额" in page
    page = text_of(ok(visits.hospital(1).get(f"{ROOT}/statements/{second}")).text)
    assert re.search(r"基数为使用量的 \d", page) and "还差" in page


def test_the_bureau_above_takes_note_of_a_report_or_returns_it(world, visits):
    world.buy_agreed()
    world.computed().send().confirm_all()
    above = visits.of(world.national.actor.person_id)
    assert above.post(f"{ROOT}/answer-report/note").status_code == 404
    page = ok(visits.officer.get(ROOT)).text
    assert world.national.organisation.name in page
    sent = {"note": "已核对", "to_bureau_id": str(world.national.id)}
    ok(visits.officer.post(f"{ROOT}/report", data=sent))
    assert "收悉" in ok(above.get(ROOT)).text
    assert visits.officer.post(f"{ROOT}/answer-report/note").status_code == 404
    blank = above.post(f"{ROOT}/answer-report/return", data={"reason": ""})
    assert blank.status_code == 422 and "field-reason" in blank.text
    ok(above.post(f"{ROOT}/answer-report/return", data={"reason": "缺附件"}))
    assert "退回：缺附件" in text_of(ok(visits.officer.get(ROOT)).text)
    assert status_of(world) == SettlementStatus.WITH_HOSPITALS
    ok(visits.officer.post(f"{ROOT}/report", data=sent))
    ok(above.post(f"{ROOT}/answer-report/note"))
    assert above.post(f"{ROOT}/answer-report/note").status_code == 409


def test_a_draft_is_changed_withdrawn_and_gone_back_to(world, visits):
    world.buy_agreed()
    world.draft().factors()
    officer = visits.officer
    page = ok(officer.get(f"{ROOT}/edit")).text
    assert 'value="优秀"' in page and 'name="indicator_rules-kept"' in page
    version, term = hidden(page, "version"), str(world.orders.term_id)
    typed = {**DRAFT, "title": "改名", "term_ids": term, "version": version}
    ok(officer.post(f"{ROOT}/edit", data=typed))
    assert officer.post(f"{ROOT}/edit", data=typed).status_code == 409
    assert "改名" in ok(officer.get(ROOT)).text
    ok(officer.post(f"{ROOT}/agency", data={"agency_id": str(world.agency.id)}))
    world.extract()
    assert officer.post(f"{ROOT}/back", data={"reason": ""}).status_code == 422
    ok(officer.post(f"{ROOT}/back", data={"reason": "参数有误"}))
    ok(officer.post(f"{ROOT}/withdraw", data={"reason": "重复"}))
    assert "已撤销" in ok(officer.get(ROOT)).text
