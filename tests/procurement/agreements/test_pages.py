"""Pages of agreements: each party sees and signs its own, and nobody another's."""

import pytest
from sqlalchemy import select

from procurement.accounts.tables import Person
from procurement.agreements.states import AgreementStatus, Party
from procurement.agreements.tables import AgreedChange, AgreementTerm, Distribution
from procurement.agreements.tasks import waiting_for
from procurement.database import database_moment, transaction
from procurement.rounds.tables import RoundStatus
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import REGIONS


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


@pytest.fixture
def ready(world):
    """Every agreement has its distributor."""
    world.nominate_everywhere()
    world.choose_distributors()
    return world


def visitor(platform, world, person_id, *, token=False):
    with transaction(world.engine) as session:
        person = session.get_one(Person, person_id)
    return platform.with_token(person) if token else platform.signed_in(person)


def of(platform, world, somebody, **how):
    return visitor(platform, world, somebody.actor.person_id, **how)


def officer(platform, world, **how):
    return visitor(platform, world, world.officers[0].id, **how)


def address(world, path=""):
    return f"/rounds/{world.name}/agreements{path}"


def first(world, number=0):
    return world.hospitals[REGIONS[0]][number]


def own(world, somebody, **wanted):
    with world.read() as session:
        return world.agreements(session, hospital_id=somebody.id, **wanted)


def tasks(world, actor):
    with world.read() as session:
        found = waiting_for(session, actor=actor, moment=database_moment(session))
        return [task.zh for task in found]


def test_an_officer_draws_agreements_up_and_sees_how_far_they_are(platform, chosen):
    desk = officer(platform, chosen)
    assert "生成首年协议" in desk.get(address(chosen)).text
    assert any("首年协议" in task for task in tasks(chosen, chosen.officer))
    wrong = desk.post(address(chosen, "/terms"), data={"starts_on": "2027-01-01", "ends_on": "x"})
    assert wrong.status_code == 422 and "field-ends_on" in wrong.text
    days = {"starts_on": "2027-01-01", "ends_on": "2027-12-31"}
    assert desk.post(address(chosen, "/terms"), data=days).status_code == 303
    assert "data-job" in desk.get(address(chosen)).text
    told = desk.get(address(chosen, "/terms/1/progress")).json()
    assert (told["state"], told["next"]) == ("running", None)
    with chosen.read() as session:
        chosen.term_id = session.scalars(select(AgreementTerm.id)).one()
    chosen.run_job(chosen.term_id)
    assert desk.get(address(chosen, "/terms/1/progress")).json()["state"] == "done"
    assert "待选配送企业" in desk.get(address(chosen)).text
    running = desk.post(address(chosen, "/running"), data={"reason": ""})
    assert running.status_code == 409 and "未签署" in running.text
    assert desk.post(address(chosen, "/running"), data={"reason": "急需"}).status_code == 303
    with chosen.read() as session:
        assert chosen.round(session).status == RoundStatus.RUNNING
    assert "下一个采购年度" in desk.get(address(chosen)).text
    extended = {"kind": "extension", "months": "6", "basis": "延期通知"}
    assert desk.post(address(chosen, "/terms"), data=extended).status_code == 303


def test_a_hospital_chooses_and_signs_on_its_pages(platform, world):
    world.nominate_everywhere()
    hospital = first(world)
    desk, rows = of(platform, world, hospital), own(world, hospital)
    assert any("选定配送企业" in task for task in tasks(world, hospital.actor))
    page = desk.get(address(world))
    assert page.status_code == 200 and page.text.count("<tr>") == len(rows) + 1
    one = address(world, f"/{rows[0].id}")
    assert "约定采购的药品" in desk.get(one).text
    chosen = {"distributor_id": str(world.distributors[0].id)}
    wrong = desk.post(f"{one}/distributor", data={"distributor_id": "x"})
    assert wrong.status_code == 409
    assert desk.post(f"{one}/distributor", data=chosen).status_code == 303
    assert desk.post(f"{one}/only-distributors").status_code == 303
    assert any("签署" in task for task in tasks(world, hospital.actor))
    listed = desk.get(address(world, "/list.txt?party=hospital"))
    assert listed.status_code == 200 and len(listed.text.splitlines()) == len(rows)
    ticked = {"party": "hospital", "agreement": str(rows[0].id)}
    assert desk.post(address(world, "/sign"), data=ticked).status_code == 303
    assert "签署记录" in desk.get(one).text
    assert desk.post(address(world, "/sign"), data={"party": "hospital"}).status_code == 303
    again = desk.post(address(world, "/sign"), data={"party": "hospital"})
    assert again.status_code == 409 and "没有可签署的协议" in again.text
    assert {row.status for row in own(world, hospital)} == {AgreementStatus.SIGNING}


