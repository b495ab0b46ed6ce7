"""Pages of sealed bids: each person sees and does what is his, and nothing is lost."""

import json
import re
from datetime import timedelta

import pytest

from bidding.sealing import canonical_bytes, check_record, read_record
from bidding.sealing.signing import with_signature
from procurement.accounts.tables import Organisation, OrganisationKind, Person
from procurement.database import transaction
from procurement.permissions import Role
from procurement.rounds.tables import ParticipantPart, RoundParticipant
from tests.procurement.bids.test_opening import decide, open_all, post
from tests.procurement.bids.world import World, statement_of
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import new_organisation, new_person

PDF = ("文件.pdf", b"%PDF-1.7 scan", "application/pdf")


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def visitor(platform, world, person_id):
    with transaction(world.engine) as session:
        person = session.get_one(Person, person_id)
    return platform.signed_in(person)


def holder(platform, world, seat):
    return visitor(platform, world, world.holder_actors[seat - 1].person_id)


def officer(platform, world):
    return visitor(platform, world, world.officers[0].id)


def address(world, path):
    return f"/rounds/{world.name}/{path}"


def test_a_holder_hands_over_keys_and_sees_the_seat_filled(platform, world):
    page = holder(platform, world, 1).get(address(world, "keys"))
    assert page.status_code == 200 and "生成密钥" in page.text
    assert "wasm-unsafe-eval" in page.headers["content-security-policy"]
    statement = statement_of(world.keys[0], world.name, 1)
    body = canonical_bytes(with_signature(statement.unsigned(), statement.signature))
    assert holder(platform, world, 1).post(address(world, "keys"), content=body).status_code == 200
    page = officer(platform, world).get(address(world, "keys"))
    assert statement.sealing_key.hex()[:16] in page.text
    refused = holder(platform, world, 2).post(address(world, "keys"), content=body)
    assert refused.status_code == 422 and "席位" in refused.json()["message"]


def test_an_officer_starts_the_rehearsal_and_holders_open_it(platform, world):
    start = address(world, "rehearsal")
    refused = officer(platform, world).post(start)
    assert refused.status_code == 409 and "还不能演练" in refused.text
    world.hand_over_all_keys()
    assert officer(platform, world).post(start).status_code == 303
    seat = holder(platform, world, 1)
    documents = seat.get(address(world, "rehearsal/documents")).json()
    assert documents["manifest"]["purpose"] == "rehearsal"
    world.rehearse(seats=3)
    assert "已经开启" in seat.get(start).text
    malformed = seat.post(address(world, "rehearsal/shares"), content=b"{}")
    assert malformed.status_code == 422


def test_a_stranger_and_another_bureau_see_no_keys(platform, world):
    assert platform.nobody().get(address(world, "keys")).status_code == 303
    maker = world.new_maker()
    assert visitor(platform, world, maker.person_id).get(address(world, "keys")).status_code == 403
    with transaction(world.engine) as session:
        other = new_organisation(session, OrganisationKind.BUREAU, "另一个办公室")
        stranger = new_person(session, other, Role.OFFICER).id
    assert visitor(platform, world, stranger).get(address(world, "keys")).status_code == 404


def upload(visit, world, kind, **fields):
    form = {"kind": kind, "title": kind, **fields}
    return visit.post(address(world, "papers"), data=form, files={"file": PDF})


def test_papers_go_from_upload_over_deficiency_to_admission(platform, bidding):
    world, _ = bidding
    maker = world.new_maker(admitted=False)
    firm = visitor(platform, world, maker.person_id)
    evaluator = visitor(platform, world, world.evaluator.person_id)
    assert "还没有上传材料" in firm.get(address(world, "papers")).text
    faulty = upload(firm, world, "certificate", number="国药准字H20000001")
    assert faulty.status_code == 422
    assert "证书须填写有效期止" in faulty.text and "国药准字H20000001" in faulty.text
    for kind in ("application", "authorisation", "promise"):
        assert upload(firm, world, kind).status_code == 303
    early = firm.post(address(world, "papers/submission"))
    assert early.status_code == 422 and "证书" in early.text
    assert upload(firm, world, "certificate", expires_on="2031-01-01").status_code == 303
    assert firm.post(address(world, "papers/submission")).status_code == 303
    assert maker.name in evaluator.get(address(world, "papers")).text
    review = address(world, f"papers/{maker.id}")
    assert evaluator.post(review, data={"status": "deficient"}).status_code == 422
    in_time = f"{world.set_times(closes_in=timedelta(hours=2)) + timedelta(hours=7):%Y-%m-%dT%H:%M}"
    form = {"status": "deficient", "reason": "授权书缺骑缝章", "due_at": in_time}
    assert evaluator.post(review, data=form).status_code == 303
    assert "授权书缺骑缝章" in firm.get(address(world, "papers")).text
    assert firm.post(address(world, "papers/submission")).status_code == 303
    assert evaluator.post(review, data={"status": "admitted"}).status_code == 303
    assert "材料审核通过" in firm.get(address(world, "papers")).text


