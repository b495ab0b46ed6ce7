"""The bank's side on the pages: exported once, handed out on record, answers recorded whole."""

from datetime import timedelta
from hashlib import sha256
from xml.etree import ElementTree

import pytest

from procurement.accounts.tables import Person
from procurement.audit.tables import AuditEntry
from procurement.database import transaction
from procurement.payments.bank_file.tables import BankFile, BankFileDownload
from procurement.payments.paying_tables import BankAccount, BankResultFile, PaymentInstruction
from procurement.payments.states import InstructionStatus
from tests.procurement.payments.world import APRIL_2
from tests.procurement.platform import running_platform

HERE = "/payments/bank-files"


@pytest.fixture
def platform(world, engine, tmp_path):
    with running_platform(engine, tmp_path, clock=lambda: APRIL_2 + timedelta(days=1)) as running:
        yield running


def desk(platform, world, actor):
    with transaction(world.engine) as session:
        person = session.get_one(Person, actor.person_id)
    return platform.signed_in(person)


@pytest.fixture
def confirmed(world):
    """Two confirmed instructions, and the account from which they are paid."""
    for one in (world.hospital, world.seller):
        world.account(one)
    world.receive(10)
    month = world.month()
    world.reconcile(world.claim(month))
    world.owe("1234.56")
    world.set_off(month)
    for one in world.instructions():
        world.confirm(one)
    return world.account(world.agency, number="6227001111222233")


def order(world, account, **other):
    ids = [str(one) for one in world.instructions(InstructionStatus.CONFIRMED)]
    return {
        "instruction": ids,
        "account_id": str(account),
        "pay_on": "2027-04-08",
        "format": "xml",
        **other,
    }


def numbers(world):
    with world.read() as session:
        rows = session.query(PaymentInstruction).order_by(PaymentInstruction.id)
        return [row.number for row in rows]


def statuses(world):
    with world.read() as session:
        rows = session.query(PaymentInstruction).order_by(PaymentInstruction.id)
        return [str(row.status) for row in rows]


def count(world, table):
    with world.read() as session:
        return session.query(table).count()


def test_instructions_are_exported_once_and_the_file_is_handed_out_on_record(
    platform, world, confirmed
):
    agency = desk(platform, world, world.agency.actor)
    assert "已复核、待导出的指令" in agency.get(HERE).text
    fields = order(world, confirmed)
    for wrong, field in (
        ({"account_id": "0"}, "account_id"),
        ({"pay_on": "2027-01-01"}, "pay_on"),
        ({"pay_on": "x"}, "pay_on"),
        ({"format": "doc"}, "format"),
        ({"instruction": []}, "instruction"),
    ):
        refused = agency.post(HERE, data={**fields, **wrong})
        assert refused.status_code == 422 and f"field-{field}" in refused.text, wrong
    assert statuses(world) == ["confirmed", "confirmed"]
    made = agency.post(HERE, data=fields)
    assert made.status_code == 303
    assert statuses(world) == ["exported", "exported"]
    again = agency.post(HERE, data=fields)
    assert again.status_code == 409 and count(world, BankFile) == 1
    page = made.headers["location"]
    given = agency.post(f"{page}/download")
    assert given.status_code == 200 and given.headers["content-type"].startswith("application/xml")
    with world.read() as session:
        file = session.query(BankFile).one()
        assert sha256(given.content).hexdigest() == file.digest
        assert "6227001111222233" not in file.content_sealed
        assert (file.transfers, str(file.total)) == (2, "1234.5600")
    root = ElementTree.fromstring(given.content)  # noqa: S314 - our own file
    said = {one.tag.rpartition("}")[2]: one.text for one in root.iter()}
    assert (said["NbOfTxs"], said["CtrlSum"]) == ("2", "1234.56")
    assert b"6227001111222233" in given.content
    refused = agency.post(f"{page}/download")
    assert refused.status_code == 409 and "已经下载过" in refused.text
    second = agency.post(f"{page}/download", data={"again": "yes"})
    assert second.content == given.content and count(world, BankFileDownload) == 2
    assert file.digest in agency.get(page).text
    with world.read() as session:
        actions = {row.action for row in session.query(AuditEntry)}
    assert {"export-bank-file", "download-bank-file"} <= actions


