"""Organisations at a browser: list, registering, changing, relations, people, tokens."""

import pytest
from sqlalchemy import select

from procurement.accounts.organisations.related import related_firms
from procurement.accounts.tables import (
    ApiToken,
    Organisation,
    OrganisationRelation,
    Person,
    RelationKind,
)
from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.accounts.reading import found
from tests.procurement.world import (
    MOMENT,
    PASSWORD,
    credit_code,
    new_organisation,
    new_person,
    relate,
)

HOSPITAL = {
    "kind": "hospital",
    "name": "某市中心医院",
    "region": "341500",
    "credit_code": credit_code(9001),
    "institution_code": "H34150000001",
}


def page_of(organisation) -> str:
    return f"/organisations/{organisation.id}"


def test_a_bureau_lists_organisations_and_filters_them(world):
    officer = world.as_officer()
    everything = officer.get("/organisations").text
    assert all(each in everything for each in ("某县人民医院", "演示制药有限公司"))
    hospitals = officer.get("/organisations", params={"kind": "hospital", "region": "340000"}).text
    assert "某县人民医院" in hospitals
    assert "演示制药有限公司" not in hospitals
    assert "没有符合条件的机构" in officer.get("/organisations?words=%25").text
    by_code = officer.get("/organisations", params={"words": world.maker.credit_code}).text
    assert "演示制药有限公司" in by_code


def test_the_list_is_for_bureaus_and_each_organisation_for_itself(world):
    assert world.as_hospital().get("/organisations").status_code == 403
    assert world.as_hospital().get(page_of(world.hospital)).status_code == 200
    assert world.as_hospital().get(page_of(world.maker)).status_code == 404
    assert world.as_officer().get(page_of(world.maker)).status_code == 200
    assert world.as_officer().get("/organisations/999999").status_code == 404


def test_registering_keeps_what_was_typed_until_all_is_right(world):
    officer = world.as_officer()
    wrong = {**HOSPITAL, "credit_code": "91110000000000001X", "region": "990000"}
    refused = officer.post("/organisations/new", data=wrong)
    assert refused.status_code == 422
    assert 'value="某市中心医院"' in refused.text
    assert 'id="fault-credit_code"' in refused.text
    assert 'id="fault-region"' in refused.text
    done = officer.post("/organisations/new", data=HOSPITAL)
    assert done.status_code == 303
    assert "某市中心医院" in officer.get(done.headers["location"]).text
    taken = officer.post("/organisations/new", data=HOSPITAL)
    assert "已有机构登记了此代码" in taken.text


def test_a_provincial_officer_registers_within_the_province_only(world):
    with transaction(world.engine) as session:
        anhui = new_organisation(session, "bureau", region="340000")
        officer = new_person(session, anhui)
    visitor = world.platform.signed_in(officer)
    elsewhere = visitor.post("/organisations/new", data={**HOSPITAL, "region": "320000"})
    assert (elsewhere.status_code, "只能登记本采购办管辖地区" in elsewhere.text) == (422, True)
    assert visitor.post("/organisations/new", data=HOSPITAL).status_code == 303
    overseas = {"kind": "manufacturer", "name": "Overseas Pharma Ltd", "region": "000000"}
    assert visitor.post("/organisations/new", data=overseas).status_code == 303


def test_an_administrator_changes_contacts_but_not_what_the_organisation_is_known_by(world):
    form = {
        "version": "1",
        "name": "另一家公司",
        "credit_code": credit_code(9002),
        "region": "000000",
        "legal_representative": "新法定代表人",
    }
    answer = world.as_maker().post(page_of(world.maker) + "/edit", data=form)
    assert answer.status_code == 303
    with transaction(world.engine) as session:
        kept = session.get_one(Organisation, world.maker.id)
        assert (kept.name, kept.region) == ("演示制药有限公司", "320000")
        assert kept.credit_code == world.maker.credit_code
        assert kept.legal_representative == "新法定代表人"


def test_a_stale_page_says_so_and_overwrites_nothing(world):
    form = {"version": "1", "legal_representative": "甲"}
    address = page_of(world.maker) + "/edit"
    assert world.as_maker().post(address, data=form).status_code == 303
    stale = world.as_maker().post(address, data={**form, "legal_representative": "乙"})
    assert (stale.status_code, 'value="乙"' in stale.text) == (409, True)
    assert "已被他人修改" in stale.text


def test_people_of_an_inactive_organisation_are_out_at_once(world):
    maker = world.as_maker()
    assert maker.get("/account").status_code == 200
    form = {"version": "1", "active": ""}
    assert maker.post(page_of(world.maker) + "/active", data=form).status_code == 403
    assert world.as_officer().post(page_of(world.maker) + "/active", data=form).status_code == 303
    assert maker.get("/account").status_code == 303


def test_a_firm_states_who_controls_it_and_only_a_bureau_ends_that(world):
    with transaction(world.engine) as session:
        parent = new_organisation(session, "manufacturer", name="控股企业")
    form = {
        "kind": "controlled-by",
        "related": parent.credit_code,
        "since_date": "2024-01-01",
    }
    address = page_of(world.maker) + "/relations/new"
    refused = world.as_maker().post(address, data={**form, "related": "nobody", "since_date": ""})
    assert (refused.status_code, "没有找到该机构" in refused.text) == (422, True)
    assert world.as_maker().post(address, data=form).status_code == 303
    with transaction(world.engine) as session:
        relation = session.scalars(select(OrganisationRelation)).one()
        group = related_firms(session, organisation_id=parent.id, on_date=MOMENT.date())
        assert group == {parent.id, world.maker.id}
    ending = f"{page_of(world.maker)}/relations/{relation.id}/end"
    until = {"until_date": "2026-06-30"}
    assert world.as_maker().post(ending, data=until).status_code == 403
    assert world.as_officer().post(ending, data={"until_date": "2020-01-01"}).status_code == 409
    assert world.as_officer().post(ending, data=until).status_code == 303
    assert "控股企业" in world.as_maker().get(page_of(world.maker)).text


