"""Pages of the list: what anybody sees, what officers do, and that nothing typed is lost."""

from datetime import date
from decimal import Decimal

from procurement.catalogue.tables import GenericProduct, Product, ProductStrength
from procurement.database import transaction
from procurement.permissions import Role
from procurement.pharmacies.listed.kinds import DecisionKind
from procurement.pharmacies.listed.service import listed_on
from procurement.prices.kinds import PriceKind
from procurement.prices.service import PriceDetails, record_price
from tests.procurement.pharmacies.listed.world import CHANGE, DUAL, JIANGSU, MOMENT, SEPARATE
from tests.procurement.world import new_organisation, new_person

HEAD = {
    "kind": "adjustment",
    "document": "苏医保发〔2022〕25号",
    "decided_on": "2022-04-20",
    "in_force_from": "2022-05-01",
    "public_from": "2022-04-25",
    "reason": "按程序调整名单",
    "notice_title": "关于调整双通道药品名单的公告",
    "notice_text": "现将调整结果公布如下。",
    "count": "1",
}
LINE = {
    "name-1": "示例药01",
    "state-1": "dual",
    "control-1": "none",
    "papers-1": "病理报告\n影像报告",
    "registration_needed-1": "yes",
    "evidence-innovative-1": "新药证书",
}


def number_of(response):
    assert response.status_code == 303, response.text[:2000]
    return response.headers["location"].rpartition("/")[2]


def on_list(world, day=CHANGE):
    with transaction(world.engine) as session:
        return {
            one.drug.generic_product.name: one.period.state
            for one in listed_on(session, region=JIANGSU, day=day)
        }


def test_a_decision_goes_from_an_officer_over_a_second_one_to_the_public(desks, world):
    number = number_of(desks.officer.post("/dual-channel/decisions/new", data={**HEAD, **LINE}))
    page = desks.officer.get(f"/dual-channel/decisions/{number}").text
    assert "由您提出，须由另一人复核" in page and "新药证书" in page
    assert desks.public.get(f"/dual-channel/notices/{number}").status_code == 404
    own = desks.officer.post(f"/dual-channel/decisions/{number}/confirm", data={"version": "1"})
    assert own.status_code in (403, 404, 409) and on_list(world) == {}
    assert "复核双通道名单决定：1 项" in desks.second.get("/").text
    stale = desks.second.post(f"/dual-channel/decisions/{number}/confirm", data={"version": "7"})
    assert stale.status_code == 409
    done = desks.second.post(f"/dual-channel/decisions/{number}/confirm", data={"version": "1"})
    assert done.status_code == 303 and on_list(world) == {"示例药01": DUAL}
    notice = desks.public.get(f"/dual-channel/notices/{number}").text
    assert "关于调整双通道药品名单的公告" in notice and "病理报告、影像报告" in notice
    assert "Person" not in notice
    listed = desks.public.get("/dual-channel?region=320500&day=2022-05-01").text
    assert "示例药01" in listed and "双通道" in listed


def test_a_form_with_faults_keeps_what_was_typed_and_shows_each_at_its_field(desks, world):
    typed = {**HEAD, **LINE, "document": "", "state-1": "dual-separate", "self_pay_share-1": "一成"}
    page = desks.officer.post("/dual-channel/decisions/new", data={**typed, "control-1": "toxic"})
    assert page.status_code == 422
    for field in ("document", "self_pay_share-1"):
        assert f'id="fault-{field}"' in page.text
    assert 'value="一成"' in page.text and "新药证书" in page.text
    mended = {**typed, "self_pay_share-1": "10%", "document": "x", "control-1": "toxic"}
    page = desks.officer.post("/dual-channel/decisions/new", data=mended)
    assert page.status_code == 422 and 'id="fault-control-1"' in page.text
    assert on_list(world) == {}


