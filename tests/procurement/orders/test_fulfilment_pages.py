"""Pages of fulfilment: progress by role, notices from finding to credit, take-over, rules."""

import pytest
from sqlalchemy import select

from procurement.accounts.tables import OrganisationKind
from procurement.database import transaction
from procurement.orders.fulfilment.states import NoticeStatus
from procurement.orders.fulfilment.tables import (
    FulfilmentExemption,
    FulfilmentNotice,
    FulfilmentParameter,
    SupplyReplacement,
)
from procurement.permissions import Role
from tests.procurement.rounds.world import REGIONS, new_organisation, new_person


@pytest.fixture
def bought(world):
    world.buy(60)
    world.buy(5, "阿那曲唑")
    return world


@pytest.fixture
def regional(desks, world):
    """An officer of the bureau of the hospital's region."""
    with transaction(world.engine) as session:
        bureau = new_organisation(session, OrganisationKind.BUREAU, "bureau", region=REGIONS[0])
        person = new_person(session, bureau, Role.OFFICER)
        person_id = person.id
    return desks.person(person_id)


def test_each_role_sees_the_progress_that_is_its_concern(desks, bought):
    own = desks.hospital.get("/fulfilment")
    assert own.status_code == 200 and "缬沙坦" in own.text and "时间进度" in own.text
    assert "缬沙坦" in desks.maker.get("/fulfilment").text
    assert "阿那曲唑" not in desks.maker.get("/fulfilment").text
    for by in ("hospital", "product", "group", "county", "city", "province", "supplier"):
        page = desks.officer.get(f"/fulfilment?by={by}")
        assert page.status_code == 200 and "全部合计" in page.text, by
    assert desks.distributor.get("/fulfilment").headers["location"] == "/fulfilment/suppliers"
    assert desks.of(bought.agency).get("/fulfilment").status_code == 200
    assert desks.platform.nobody().get("/fulfilment").status_code == 303


def test_a_table_is_narrowed_sorted_and_given_as_a_file(desks, bought):
    desk = desks.officer
    hospital = bought.hospital.organisation.name
    narrowed = desk.get(f"/fulfilment?by=hospital&region={REGIONS[0]}&sort=-received&q={hospital}")
    assert narrowed.status_code == 200 and hospital in narrowed.text
    assert desk.get("/fulfilment?by=hospital&region=999999").status_code == 404
    assert desk.get("/fulfilment?term=999").status_code == 404
    rows = desk.get("/fulfilment/progress.csv?by=hospital&lang=en").content.decode("utf-8-sig")
    assert rows.startswith("name,") and hospital in rows
    assert desk.get("/fulfilment/progress.xlsx").content.startswith(b"PK")


def test_a_hospitals_page_says_what_is_missing_and_nobody_else_reads_it(desks, bought):
    place = f"/fulfilment/hospitals/{bought.hospital.id}"
    page = desks.hospital.get(place)
    assert page.status_code == 200 and "还差" in page.text and "尚未进院" in page.text
    assert desks.officer.get(place).status_code == 200
    assert desks.of(bought.outsider).get(place).status_code == 404
    assert desks.maker.get(place).status_code == 404


def test_delivery_rates_are_shown_to_bureaus_and_to_the_firm_itself(desks, bought, regional):
    name = bought.distributor.organisation.name
    page = regional.get("/fulfilment/suppliers?role=distributor")
    assert page.status_code == 200
    assert name in page.text
    assert "由他人接续" in page.text
    own = desks.distributor.get("/fulfilment/suppliers")
    assert own.status_code == 200 and name in own.text
    assert name not in desks.of(bought.distributors[1]).get("/fulfilment/suppliers").text
    sheet = regional.get("/fulfilment/suppliers.csv").content.decode("utf-8-sig")
    assert "2027-03" in sheet.splitlines()[0]


def raised(regional, world, **more):
    about = {"organisation": str(world.maker.id), "region": REGIONS[0], "kind": "remind"}
    said = {
        "finding": "多次缺货",
        "basis": "会议纪要",
        "demand": "说明原因",
        "due_on": "2027-03-20",
    }
    return regional.post("/fulfilment/notices/new", data={**about, **said, **more})


