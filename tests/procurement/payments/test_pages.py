"""Pages of payments: each role sees its own, does its step, and nobody another's."""

from datetime import timedelta

import pytest

from procurement.accounts.tables import Person
from procurement.database import transaction
from procurement.payments.goods import take_over_invoices
from procurement.payments.states import InstructionStatus
from procurement.payments.tables import (
    BankAccount,
    Claim,
    ClaimObjection,
    GoodsPayable,
    LedgerAccount,
    LedgerPosting,
    PaymentInstruction,
    SettlementMonth,
)
from tests.procurement.payments.world import APRIL_2
from tests.procurement.platform import running_platform

PLACES = (
    "",
    "/goods",
    "/months",
    "/claims",
    "/instructions",
    "/prepayments",
    "/receivables",
    "/ledger",
    "/reconciliation",
)


@pytest.fixture
def platform(world, engine, tmp_path):
    with running_platform(engine, tmp_path, clock=lambda: APRIL_2 + timedelta(days=1)) as running:
        yield running


def desk(platform, world, actor):
    with transaction(world.engine) as session:
        person = session.get_one(Person, actor.person_id)
    return platform.signed_in(person)


def everybody(platform, world):
    return {
        "hospital": desk(platform, world, world.hospital.actor),
        "seller": desk(platform, world, world.seller.actor),
        "maker": desk(platform, world, world.orders.maker.actor),
        "agency": desk(platform, world, world.agency.actor),
        "second": desk(platform, world, world.second(world.agency)),
        "bureau": desk(platform, world, world.orders.officer),
    }


def ready(world, packs=10):
    """A claim that is reconciled, accounts and what the fund owes."""
    for one in (world.hospital, world.seller, world.agency):
        world.account(one)
    world.receive(packs)
    month = world.month()
    claim = world.claim(month)
    world.owe(1000)
    return month, claim


def test_every_page_is_shown_to_every_role_in_both_languages(platform, world):
    ready(world)
    people = everybody(platform, world)
    for name, one in people.items():
        for place in PLACES:
            for language in ("zh", "en"):
                answer = one.get(f"/payments{place}?lang={language}")
                assert answer.status_code == 200, (name, place, answer.text[-1500:])
    for place in PLACES:
        assert platform.nobody().get(f"/payments{place}").status_code == 303


def only(world, table, **wanted):
    with world.read() as session:
        return session.query(table).filter_by(**wanted).one()


def newest(world, table, **wanted):
    with world.read() as session:
        return session.query(table).filter_by(**wanted).order_by(table.id.desc()).first()


def versioned(world, table, row_id, **fields):
    with world.read() as session:
        return {"version": str(session.get_one(table, row_id).version), **fields}


def test_goods_go_from_the_claim_to_the_bank_on_the_pages(platform, world):
    people = everybody(platform, world)
    for one in (world.hospital, world.seller, world.agency):
        world.account(one)
    world.receive(10)
    wrong = people["agency"].post("/payments/months", data={"rulebook": "x", "month": "2027"})
    assert wrong.status_code == 422 and "field-month" in wrong.text
    opened = {
        "rulebook": "direct-fujian-2017",
        "month": "2027-03",
        "direct.fund_order": "employee resident",
        "direct.refill": "after-goods",
        "direct.offset": "yes",
    }
    assert people["second"].get("/payments/months/new").status_code == 200
    assert people["agency"].post("/payments/months", data=opened).status_code == 303
    assert people["agency"].post("/payments/months", data=opened).status_code == 409
    month = only(world, SettlementMonth).id
    here = f"/payments/months/{month}"
    assert "申请全部" in people["seller"].get(here).text
    nothing = people["seller"].post(f"{here}/claims", data={"hospital_id": str(world.hospital.id)})
    assert nothing.status_code == 422
    everything = {"hospital_id": str(world.hospital.id), "everything": "yes"}
    assert people["hospital"].post(f"{here}/claims", data=everything).status_code == 403
    applied = people["seller"].post(f"{here}/claims", data=everything)
    claim = only(world, Claim).id
    assert applied.headers["location"] == f"/payments/claims/{claim}"
    page = f"/payments/claims/{claim}"
    for name, path in (("hospital", "check"), ("second", "approve"), ("seller", "reconcile")):
        assert people[name].post(f"{page}/{path}", data={"version": "999"}).status_code == 409
        done = people[name].post(f"{page}/{path}", data=versioned(world, Claim, claim))
        assert done.status_code == 303, done.text
    fields = {"hospital_id": str(world.hospital.id), "fund": "employee", "document": "结算单 3 号"}
    wrong = people["agency"].post(f"{here}/payables", data={**fields, "amount": "x"})
    assert wrong.status_code == 422 and "field-amount" in wrong.text
    assert (
        people["agency"].post(f"{here}/payables", data={**fields, "amount": "1000"}).status_code
        == 303
    )
    plan = f"{here}/offsets/{world.hospital.id}"
    assert "700.00" in people["agency"].get(plan).text
    assert people["agency"].post(plan).status_code == 303
    assert people["agency"].post(plan).status_code == 409
    drafted = world.instructions()
    assert len(drafted) == 2
    own = people["agency"].post(
        "/payments/instructions/confirm", data={"instruction": str(drafted[0])}
    )
    assert own.status_code == 404
    one = f"/payments/instructions/{drafted[0]}"
    fields = versioned(world, PaymentInstruction, drafted[0])
    assert people["second"].post(f"{one}/confirm", data=fields).status_code == 303
    ticked = {"instruction": str(drafted[1])}
    assert people["second"].post("/payments/instructions/confirm", data=ticked).status_code == 303
    assert world.instructions(InstructionStatus.CONFIRMED) == drafted
    assert "已支付" not in people["hospital"].get(page).text.split("进度")[0]