def test_one_more_entry_is_added_without_a_script_and_faults_name_the_entry(desks, world):
    more = desks.officer.post("/dual-channel/decisions/new", data={**HEAD, **LINE, "step": "more"})
    assert more.status_code == 200 and 'name="state-2"' in more.text
    assert 'value="示例药01"' in more.text and 'name="count" value="2"' in more.text
    second = {"name-2": "没有的药", "state-2": "dual", "control-2": "none"}
    page = desks.officer.post(
        "/dual-channel/decisions/new", data={**HEAD, **LINE, **second, "count": "2"}
    )
    assert page.status_code == 422 and "第 2 条：药品目录中没有“没有的药”" in page.text
    fine = {**second, "name-2": "示例药02", "evidence-innovative-2": "新药证书"}
    number_of(
        desks.officer.post(
            "/dual-channel/decisions/new", data={**HEAD, **LINE, **fine, "count": "2"}
        )
    )


def test_overlapping_periods_are_refused_on_the_page_with_both_periods(desks, world):
    world.list_of_2021()
    early = {**HEAD, **LINE, "in_force_from": "2021-07-01", "name-1": "示例药01"}
    page = desks.officer.post("/dual-channel/decisions/new", data=early)
    assert page.status_code == 422
    assert "与已有期间 2021-07-01 起重叠" in page.text


def test_the_second_person_may_refuse_with_a_reason(desks, world):
    number = number_of(desks.officer.post("/dual-channel/decisions/new", data={**HEAD, **LINE}))
    address = f"/dual-channel/decisions/{number}/withdraw"
    empty = desks.second.post(address, data={"version": "1", "reason": ""})
    assert empty.status_code == 422 and 'id="fault-reason"' in empty.text
    done = desks.second.post(address, data={"version": "1", "reason": "证据不足"})
    assert done.status_code == 303
    assert "撤回理由：证据不足" in desks.officer.get(f"/dual-channel/decisions/{number}").text
    listed = desks.officer.get("/dual-channel/decisions?status=withdrawn").text
    assert number in listed
    assert number not in desks.officer.get("/dual-channel/decisions?status=proposed").text


def test_a_drug_shows_its_terms_its_payment_standard_and_its_life(desks, world):
    world.list_of_2021()
    world.decide(world.line(1, DUAL, self_pay_share=Decimal("0.1")))
    with transaction(world.engine) as session:
        maker = new_organisation(session, "manufacturer", region="320000")
        generic = session.get_one(GenericProduct, world.drugs[0])
        strength = ProductStrength(generic_product_id=generic.id, label="10mg")
        session.add(strength)
        session.flush()
        session.add(
            Product(
                generic_product_id=generic.id,
                strength_id=strength.id,
                holder_id=maker.id,
                pack_units=14,
                approval_number="H20220001",
                recorded_at=MOMENT,
                changed_at=MOMENT,
            )
        )
        record_price(
            session,
            organisation_id=maker.id,
            generic_product_id=generic.id,
            strength="10mg",
            pack_units=14,
            pack_price=Decimal("61.04"),
            kind=PriceKind.PAYMENT_STANDARD,
            starts_on=date(2022, 1, 1),
            ends_on=date(2023, 12, 31),
            source="2021 年目录谈判",
            moment=MOMENT,
            details=PriceDetails(clause="talks", is_public=True),
        )
    page = desks.public.get("/dual-channel?region=320000").text
    assert "61.04" in page
    drug = page.split('href="/dual-channel/drugs/')[1].split('"')[0]
    shown = desks.public.get(f"/dual-channel/drugs/{drug}").text
    for text in ("61.04", "2023年12月31日", "调降：双通道", "新增：双通道，单独支付", "10.0%"):
        assert text in shown
    assert "提出对这一药品的决定" not in shown
    assert "提出对这一药品的决定" in desks.officer.get(f"/dual-channel/drugs/{drug}").text
    filled = desks.officer.get(f"/dual-channel/decisions/new?drug={drug}").text
    assert 'value="示例药01"' in filled and 'value="0.1"' in filled
    english = desks.public.get(f"/dual-channel/drugs/{drug}?lang=en").text
    assert "downgraded: dual channel" in english