def test_nobody_sees_or_signs_another_organisations_agreement(platform, ready):
    hospital, other = first(ready), first(ready, 1)
    row = own(ready, hospital)[0]
    desk = of(platform, ready, other)
    one = address(ready, f"/{row.id}")
    for path in (one, f"{one}/agreement.pdf"):
        assert desk.get(path).status_code == 404
    assert desk.post(f"{one}/distributor", data={"distributor_id": "1"}).status_code == 404
    for fields in (
        {"party": "hospital", "organisation_id": str(hospital.id)},
        {"party": "nobody"},
    ):
        assert desk.post(address(ready, "/sign"), data=fields).status_code == 404
    ticked = {"party": "hospital", "agreement": str(row.id)}
    assert desk.post(address(ready, "/sign"), data=ticked).status_code == 409
    # The bureau may, if it was entrusted; it was not.
    for_other = {"party": "hospital", "organisation_id": str(hospital.id)}
    refused = officer(platform, ready).post(address(ready, "/sign"), data=for_other)
    assert refused.status_code == 409 and "没有委托" in refused.text
    assert own(ready, hospital)[0].status == AgreementStatus.OPEN
    assert platform.nobody().get(one).status_code == 303
    loser = visitor(platform, ready, ready.maker("D").person_id)
    assert loser.get(one).status_code == 404


def test_an_agreement_is_given_as_pdf_and_all_as_excel(platform, ready):
    hospital = first(ready)
    ready.sign(Party.HOSPITAL, hospital.id, hospital.actor)
    desk, row = of(platform, ready, hospital), own(ready, hospital)[0]
    for language in ("zh", "en"):
        printed = desk.get(address(ready, f"/{row.id}/agreement.pdf?lang={language}"))
        assert printed.status_code == 200 and printed.content.startswith(b"%PDF")
    sheet = desk.get(address(ready, "/agreements.xlsx"))
    assert sheet.status_code == 200 and sheet.content.startswith(b"PK")
    assert desk.get(address(ready, "?lang=en")).status_code == 200


def test_distributors_are_nominated_confirmed_and_withdrawn_on_their_page(platform, world):
    page = f"/rounds/{world.name}/distributors"
    desk = visitor(platform, world, world.maker("E").person_id)
    assert any("提名配送企业" in task for task in tasks(world, world.maker("E").actor))
    named = {"distributor_id": str(world.distributors[0].id), "region": list(REGIONS[:2])}
    assert desk.post(page, data=named).status_code == 303
    blank = desk.post(page, data={"distributor_id": "0", "region": REGIONS[2]})
    assert blank.status_code == 422
    with world.read() as session:
        rows = session.scalars(select(Distribution).order_by(Distribution.id)).all()
    assert len(rows) == 2
    at_first, at_second = (of(platform, world, one) for one in world.distributors)
    assert any("配送提名" in task for task in tasks(world, world.distributors[0].actor))
    answer = f"{page}/{rows[0].id}/answer"
    assert "确认" in at_first.get(page).text
    assert at_second.post(answer, data={"confirms": "yes"}).status_code == 404
    assert at_first.post(answer, data={"confirms": "yes"}).status_code == 303
    assert at_first.post(answer, data={"confirms": "no"}).status_code == 409
    assert desk.post(f"{page}/{rows[1].id}/withdraw").status_code == 303
    assert officer(platform, world).get(page).status_code == 200
    assert of(platform, world, first(world)).get(page).status_code == 200


def test_signing_is_entrusted_and_done_for_others(platform, ready):
    hospital = first(ready)
    desk, bureau = of(platform, ready, hospital), officer(platform, ready)
    page = address(ready, "/entrusted")
    assert "受托单位" in desk.get(page).text
    wrong = desk.post(page, data={"agent_id": str(ready.lead.id)})
    assert wrong.status_code == 422
    assert desk.post(page, data={"agent_id": str(ready.bureau.id)}).status_code == 303
    assert hospital.organisation.name in bureau.get(page).text
    assert any("代为签署" in task for task in tasks(ready, ready.officer))
    for_other = {"party": "hospital", "organisation_id": str(hospital.id)}
    assert bureau.post(address(ready, "/sign"), data=for_other).status_code == 303
    ended = desk.get(page).text.split("/entrusted/")[1].split("/end")[0]
    assert of(platform, ready, first(ready, 1)).post(f"{page}/{ended}/end").status_code == 404
    assert desk.post(f"{page}/{ended}/end").status_code == 303
    assert bureau.post(address(ready, "/sign"), data=for_other).status_code == 409