def test_a_hospital_objects_the_company_answers_and_the_line_leaves(platform, world):
    people = everybody(platform, world)
    _, claim = ready(world)
    page = f"/payments/claims/{claim}"
    blank = people["hospital"].post(f"{page}/objections", data={"reason": ""})
    assert blank.status_code == 422 and "field-reason" in blank.text
    said = {"reason": "少一盒", "line_id": ""}
    assert people["maker"].post(f"{page}/objections", data=said).status_code == 404
    assert people["hospital"].post(f"{page}/objections", data=said).status_code == 303
    objection = only(world, ClaimObjection).id
    held = people["hospital"].get(page).text
    assert "有异议尚未处理完毕" in held and "核对无误" not in held
    refused = people["hospital"].post(f"{page}/check", data=versioned(world, Claim, claim))
    assert refused.status_code == 409
    answer = f"{page}/objections/{objection}"
    assert people["hospital"].post(f"{answer}/answer", data={"answer": "x"}).status_code == 404
    assert people["seller"].post(f"{answer}/answer", data={"answer": "已补发"}).status_code == 303
    assert "已补发" in people["hospital"].get(page).text
    assert people["seller"].post(f"{answer}/end", data={"upholds": "no"}).status_code == 404
    assert people["hospital"].post(f"{answer}/end", data={"upholds": "yes"}).status_code == 303
    assert only(world, Claim).status == "withdrawn"
    assert people["seller"].get(f"{page}?lang=en").status_code == 200


def test_accounts_are_named_by_one_person_and_confirmed_by_another(platform, world):
    one, other = (
        desk(platform, world, world.seller.actor),
        desk(platform, world, world.second(world.seller)),
    )
    page = "/payments/accounts"
    wrong = one.post(page, data={"holder": "别人", "bank": "某银行", "number": "62220001"})
    assert wrong.status_code == 409 and "不一致" in wrong.text
    assert "62220001" not in wrong.text
    short = one.post(page, data={"holder": "x", "bank": "", "number": "6"})
    assert short.status_code == 422 and "field-bank" in short.text
    fields = {
        "holder": world.seller.organisation.name,
        "bank": "某银行某支行",
        "number": "6222000012345678",
        "bank_code": "102361000013",
    }
    assert one.post(page, data=fields).status_code == 303
    account = only(world, BankAccount).id
    assert one.post(f"{page}/{account}/confirm").status_code == 409
    assert other.post(f"{page}/{account}/confirm").status_code == 303
    shown = other.get(page).text
    assert "…5678" in shown and "6222000012345678" not in shown
    stranger = desk(platform, world, world.hospital.actor)
    assert stranger.post(f"{page}/{account}/close").status_code == 404
    assert one.post(f"{page}/{account}/close").status_code == 303
    assert desk(platform, world, world.orders.officer).get(page).status_code == 403