def test_the_list_is_filtered_by_day_state_and_name_and_exported_as_shown(desks, world):
    world.list_of_2021()
    world.decide(world.line(1, DUAL), world.line(9, None))
    every = desks.public.get("/dual-channel?day=2022-04-30").text
    assert "共 10 种" in every and "示例药09" in every
    some = desks.public.get("/dual-channel?day=2022-05-01&state=dual").text
    assert "共 3 种" in some and "示例药09" not in some and "示例药02" not in some
    one = desks.public.get("/dual-channel?q=药07").text
    assert "共 1 种" in one
    none = desks.public.get("/dual-channel?q=没有").text
    assert "这一天没有符合条件的药品" in none
    csv = desks.public.get("/dual-channel.csv?day=2022-05-01&state=dual")
    lines = csv.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4 and lines[0].startswith("通用名") and "0.1" in lines[2]
    odd = desks.public.get("/dual-channel?region=abc&day=x&state=y&page=99")
    assert odd.status_code == 200


def test_what_changed_is_counted_listed_and_exported(desks, world):
    world.list_of_2021()
    world.decide(
        *(world.line(n, DUAL) for n in range(1, 7)),
        world.line(8, SEPARATE),
        world.line(11, SEPARATE),
    )
    page = desks.public.get("/dual-channel/changes?since=2022-05-01&until=2022-05-31").text
    assert "单独支付调入 2 种、调出 6 种" in page and "示例药11" in page
    csv = desks.public.get("/dual-channel/changes.csv?since=2022-05-01&until=2022-05-31&lang=en")
    assert csv.content.decode("utf-8-sig").splitlines()[1].startswith("2022-05-01,downgraded")
    assert (
        "这段时间名单没有变化"
        in desks.public.get("/dual-channel/changes?since=2020-01-01&until=2020-02-01").text
    )
    assert "关于调整双通道药品名单的公告" in desks.public.get("/dual-channel/notices").text


def test_a_published_list_is_uploaded_checked_and_proposed(desks, world):
    world.list_of_2021()
    content = "通用名,管理类别\n示例药01,双通道\n示例药12,单独支付\n".encode()
    files = {"file": ("名单.csv", content, "text/csv")}
    sent = desks.officer.post("/dual-channel/import", data={"encoding": "utf-8"}, files=files)
    address = sent.headers["location"]
    page = desks.officer.get(address).text
    assert "作为决定提出" in page and "示例药12" in page
    head = {**HEAD, "document": ""}
    refused = desks.officer.post(f"{address}/propose", data=head)
    assert refused.status_code == 422 and 'id="fault-document"' in refused.text
    number = number_of(desks.officer.post(f"{address}/propose", data={**HEAD, "is_whole": "yes"}))
    decision = desks.officer.get(f"/dual-channel/decisions/{number}").text
    assert "涉及的药品（11 种）" in decision and "登记已公布名单" in decision
    assert number in desks.officer.get(address).text
    assert "已提出" in desks.officer.get("/dual-channel/import").text


def test_a_faulty_file_shows_every_fault_at_its_row_and_cannot_be_proposed(desks, world):
    content = "通用名,管理类别,先行自付比例\n没有的药,双通道,1.5\n示例药01,第三类,\n".encode()
    files = {"file": ("名单.csv", content, "text/csv")}
    sent = desks.officer.post("/dual-channel/import", data={"encoding": "utf-8"}, files=files)
    address = sent.headers["location"]
    page = desks.officer.get(address).text
    assert "需要更正的地方（3 处）" in page and "第 3 行 管理类别" in page
    assert "作为决定提出" not in page
    faults = desks.officer.get(f"{address}/faults.csv").content.decode("utf-8-sig")
    assert len(faults.splitlines()) == 4
    refused = desks.officer.post(f"{address}/propose", data=HEAD)
    assert refused.status_code == 422 and "3 处需要更正" in refused.text
    nothing = desks.officer.post("/dual-channel/import", data={"encoding": "utf-8"})
    assert nothing.status_code == 422 and "请选择文件" in nothing.text