def test_changes_are_asked_for_and_decided_on_their_pages(platform, world):
    hospital = first(world)
    desk, bureau, row = (
        of(platform, world, hospital),
        officer(platform, world),
        own(world, hospital)[0],
    )
    one = address(world, f"/{row.id}")
    supply = (
        desk.get(one).text.split('name="supply_id"')[1].split('option value="')[2].split('"')[0]
    )
    other = first(world, 1)
    wrong = desk.post(f"{one}/changes", data={"supply_id": supply, "volume": "0", "reason": ""})
    assert wrong.status_code == 422 and "field-volume" in wrong.text
    asked = {"supply_id": supply, "volume": "5", "reason": "调剂", "to_hospital_id": str(other.id)}
    assert desk.post(f"{one}/changes", data=asked).status_code == 303
    page = address(world, "/changes")
    assert "待批准" in desk.get(page).text and "待批准" in of(platform, world, other).get(page).text
    assert "待批准" not in of(platform, world, first(world, 2)).get(page).text
    assert any("采购量调整" in task for task in tasks(world, world.officer))
    with world.read() as session:
        change = session.scalars(select(AgreedChange.id)).one()
    assert desk.post(f"{page}/{change}/decide", data={"approves": "yes"}).status_code == 403
    refused = bureau.post(f"{page}/{change}/decide", data={"approves": "no", "decision": ""})
    assert refused.status_code == 422
    assert bureau.post(f"{page}/{change}/decide", data={"approves": "yes"}).status_code == 303
    assert desk.post(f"{page}/{change}/withdraw").status_code == 409


def test_machines_do_all_of_it(platform, world):
    api = f"/api/v1/rounds/{world.name}"
    hospital, distributor = first(world), world.distributors[0]
    machine = of(platform, world, hospital, token=True)
    maker = visitor(platform, world, world.maker("A").person_id, token=True)
    rows = own(world, hospital)
    named = {"region": REGIONS[0], "distributor_id": distributor.id}
    nomination = maker.post(f"{api}/distributors", json=named)
    assert nomination.status_code == 201
    at_distributor = of(platform, world, distributor, token=True)
    answered = at_distributor.post(
        f"{api}/distributors/{nomination.json()['id']}/answer", json={"confirms": True}
    )
    assert answered.json()["status"] == "confirmed"
    listed = machine.get(f"{api}/agreements?page_size=1").json()
    assert len(listed["items"]) == 1 and listed["next_cursor"]
    of_a = next(row for row in rows if row.organisation_id == world.maker("A").id)
    chosen = machine.post(
        f"{api}/agreements/{of_a.id}/distributor", json={"distributor_id": distributor.id}
    )
    assert chosen.json()["status"] == "open"
    signed = machine.post(f"{api}/agreements/signings", json={"party": "hospital"})
    assert signed.status_code == 201 and signed.json()["agreements"] == 1
    bad = machine.post(f"{api}/agreements/signings", json={"party": "hospital", "seal": "?"})
    assert bad.status_code == 422
    detail = machine.get(f"{api}/agreements/{of_a.id}").json()
    assert detail["digest"] and detail["agreement"]["signed"] == ["hospital"]
    wrong = machine.post(
        f"{api}/agreements/{of_a.id}/changes", json={"supply_id": 0, "volume": 1, "reason": "x"}
    )
    assert wrong.status_code == 422
    line = detail["lines"][0]
    asked = machine.post(
        f"{api}/agreements/{of_a.id}/changes",
        json={"supply_id": line["supply_id"], "volume": 1, "reason": "x"},
    )
    assert asked.status_code == 201
    desk = officer(platform, world, token=True)
    change = desk.get(f"{api}/agreements/changes").json()["items"][0]["id"]
    decided = desk.post(f"{api}/agreements/changes/{change}/decision", json={"approves": True})
    assert decided.json()["status"] == "approved"
    assert desk.get(f"{api}/agreements/terms").json()["items"][0]["status"] == "done"
    given = machine.post(f"{api}/agreements/entrustments", json={"agent_id": world.bureau.id})
    ended = machine.post(f"{api}/agreements/entrustments/{given.json()['id']}/end")
    assert ended.json()["ended_at"]
    running = desk.post(f"{api}/agreements/running", json={"reason": "急需"})
    assert running.json() == {"status": "running"}
    assert machine.get(f"{api}/distributors").json()["items"]