def notice_of(world):
    with world.read() as session:
        return session.scalars(
            select(FulfilmentNotice).order_by(FulfilmentNotice.id.desc())
        ).first()


def test_a_notice_goes_from_the_officer_over_the_answer_to_the_credit_rating(
    desks, world, regional
):
    form = regional.get(f"/fulfilment/notices/new?organisation={world.maker.id}")
    assert form.status_code == 200
    empty = raised(regional, world, finding="", basis="")
    assert empty.status_code == 422 and 'id="fault-finding"' in empty.text
    undated = raised(regional, world, due_on="")
    assert undated.status_code == 422 and 'id="fault-due_on"' in undated.text
    assert raised(regional, world).status_code == 303
    place = f"/fulfilment/notices/{notice_of(world).id}"
    assert "多次缺货" in desks.maker.get("/fulfilment/notices").text
    assert desks.of(world.other_maker).get(place).status_code == 404
    assert desks.maker.post(f"{place}/decide", data={"version": "2"}).status_code == 403
    silent = desks.maker.post(f"{place}/answer", data={"text": "", "version": "2"})
    assert silent.status_code == 422 and 'id="fault-text"' in silent.text
    said = {"text": "原料短缺，三月底恢复", "version": "2"}
    assert desks.maker.post(f"{place}/answer", data=said).status_code == 303
    assert "原料短缺" in regional.get(place).text
    nothing = regional.post(f"{place}/decide", data={"version": "3", "decision": "不足"})
    assert nothing.status_code == 422
    further = {"outcome": "escalate", "decision": "仍缺货", "kind": "interview"}
    further |= {"demand": "3月25日到场", "due_on": "2027-03-25", "version": "3"}
    assert regional.post(f"{place}/decide", data=further).status_code == 303
    talk = notice_of(world)
    assert talk.kind == "interview" and talk.status == NoticeStatus.OPEN
    place = f"/fulfilment/notices/{talk.id}"
    stale = regional.post(f"{place}/decide", data={**further, "version": "0"})
    assert stale.status_code == 409 and "仍缺货" in stale.text
    page = regional.get(f"{place}/credit")
    assert page.status_code == 200 and "违反承诺" in page.text
    lacking = regional.post(f"{place}/credit", data={"version": str(talk.version)})
    assert lacking.status_code == 422
    given = {"grade": "dishonest", "reason": "长期缺货", "decision": "两次通知无效"}
    given |= {"document": "认定书 1 号", "found_on": "2027-03-01", "in_force_from": "2027-03-01"}
    done = regional.post(f"{place}/credit", data={**given, "version": str(talk.version)})
    assert done.status_code == 303 and done.headers["location"].startswith("/credit/matters/")
    assert notice_of(world).status == NoticeStatus.ESCALATED
    rows = regional.get("/fulfilment/notices/notices.csv").content.decode("utf-8-sig")
    assert len(rows.splitlines()) == 3


def test_a_notice_is_settled_and_one_that_was_only_found_is_dropped(desks, world, regional):
    raised(regional, world)
    place = f"/fulfilment/notices/{notice_of(world).id}"
    done = {"outcome": "settle", "decision": "已恢复", "version": "2"}
    assert regional.post(f"{place}/decide", data=done).status_code == 303
    assert "已办结" in desks.maker.get(place).text
    raised(regional, world)
    with transaction(world.engine) as session:
        row = session.scalars(
            select(FulfilmentNotice).order_by(FulfilmentNotice.id.desc()).limit(1)
        ).one()
        row.status, row.issued_at, row.bureau_id = NoticeStatus.FOUND, None, None
        place = f"/fulfilment/notices/{row.id}"
        version = str(row.version)
    assert desks.maker.get(place).status_code == 404
    kept = regional.post(f"{place}/issue", data={"version": version, "demand": ""})
    assert kept.status_code == 422 and 'id="fault-demand"' in kept.text
    drop = {"version": version, "outcome": "drop", "reason": "数据有误"}
    assert regional.post(f"{place}/issue", data=drop).status_code == 303
    assert notice_of(world).status == NoticeStatus.DROPPED