def test_strangers_and_other_bureaus_see_no_decisions_and_no_uploads(desks, world):
    number = number_of(desks.officer.post("/dual-channel/decisions/new", data={**HEAD, **LINE}))
    content = "通用名,管理类别\n示例药01,双通道\n".encode()
    files = {"file": ("名单.csv", content, "text/csv")}
    sent = desks.officer.post("/dual-channel/import", data={"encoding": "utf-8"}, files=files)
    with transaction(world.engine) as session:
        other = new_organisation(session, "bureau", region="330000")
        other.level = "provincial"
        person = new_person(session, other, roles=(Role.OFFICER,))
    stranger = desks.platform.signed_in(person)
    assert stranger.get(f"/dual-channel/decisions/{number}").status_code == 404
    assert stranger.get(sent.headers["location"]).status_code == 404
    assert desks.public.get("/dual-channel/decisions").status_code in (303, 401, 403)
    refused = stranger.post(f"/dual-channel/decisions/{number}/confirm", data={"version": "1"})
    assert refused.status_code == 404
    assert desks.public.get("/dual-channel/drugs/999999").status_code == 404
    assert desks.public.get("/dual-channel/notices/nothing").status_code == 404


def test_what_an_unpublished_decision_says_is_not_there_for_the_public(desks, world):
    world.decide(
        world.line(1, DUAL), public_from=date(2022, 6, 2), kind=DecisionKind.PUBLISHED_LIST
    )
    assert "示例药01" not in desks.public.get("/dual-channel?day=2022-05-01").text
    assert desks.public.get("/dual-channel/drugs/1").status_code == 404
    assert desks.public.get("/api/v1/dual-channel/drugs/1").status_code == 404
    assert desks.public.get("/api/v1/dual-channel/drugs?region=320000").json()["items"] == []


def test_machines_read_the_list_and_propose_and_settle_decisions(desks, world):
    world.list_of_2021()
    officer, second = desks.token_of(world.officer), desks.token_of(world.second)
    fields = {name.removesuffix("-1"): text for name, text in LINE.items()}
    body: dict[str, object] = {name: text for name, text in HEAD.items() if name != "count"}
    bad = officer.post("/api/v1/dual-channel/decisions", json={**body, "lines": [{"name": "?"}]})
    assert bad.status_code == 422
    body["lines"] = [
        {**fields, "name": "示例药11"},
        {**fields, "name": "示例药09", "state": "removed"},
    ]
    made = officer.post("/api/v1/dual-channel/decisions", json=body)
    assert made.status_code == 201, made.text
    decision = made.json()["decision"]
    assert [one["kind"] for one in made.json()["lines"]] == ["enter", "remove"]
    address = f"/api/v1/dual-channel/decisions/{decision['number']}"
    assert officer.post(f"{address}/confirm", json={"version": 1}).status_code in (403, 404, 409)
    assert second.post(f"{address}/confirm", json={"version": 1}).json()["status"] == "confirmed"
    assert second.post(f"{address}/withdraw", json={"version": 2, "reason": "x"}).status_code == 409
    found = desks.public.get("/api/v1/dual-channel/drugs?region=320505&day=2022-05-01").json()
    names = [one["name"] for one in found["items"]]
    assert "示例药11" in names and "示例药09" not in names
    assert found["items"][0]["self_pay_share"] == "0.1"
    changes = desks.public.get(
        "/api/v1/dual-channel/changes?region=320000&since=2022-05-01&until=2022-05-01"
    ).json()["items"]
    assert [one["kind"] for one in changes] == ["remove", "enter"]
    notices = desks.public.get("/api/v1/dual-channel/notices?region=320000&page_size=1").json()
    assert len(notices["items"]) == 1 and notices["next_cursor"]
    notice = desks.public.get(f"/api/v1/dual-channel/notices/{decision['number']}").json()
    assert notice["lines"][0]["evidence"] == [{"criterion": "innovative", "evidence": "新药证书"}]
    drug = desks.public.get(f"/api/v1/dual-channel/drugs/{changes[0]['drug_id']}").json()
    assert [one["kind"] for one in drug["changes"]] == ["enter", "remove"]
    assert desks.public.get("/api/v1/dual-channel/drugs?region=999999").status_code == 422