def test_what_the_funds_owe_is_recorded_by_file_as_a_whole_or_not_at_all(platform, world):
    agency = desk(platform, world, world.agency.actor)
    month = world.month()
    address = f"/payments/months/{month}/payables/file"
    code = world.hospital.organisation.name
    head = "医疗机构,基金,金额,依据\n"

    def sent(text):
        return agency.post(address, files={"file": ("应付.csv", text.encode("gb18030"))})

    bad = sent(
        f"{head}{code},职工,100.00,单1\n{code},职工,1,单2\nX,商业,-1,\n{code},居民,0.001,单\n"
    )
    assert bad.status_code == 422
    for words in ("第 3 行", "第 4 行 医疗机构", "第 4 行 基金", "第 4 行 金额", "第 5 行 金额"):
        assert words in bad.text
    assert sent("a,b\n1,2\n").status_code == 422 and sent(head).status_code == 422
    assert "100.00" not in agency.get(f"/payments/months/{month}").text
    assert sent(f"{head}{code},职工,100.00,单1\n{code},居民,50.5,单2\n").status_code == 303
    shown = agency.get(f"/payments/months/{month}").text
    assert "100.00" in shown and "150.50" in shown


def test_the_reserve_is_filled_and_paid_back(platform, world):
    agency = desk(platform, world, world.agency.actor)
    page = "/payments/reserve"
    assert agency.post(page, data={"fund": "", "amount": "", "document": ""}).status_code == 422
    fields = {"fund": "none", "amount": "500", "document": "拨款单 1"}
    assert agency.post(page, data=fields).status_code == 303
    assert "500.00" in agency.get(page).text
    world.account(world.seller)
    world.receive(10)
    month = world.month()
    world.reconcile(world.claim(month))
    world.set_off(month)
    assert "300.00" in agency.get(page).text
    back = {"hospital_id": str(world.hospital.id), "amount": "100", "document": "回单 1"}
    assert agency.post(f"{page}/repaid", data={**back, "hospital_id": "0"}).status_code == 422
    assert agency.post(f"{page}/repaid", data={**back, "amount": "301"}).status_code == 409
    assert agency.post(f"{page}/repaid", data=back).status_code == 303
    assert desk(platform, world, world.hospital.actor).get(page).status_code == 403


def test_nobody_sees_another_organisations_payments(platform, world):
    people = everybody(platform, world)
    month, claim = ready(world)
    world.reconcile(claim)
    world.set_off(month)
    instruction = world.instructions()[0]
    books = newest(world, LedgerAccount, owner_id=world.hospital.id).id
    outsider = desk(platform, world, world.orders.outsider.actor)
    for address in (
        f"/payments/claims/{claim}",
        f"/payments/instructions/{instruction}",
        f"/payments/ledger/accounts/{books}",
    ):
        assert people["hospital"].get(address).status_code == 200
        assert outsider.get(address).status_code == 404
        assert people["maker"].get(address).status_code == 404
        assert platform.nobody().get(address).status_code == 303
    assert str(claim) not in outsider.get("/payments/claims").text.split("<tbody")[-1][:50]
    posting = newest(world, LedgerPosting)
    assert people["hospital"].get(f"/payments/ledger/postings/{posting.id}").status_code == 200
    assert outsider.get(f"/payments/ledger/postings/{posting.id}").status_code == 404
    assert outsider.get(f"/payments/ledger?owner={world.hospital.id}").status_code == 200
    for address in ("/payments/bank-files", "/payments/reserve", "/payments/months/new"):
        assert people["hospital"].get(address).status_code == 403


def test_a_month_asks_for_what_its_rules_leave_open(platform, world):
    agency = desk(platform, world, world.agency.actor)
    world.account(world.seller)
    world.receive(10)
    month = world.month(parameters={})
    world.reconcile(world.claim(month))
    plan = f"/payments/months/{month}/offsets/{world.hospital.id}"
    asked = agency.get(plan)
    assert asked.status_code == 409 and "未知" in asked.text
    page = f"/payments/months/{month}/parameters"
    assert "规则来源没有说明的事项" in agency.get(page).text
    wrong = {**versioned(world, SettlementMonth, month), "direct.calendar.company-applies": "40"}
    assert agency.post(page, data=wrong).status_code == 422
    given = {
        **versioned(world, SettlementMonth, month),
        "direct.fund_order": "employee resident",
        "direct.refill": "after-goods",
        "direct.offset": "yes",
        "direct.calendar.company-applies": "3",
    }
    assert agency.post(page, data=given).status_code == 303
    assert agency.post(page, data=given).status_code == 409
    shown = agency.get(f"/payments/months/{month}").text
    assert "2027年4月3日" in shown and "先职工、后居民" in shown
    assert agency.get(plan).status_code == 200