def test_only_the_agency_exports_and_nobody_else_gets_the_file(platform, world, confirmed):
    agency = desk(platform, world, world.agency.actor)
    hospital = desk(platform, world, world.hospital.actor)
    bureau = desk(platform, world, world.orders.officer)
    assert hospital.post(HERE, data=order(world, confirmed)).status_code == 403
    page = agency.post(HERE, data=order(world, confirmed, format="csv")).headers["location"]
    for one in (hospital, bureau):
        assert one.post(f"{page}/download").status_code == 403
    assert hospital.get(page).status_code == 403
    given = agency.post(f"{page}/download")
    assert given.content.decode("utf-8-sig").count('"D"') == 2
    cancelled = agency.post(
        f"/payments/instructions/{world.instructions(InstructionStatus.EXPORTED)[0]}/cancel",
        data={"version": "3"},
    )
    assert cancelled.status_code == 409


def test_the_banks_answer_is_recorded_as_a_whole_or_not_at_all(platform, world, confirmed):
    agency = desk(platform, world, world.agency.actor)
    agency.post(HERE, data=order(world, confirmed))
    first, second = numbers(world)
    head = "指令编号,结果,金额,日期,银行流水号,原因\n"

    def sent(text, name="回单.csv"):
        content = text if isinstance(text, bytes) else text.encode()
        return agency.post(f"{HERE}/results", files={"file": (name, content)})

    assert agency.post(f"{HERE}/results").status_code == 422
    bad = sent(f"{head}{first},成功,1.00,2027-04-08,,\nZF0,成功,,2027-04-08,,\n")
    assert bad.status_code == 422
    assert "第 2 行" in bad.text and "第 3 行" in bad.text
    assert statuses(world) == ["exported", "exported"] and count(world, BankResultFile) == 0
    good = f"{head}{first},成功,,2027-04-08,B1,\n{second},处理中,,,,\n"
    assert sent(good).status_code == 303
    assert statuses(world) == ["paid", "exported"]
    twice = sent(good)
    assert twice.status_code == 409 and "已经登记过" in twice.text
    message = (
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.002.001.10'><CstmrPmtStsRpt>"
        "<GrpHdr><CreDtTm>2027-04-09T10:00:00+08:00</CreDtTm></GrpHdr><TxInfAndSts>"
        f"<OrgnlEndToEndId>{second}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC01</Cd></Rsn></StsRsnInf></TxInfAndSts></CstmrPmtStsRpt></Document>"
    )
    assert sent(message, "pain002.xml").status_code == 303
    assert statuses(world) == ["paid", "returned"]
    returned = world.instructions(InstructionStatus.RETURNED)[0]
    page = f"/payments/instructions/{returned}"
    shown = agency.get(page).text
    assert "AC01" in shown and "重新交复核" in shown
    with world.read() as session:
        version = str(session.get_one(PaymentInstruction, returned).version)
    assert agency.post(f"{page}/again", data={"version": version}).status_code == 303
    assert statuses(world) == ["paid", "drafted"]
    assert world.faults() == []


def test_an_account_that_is_not_the_agencys_cannot_be_paid_from(platform, world, confirmed):
    agency = desk(platform, world, world.agency.actor)
    with world.read() as session:
        others = session.query(BankAccount).filter_by(organisation_id=world.hospital.id).one().id
    refused = agency.post(HERE, data=order(world, others))
    assert refused.status_code == 422 and statuses(world) == ["confirmed", "confirmed"]


def machine(platform, world, actor):
    with transaction(world.engine) as session:
        person = session.get_one(Person, actor.person_id)
    return platform.with_token(person)