def test_a_papers_file_is_its_owners_and_the_checkers(platform, bidding):
    world, _ = bidding
    maker, rival = world.new_maker(admitted=False), world.new_maker(admitted=False)
    firm = visitor(platform, world, maker.person_id)
    for kind in ("application", "authorisation", "promise"):
        upload(firm, world, kind)
    upload(firm, world, "certificate", expires_on="2031-01-01")
    firm.post(address(world, "papers/submission"))
    (file, *_) = re.findall(
        r'/rounds/[^"]*/papers/files/\d+', firm.get(address(world, "papers")).text
    )
    answer = firm.get(file)
    assert answer.content == PDF[1]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert visitor(platform, world, world.evaluator.person_id).get(file).status_code == 200
    assert visitor(platform, world, rival.person_id).get(file).status_code == 404
    assert platform.nobody().get(file).status_code == 303
    assert (
        visitor(platform, world, rival.person_id)
        .get(address(world, f"papers/{maker.id}"))
        .status_code
        == 404
    )


def test_an_observer_whom_the_round_names_follows_the_papers(platform, bidding):
    world, _ = bidding
    with transaction(world.engine) as session:
        office = new_organisation(session, OrganisationKind.OBSERVER, "公证处")
        notary = new_person(session, office, Role.NOTARY).id
        session.add(
            RoundParticipant(
                round_id=world.round_id,
                organisation_id=office.id,
                part=ParticipantPart.OBSERVER,
                seat=1,
            )
        )
    assert visitor(platform, world, notary).get(address(world, "papers")).status_code == 200


def test_the_form_for_prices_sends_none_of_them(platform, bidding):
    world, manifest = bidding
    maker = world.new_maker()
    page = visitor(platform, world, maker.person_id).get(address(world, "bid")).text
    assert maker.bidder in page and maker.key.public.hex() in page
    for field in ("units", "price", "capacity"):
        assert f'data-secret data-field="{field}"' in page
    # A field without a name is never sent, whatever happens to the scripts.
    assert 'name="' not in page.split("data-prices")[1].split("</form>")[0].replace(
        '<input type="hidden" name="_csrf_token"', ""
    )
    assert manifest.digest


def test_a_sealed_envelope_is_submitted_from_the_page_and_its_receipt_is_listed(platform, bidding):
    world, manifest = bidding
    maker = world.new_maker()
    firm = visitor(platform, world, maker.person_id)
    envelope = maker.seal(manifest)
    key = {"idempotency-key": envelope.digest}
    answer = firm.post(address(world, "bid"), content=envelope.to_bytes(), headers=key)
    assert answer.status_code == 200
    assert answer.json()["envelope"] == envelope.digest
    again = firm.post(address(world, "bid"), content=envelope.to_bytes(), headers=key)
    assert again.content == answer.content
    page = firm.get(address(world, "receipts")).text
    assert envelope.digest[:16] in page and "截止之后提供" in page
    part = address(world, f"receipts/{envelope.digest}/receipt")
    assert firm.get(part).content == answer.content
    rival = visitor(platform, world, world.new_maker().person_id)
    assert rival.get(part).status_code == 404
    assert envelope.digest[:16] not in rival.get(address(world, "receipts")).text
    assert officer(platform, world).get(address(world, "receipts")).status_code == 403


def test_a_refused_envelope_says_why_and_a_late_one_is_kept(platform, bidding):
    world, manifest = bidding
    maker = world.new_maker()
    firm = visitor(platform, world, maker.person_id)
    malformed = firm.post(address(world, "bid"), content=b"{}", headers={"idempotency-key": "k"})
    assert malformed.status_code == 422 and "信封" in malformed.json()["message"]
    assert firm.post(address(world, "bid"), content=b"{}").status_code in (409, 422)
    envelope = maker.seal(manifest)
    world.end_bidding()
    late = firm.post(
        address(world, "bid"), content=envelope.to_bytes(), headers={"idempotency-key": "l"}
    )
    assert late.status_code == 409 and late.json()["type"] == "refusal/1"
    assert "拒收通知" in firm.get(address(world, "receipts")).text


def test_the_log_is_shown_to_everybody_after_closing_and_to_nobody_before(platform, bidding):
    world, manifest = bidding
    maker = world.new_maker()
    world.bid(maker, manifest)
    page = platform.nobody().get(address(world, "log"))
    assert page.status_code == 200 and "申报截止之后公布日志" in page.text
    assert platform.nobody().get(address(world, "log.json")).status_code == 409
    world.close()
    assert maker.last in platform.nobody().get(address(world, "log")).text
    log = platform.nobody().get(address(world, "log.json")).json()
    assert log["leaves"] == [maker.last]
    firm = visitor(platform, world, maker.person_id)
    proof = firm.get(address(world, f"receipts/{maker.last}/proof")).json()
    assert proof["envelope"] == maker.last
    manifest_file = platform.nobody().get(address(world, f"manifests/{manifest.digest}"))
    assert manifest_file.content == manifest.to_bytes()