def test_a_prepayment_is_given_confirmed_paid_and_passed_on(platform, world):
    people = everybody(platform, world)
    for one in (world.hospital, world.seller):
        world.account(one)
    page = "/payments/prepayments"
    form = people["agency"].get(f"{page}/new?rulebook=prepayment-national-2021").text
    term = form.split('name="term_id"')[1].split('option value="')[2].split('"')[0]
    fields = {
        "rulebook": "prepayment-national-2021",
        "hospital_id": str(world.hospital.id),
        "term_id": term,
        "percent": "20",
        "document": "拨付通知 1",
        "prepay.fund": "employee",
        "prepay.way": "hospital",
    }
    assert people["agency"].post(page, data={**fields, "term_id": "0"}).status_code == 422
    too_low = people["agency"].post(page, data=fields)
    assert too_low.status_code == 409 and "0.30" in too_low.text
    silent = people["agency"].post(page, data={**fields, "percent": "30", "prepay.fund": ""})
    assert silent.status_code == 409
    assert people["agency"].post(page, data={**fields, "percent": "30"}).status_code == 303
    world.pay(*world.instructions())
    one = f"{page}/1"
    assert "登记转付" in people["hospital"].get(one).text
    passed = {
        "payee_id": str(world.seller.id),
        "amount": "10",
        "paid_on": "2027-04-09",
        "voucher": "V1",
    }
    assert people["hospital"].post(f"{one}/passes", data=passed).status_code == 422
    voucher = {"file": ("v.pdf", b"%PDF")}
    assert people["hospital"].post(f"{one}/passes", data=passed, files=voucher).status_code == 303
    assert people["maker"].post(f"{one}/passes", data=passed, files=voucher).status_code == 404
    shown = people["agency"].get(f"{one}?lang=en").text
    assert "V1" in shown and "10.00" in shown


def test_receivable_days_are_computed_and_exported(platform, world):
    people = everybody(platform, world)
    month, claim = ready(world)
    world.reconcile(claim)
    world.set_off(month)
    world.pay(*world.instructions())
    world.receive(5)
    query = "by=seller&since=2027-01-01&until=2027-04-30"
    shown = people["seller"].get(f"/payments/receivables?{query}").text
    # Accepted on 1 March, paid on 8 April.
    assert "38.0" in shown and "300.00" in shown
    table = people["agency"].get(f"/payments/receivables.csv?{query}&lang=en")
    rows = table.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Seller,") and "38.0" in rows[1]
    sheet = people["maker"].get("/payments/receivables.xlsx")
    assert sheet.status_code == 200 and sheet.content.startswith(b"PK")
    assert people["seller"].get("/payments/receivables?by=x&since=y&until=z").status_code == 200
    with world.read() as session:
        assert session.query(GoodsPayable).count() == 1


def test_odd_addresses_and_filters_are_answered(platform, world):
    agency = desk(platform, world, world.agency.actor)
    for address in (
        "/payments/claims?status=x&month=%F0%9F%98%80&page=999999999&organisation=-1",
        "/payments/goods?state=zzz&page=0",
        "/payments/instructions?status=1&kind=2&page=a",
        "/payments/ledger?owner=99999999999999",
        "/payments/months/new?rulebook=..%2F..",
    ):
        assert agency.get(address).status_code == 200, address
    for address in (
        "/payments/claims/99999",
        "/payments/months/99999",
        "/payments/instructions/99999",
        "/payments/bank-files/99999",
        "/payments/prepayments/99999",
        "/payments/ledger/postings/99999",
        "/payments/ledger/accounts/99999",
    ):
        assert agency.get(address).status_code == 404, address


def test_a_hospital_records_what_it_paid_itself(platform, world):
    hospital = desk(platform, world, world.hospital.actor)
    world.receive(10)
    world.receive(5)
    world.month()
    with transaction(world.engine) as session:
        take_over_invoices(session, moment=world.moment)
    page = "/payments/goods"
    first = newest(world, GoodsPayable).id
    assert "登记本单位自行支付" in hospital.get(page).text
    blank = hospital.post(page, data={"goods": [], "paid_on": "", "voucher": ""})
    assert blank.status_code == 422 and "field-voucher" in blank.text
    fields = {"goods": [str(first)], "paid_on": "2027-03-20", "voucher": "V9"}
    assert hospital.post(page, data={**fields, "goods": ["99999"]}).status_code == 422
    seller = desk(platform, world, world.seller.actor)
    assert seller.post(page, data=fields).status_code == 403
    assert hospital.post(page, data=fields).status_code == 303
    assert hospital.post(page, data={**fields, "voucher": "V10"}).status_code == 409
    shown = hospital.get(f"{page}?state=paid").text
    assert "已付清" in shown and "150.00" in shown
    assert "19.0" in seller.get("/payments/receivables?until=2027-03-31").text