def test_machines_export_and_fetch_files_too(platform, world, confirmed):
    agency = machine(platform, world, world.agency.actor)
    api = "/api/v1/payments/bank-files"
    body = {
        "instruction_ids": world.instructions(InstructionStatus.CONFIRMED),
        "account_id": confirmed,
        "format": "xml",
        "pay_on": "2027-04-08",
    }
    assert agency.post(api, json={**body, "format": "pdf"}).status_code == 422
    assert machine(platform, world, world.seller.actor).post(api, json=body).status_code == 403
    made = agency.post(api, json=body)
    assert made.status_code == 201 and made.json()["transfers"] == 2
    assert agency.post(api, json=body).status_code == 409
    one = f"{api}/{made.json()['id']}"
    given = agency.post(f"{one}/download", json={})
    assert sha256(given.content).hexdigest() == agency.get(one).json()["digest"]
    assert agency.post(f"{one}/download", json={}).status_code == 409
    assert agency.post(f"{one}/download", json={"again": True}).status_code == 200
    assert len(agency.get(api).json()["items"]) == 1
    found = agency.get("/api/v1/payments/receivables?by=seller&until=2027-03-31").json()
    assert found["total"]["open"].startswith("300") and found["items"][0]["open_days"] == "30.0"
    assert agency.get("/api/v1/payments/receivables?by=x").status_code == 422


def test_a_second_person_withdraws_a_file_on_its_page_and_another_number_follows(
    platform, world, confirmed
):
    first = desk(platform, world, world.agency.actor)
    second = desk(platform, world, world.second(world.agency))
    page = first.post(HERE, data=order(world, confirmed)).headers["location"]
    assert "撤回文件" not in first.get(page).text
    assert "撤回文件" in second.get(page).text
    fields = {"reason": "银行整包退回"}
    assert first.post(f"{page}/withdraw", data=fields).status_code == 404
    hospital = desk(platform, world, world.hospital.actor)
    assert hospital.post(f"{page}/withdraw", data=fields).status_code == 403
    assert second.post(f"{page}/withdraw", data={"reason": ""}).status_code == 422
    assert second.post(f"{page}/withdraw", data=fields).status_code == 303
    assert statuses(world) == ["returned", "returned"]
    assert second.post(f"{page}/withdraw", data=fields).status_code == 409
    shown = first.get(page).text
    assert "银行整包退回" in shown and "下载文件" not in shown
    assert "已撤回" in first.get(HERE).text
    for one in world.instructions(InstructionStatus.RETURNED):
        with world.read() as session:
            version = str(session.get_one(PaymentInstruction, one).version)
        path = f"/payments/instructions/{one}/again"
        assert first.post(path, data={"version": version}).status_code == 303
        world.confirm(one)
    assert first.post(HERE, data=order(world, confirmed)).status_code == 303
    listed = first.get("/payments/instructions?status=exported").text
    assert all(f"{number}-2" in listed for number in numbers(world))
    items = machine(platform, world, world.agency.actor).get("/api/v1/payments/instructions").json()
    assert [one["number"] for one in items["items"]] == [f"{one}-2" for one in numbers(world)]


def test_machines_withdraw_files_and_a_wrong_hospital_repays_nothing(platform, world, confirmed):
    first = machine(platform, world, world.agency.actor)
    second = machine(platform, world, world.second(world.agency))
    body = {
        "instruction_ids": world.instructions(InstructionStatus.CONFIRMED),
        "account_id": confirmed,
        "format": "csv",
        "pay_on": "2027-04-08",
    }
    made = first.post("/api/v1/payments/bank-files", json=body).json()["id"]
    address = f"/api/v1/payments/bank-files/{made}/withdraw"
    reason = {"reason": "银行未受理"}
    assert first.post(address, json=reason).status_code == 404
    assert second.post(address, json=reason).status_code == 200
    assert statuses(world) == ["returned", "returned"]
    one = world.instructions(InstructionStatus.RETURNED)[0]
    back = f"/api/v1/payments/instructions/{one}/post-back"
    with world.read() as session:
        version = session.get_one(PaymentInstruction, one).version
    assert first.post(back, json={"version": version}).status_code == 409
    unknown = {"hospital_id": 2_000_000, "amount": "1", "voucher": "V1"}
    refused = first.post("/api/v1/payments/reserve/repayments", json=unknown)
    assert refused.status_code == 409