def test_a_bureau_invites_the_first_administrator_and_nobody_after(world):
    with transaction(world.engine) as session:
        fresh = new_organisation(session, "pharmacy", name="某药店", region="110000")
    officer, address = world.as_officer(), page_of(fresh) + "/invite"
    form = {"name": "店长", "roles": ["pharmacy"]}
    assert officer.post(address, data=form).status_code == 409
    form["roles"] = ["pharmacy", "administrator"]
    made = officer.post(address, data=form)
    link = found(r"<code[^>]*>([^<]+/invitations/[^<]+)</code>", made.text)
    accepted = world.nobody().post(
        "/invitations/" + link.rsplit("/", 1)[1],
        data={
            "name": "店长",
            "user": "shop@example.org",
            "password": PASSWORD,
            "password_again": PASSWORD,
        },
    )
    assert accepted.status_code == 303
    assert officer.post(address, data=form).status_code == 409
    assert officer.post(page_of(world.maker) + "/invite", data=form).status_code == 409


def test_roles_must_fit_the_organisation(world):
    address = page_of(world.hospital) + "/invite"
    answer = world.as_hospital().post(address, data={"name": "某人", "roles": ["officer"]})
    assert (answer.status_code, "不能担任" in answer.text) == (422, True)
    nobody = world.as_hospital().post(address, data={"name": "某人"})
    assert (nobody.status_code, "至少选择一个角色" in nobody.text) == (422, True)


def test_an_administrator_manages_the_own_people_and_one_must_stay(world):
    with transaction(world.engine) as session:
        clerk = new_person(session, world.hospital, roles=(Role.HOSPITAL,), name="药师")
    visitor, here = world.as_hospital(), page_of(world.hospital)
    assert "药师" in visitor.get(here).text
    assert "药师" not in world.as_officer().get(here).text
    address = f"{here}/people/{clerk.id}"
    form = {"roles": ["hospital", "keyholder"], "active": "yes", "version": "1"}
    assert visitor.post(address, data=form).status_code == 303
    assert visitor.post(address, data=form).status_code == 409
    strangers = f"{here}/people/{world.maker_person.id}"
    assert visitor.get(strangers).status_code == 404
    assert world.as_officer().get(address).status_code == 404
    own = f"{here}/people/{world.hospital_person.id}"
    last = visitor.post(own, data={"roles": ["hospital"], "active": "yes", "version": "1"})
    assert (last.status_code, "至少须保留一名管理员" in last.text) == (409, True)
    with transaction(world.engine) as session:
        assert session.get_one(Person, clerk.id).roles == "hospital keyholder"


def test_a_forgotten_password_is_renewed_by_a_link_of_the_administrator(world):
    address = f"{page_of(world.maker)}/people/{world.maker_person.id}/renew"
    made = world.as_maker().post(address)
    link = found(r"/invitations/([^<]+)</code>", made.text)
    assert "生成重设密码的链接" in world.as_maker().get("/").text
    new = "something else entirely"
    form = {"password": new, "password_again": new}
    assert world.nobody().post(f"/invitations/{link}", data=form).status_code == 303
    assert world.nobody().post(f"/invitations/{link}", data=form).status_code == 410
    entered = world.nobody().post(
        "/sign-in", data={"user": "maker@example.org", "password": new, "code": ""}
    )
    assert entered.status_code == 303


def test_a_withdrawn_invitation_works_no_more(world):
    here = page_of(world.hospital)
    made = world.as_hospital().post(f"{here}/invite", data={"name": "某人", "roles": ["hospital"]})
    link = found(r"/invitations/([^<]+)</code>", made.text)
    withdrawal = found(r'action="([^"]+/revoke)"', world.as_hospital().get(here).text)
    assert world.as_maker().post(withdrawal).status_code == 404
    assert world.as_hospital().post(withdrawal).status_code == 303
    assert world.nobody().get(f"/invitations/{link}").status_code == 410
    assert world.as_hospital().post(withdrawal).status_code == 409


def test_a_token_is_shown_once_and_works_until_it_is_revoked(world):
    visitor = world.as_hospital()
    wrong = visitor.post("/account/tokens", data={"name": "", "life_days": "1000"})
    assert wrong.status_code == 422
    made = visitor.post("/account/tokens", data={"name": "医院信息系统", "life_days": "30"})
    token = found(r">(jicai_[^<]{43})<", made.text)
    assert token not in visitor.get("/account/tokens").text
    machine = world.nobody()
    machine.headers["authorization"] = f"Bearer {token}"
    assert machine.get("/api/v1/me").json()["organisation_id"] == world.hospital.id
    with transaction(world.engine) as session:
        row = session.scalars(select(ApiToken)).one()
        assert token not in (row.token_hash, row.token_start)
    revocation = f"/account/tokens/{row.id}/revoke"
    assert world.as_maker().post(revocation).status_code == 404
    assert visitor.post(revocation).status_code == 303
    assert machine.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("address", ["/organisations/new", "/organisations"])
def test_strangers_are_sent_to_the_sign_in(world, address):
    assert world.nobody().get(address).headers["location"].startswith("/sign-in")


def test_the_members_of_a_group_are_seen_on_the_leads_page(world):
    with transaction(world.engine) as session:
        member = new_organisation(session, "hospital", name="某镇卫生院", region="341523")
        relate(session, member, RelationKind.MEMBER_OF_GROUP, world.hospital)
    assert "某镇卫生院" in world.as_hospital().get(page_of(world.hospital)).text
