"""Objections on their pages: in real name, answered, served, appealed against."""

import pytest

from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.visitors import address, maker, officer, visitor
from tests.procurement.awards.world import announced_round
from tests.procurement.platform import running_platform

PDF = ("证据.pdf", b"%PDF-1.7 scan", "application/pdf")


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def name_of(person):
    page = person.get("/account").text
    return page.split('<a class="who" href="/account"><b>')[1].split("</b>")[0]


def file(platform, world, letter="D", **changes):
    person = maker(platform, world, letter)
    form = {"lot": "L01", "text": "换算有误", "signed_by": name_of(person), **changes}
    return person.post(address(world, "objections"), data=form)


def test_an_objection_is_filed_in_real_name_and_nothing_typed_is_lost(engine, platform):
    world = announced_round(engine)
    nameless = file(platform, world, signed_by="")
    assert nameless.status_code == 422 and "换算有误" in nameless.text and "实名" in nameless.text
    assert file(platform, world, signed_by="别人").status_code == 422
    assert file(platform, world, text="").status_code == 422
    assert file(platform, world, lot="L99").status_code == 422
    assert "没有质疑" in officer(platform, world).get(address(world, "objections")).text
    done = file(platform, world)
    assert done.status_code == 303
    page = maker(platform, world, "D").get(done.headers["location"]).text
    assert "换算有误" in page and "受理通知" in page and "平台送达" in page
    assert maker(platform, world, "A").get(done.headers["location"]).status_code == 404
    assert platform.nobody().get(done.headers["location"]).status_code == 303
    listed = maker(platform, world, "A").get(address(world, "objections")).text
    assert world.maker("D").name not in listed
    assert platform.nobody().post(address(world, "objections")).status_code == 401


def test_evidence_is_attached_and_read_by_its_owner_and_the_bureau(engine, platform):
    world = announced_round(engine)
    objection = file(platform, world).headers["location"]
    owner = maker(platform, world, "D")
    assert owner.post(f"{objection}/files", files={"files": PDF}).status_code == 303
    page = owner.get(objection).text
    assert "证据.pdf" in page
    place = page.split(f'href="{objection}/files/')[1].split('"')[0]
    got = officer(platform, world).get(f"{objection}/files/{place}")
    assert got.content == PDF[1]
    assert got.headers["content-disposition"].startswith("attachment")
    assert maker(platform, world, "A").get(f"{objection}/files/{place}").status_code == 404
    assert officer(platform, world).get(f"{objection}/files/999").status_code == 404
    bad = owner.post(f"{objection}/files", files={"files": ("a.exe", b"MZ", "x/y")})
    assert bad.status_code == 422
    assert owner.post(f"{objection}/files", data={"x": "1"}).status_code == 422
    foreign = maker(platform, world, "A").post(f"{objection}/files", files={"files": PDF})
    assert foreign.status_code == 404


def test_an_objection_is_answered_served_and_appealed_against(engine, platform):
    world = announced_round(engine)
    objection = file(platform, world).headers["location"]
    owner, first = maker(platform, world, "D"), officer(platform, world)
    supervisor = visitor(platform, world, world.supervisor.person_id)
    assert first.post(f"{objection}/answer", data={"text": "按规则"}).status_code == 422
    assert owner.post(f"{objection}/appeal", data={"text": "不服"}).status_code == 409
    form = {"verdict": "rejected", "text": "换算按差比规则，无误"}
    assert owner.post(f"{objection}/answer", data=form).status_code == 403
    assert first.post(f"{objection}/answer", data=form).status_code == 303
    assert first.post(f"{objection}/answer", data=form).status_code == 409
    assert "换算按差比规则，无误" in owner.get(objection).text
    assert first.post(f"{objection}/service", data={}).status_code == 422
    served = {"paper": "answer", "way": "post", "served_at": "2020-01-01T09:00"}
    assert first.post(f"{objection}/service", data=served).status_code == 422
    assert owner.post(f"{objection}/appeal", data={"text": "不服"}).status_code == 303
    assert first.post(f"{objection}/appeal-answer", data=form).status_code == 403
    done = supervisor.post(f"{objection}/appeal-answer", data={**form, "text": "维持原答复"})
    assert done.status_code == 303
    page = owner.get(objection).text
    assert "维持原答复" in page and "复核答复" in page


def test_an_objection_that_is_upheld_ends_the_notice(engine, platform):
    world = announced_round(engine)
    objection = file(platform, world).headers["location"]
    form = {"verdict": "upheld", "text": "事实有误，重新评审"}
    assert officer(platform, world).post(f"{objection}/answer", data=form).status_code == 303
    with world.read() as session:
        assert world.round(session).status == RoundStatus.EVALUATED
    page = platform.nobody().get(address(world, "announcement")).text
    assert "还没有公示" in page and "因质疑成立而终止" in page
    assert platform.nobody().get(address(world, "result/L01")).status_code == 404


def test_outside_the_notice_no_objection_is_received(engine, platform):
    world = announced_round(engine).end_notice()
    late = file(platform, world)
    assert late.status_code == 409 and "公示期内" in late.text
    page = maker(platform, world, "D").get(address(world, "objections")).text
    assert "提出质疑</h2>" not in page