def test_the_opening_shows_progress_and_then_each_his_own(platform, bidding):
    world, manifest = bidding
    first, second = world.new_maker(), world.new_maker()
    world.bid(first, manifest)
    world.bid(second, manifest)
    opening = address(world, "opening")
    assert "申报尚未截止" in platform.nobody().get(opening).text
    world.close()
    seat = holder(platform, world, 1)
    assert "开启并提交份额" in seat.get(opening).text
    envelopes = seat.get(address(world, "opening/envelopes")).json()
    assert len(envelopes["items"]) == 2 and envelopes["next_cursor"] is None
    assert (
        visitor(platform, world, first.person_id)
        .get(address(world, "opening/envelopes"))
        .status_code
        == 403
    )
    for number in (1, 2, 3):
        post(world, manifest, number)
    before = officer(platform, world).get(opening).text
    assert "份额齐全" in before and "7.654" not in before
    decide(world)
    open_all(world)
    assert officer(platform, world).get(opening).text.count("7.654") == 2
    # The third round's prices were published; a rulebook without that shows each his own.
    assert platform.nobody().get(opening).text.count("7.654") == 2
    record = platform.nobody().get(address(world, "opening/record.json"))
    check_record(read_record(record.content))


def test_two_holders_of_one_name_have_each_their_seat(platform, bidding):
    world, manifest = bidding
    world.bid(world.new_maker(), manifest)
    with transaction(world.engine) as session:
        for actor in world.holder_actors[:2]:
            session.get_one(Organisation, actor.organisation_id).name = "审计机构"
    world.close()
    for seat in (1, 2):
        page = holder(platform, world, seat).get(address(world, "opening")).text
        assert f'data-seat="{seat}"' in page


def test_where_no_source_states_it_each_bidder_sees_the_own_prices_only(engine, platform):
    world = World(engine, name="devices")
    with transaction(engine) as session:
        world.round(session).rulebook = "devices-6-2026"
        world.round(session).options = "{}"
    manifest = world.prepare()
    first, second = world.new_maker(), world.new_maker()
    world.bid(first, manifest)
    world.bid(second, manifest)
    world.close()
    for number in (1, 2, 3):
        post(world, manifest, number)
    decide(world)
    open_all(world)
    opening = address(world, "opening")
    assert officer(platform, world).get(opening).text.count("7.654") == 2
    assert "7.654" not in platform.nobody().get(opening).text
    own = visitor(platform, world, first.person_id)
    assert own.get(opening).text.count("7.654") == 1
    record = read_record(own.get(address(world, "opening/record.json")).content)
    assert [result.bidder for result in record.results] == [first.bidder]
    assert platform.nobody().get(address(world, "opening/record.json")).status_code in (303, 404)


def test_keys_are_asked_for_and_revealed_on_their_pages(platform, bidding):
    world, manifest = bidding
    maker = world.new_maker()
    world.bid(maker, manifest)
    world.close()
    firm = visitor(platform, world, maker.person_id)
    assert firm.get(address(world, "reveal")).status_code == 404
    call = address(world, "opening/reveal-call")
    empty = officer(platform, world).post(call, data={"reason": "", "due_at": ""})
    assert empty.status_code == 422
    form = {"reason": "三方未到场", "due_at": "2100-01-01T09:00"}
    assert officer(platform, world).post(call, data=form).status_code == 303
    assert "三方未到场" in firm.get(address(world, "reveal")).text
    assert firm.post(address(world, "reveal"), content=b"{}").status_code == 422


@pytest.mark.parametrize(
    "path", ["keys", "rehearsal", "papers", "bid", "receipts", "log", "opening"]
)
def test_every_page_is_there_in_english_too(platform, bidding, path):
    world, _ = bidding
    people = {
        "papers": world.evaluator.person_id,
        "bid": world.new_maker().person_id,
        "receipts": world.new_maker().person_id,
    }
    who = people.get(path, world.holder_actors[0].person_id)
    page = visitor(platform, world, who).get(address(world, path) + "?lang=en")
    assert page.status_code == 200
    assert '<html lang="en"' in page.text


def test_addresses_of_rounds_that_do_not_exist_look_like_others_that_one_may_not_see(
    platform, world
):
    maker = world.new_maker()
    firm = visitor(platform, world, maker.person_id)
    # A draft is nobody else's, and so is one that is not there.
    drafted, missing = firm.get(address(world, "bid")), firm.get("/rounds/nothing/bid")
    assert drafted.status_code == missing.status_code == 404
    assert json.dumps(drafted.text) != ""