def test_an_officer_asks_for_a_check_of_the_region(regional, desks, world):
    asked = regional.post("/fulfilment/notices/search", data={"monthly": "yes"})
    assert asked.status_code == 303
    assert "已开始检查" in regional.get("/fulfilment/notices?asked=1").text
    assert desks.hospital.post("/fulfilment/notices/search").status_code == 403


def test_another_winner_takes_over_on_record_and_hands_back(desks, world):
    desk = desks.officer
    with world.read() as session:
        supply = world.supply(session, "L01", "1mg")
    form = desk.get(f"/fulfilment/replacements/new?supply={supply.id}")
    assert form.status_code == 200
    offer = form.text.split('name="offer" value="')[1].split('"')[0]
    given = {"supply": str(supply.id), "starts_on": world.day.isoformat()}
    wrong = desk.post("/fulfilment/replacements/new", data=given)
    assert wrong.status_code == 422 and 'id="fault-offer"' in wrong.text
    lacking = desk.post("/fulfilment/replacements/new", data={**given, "offer": offer})
    assert lacking.status_code == 422 and 'id="fault-reason"' in lacking.text
    whole = {**given, "offer": offer, "reason": "停产", "document": "函 3 号"}
    whole["distributor_id"] = str(world.distributor.id)
    assert desk.post("/fulfilment/replacements/new", data=whole).status_code == 303
    again = desk.post("/fulfilment/replacements/new", data=whole)
    assert again.status_code == 409 and "已有替补企业" in again.text
    assert "停产" in desks.hospital.get("/fulfilment/replacements").text
    with world.read() as session:
        row = session.scalars(select(SupplyReplacement)).one()
    end = f"/fulfilment/replacements/{row.id}/end"
    assert desks.hospital.post(end).status_code == 403
    early = desk.post(end, data={"ends_on": "2027-01-01", "reason": "恢复", "replacement": row.id})
    assert early.status_code == 422
    done = desk.post(end, data={"ends_on": "2027-03-31", "reason": "恢复"})
    assert done.status_code == 303
    assert "恢复" in desk.get("/fulfilment/replacements").text
    assert desk.get("/fulfilment/replacements/new?supply=999999").status_code == 404


def test_a_bureau_gives_what_texts_leave_open_and_treats_a_medicine_apart(regional, desks, world):
    page = regional.get("/fulfilment/rules")
    assert page.status_code == 200 and "文件没有写明的" in page.text
    assert desks.hospital.get("/fulfilment/rules").status_code == 403
    wrong = {"form": "given", "key": "supplier.rate_min", "value": "much", "in_force_from": "x"}
    refused = regional.post("/fulfilment/rules/given", data=wrong)
    assert refused.status_code == 422 and 'id="fault-in_force_from"' in refused.text
    good = {**wrong, "value": "0.8", "basis": "市医保局文件", "in_force_from": "2027-01-01"}
    assert regional.post("/fulfilment/rules/given", data=good).status_code == 303
    with world.read() as session:
        assert session.scalars(select(FulfilmentParameter.key)).one() == "supplier.rate_min"
    lot = page.text.split('name="lot_id"')[1].split('option value="')[2].split('"')[0]
    apart = {"form": "exempt", "lot_id": lot, "reason": "shortage", "text": "短缺", "document": "1"}
    apart |= {"starts_on": "2027-03-01"}
    refused = regional.post("/fulfilment/rules/exemptions", data=apart)
    assert refused.status_code == 422 and 'id="fault-ends_on"' in refused.text
    done = regional.post("/fulfilment/rules/exemptions", data={**apart, "ends_on": "2027-04-01"})
    assert done.status_code == 303
    with world.read() as session:
        row = session.scalars(select(FulfilmentExemption)).one()
    assert regional.post(f"/fulfilment/rules/exemptions/{row.id}/revoke").status_code == 303
    assert "已撤销" in regional.get("/fulfilment/rules").text
