"""The pages play a dossier from its draft to a signed price, each by the person whose it is."""

import re

import pytest

from procurement.database import snapshot, transaction
from procurement.negotiations.campaigns.members import appoint
from procurement.negotiations.kinds import DossierStatus, Part
from tests.procurement.negotiations.visitors import address, hidden, visited
from tests.procurement.negotiations.world import (
    APPOINTED,
    DURING,
    MODEL,
    MOMENT,
    TYPED,
    NegotiationWorld,
)


@pytest.fixture
def visits(engine, tmp_path):
    with visited(engine, tmp_path) as running:
        yield running


def status_of(world):
    with snapshot(world.engine) as session:
        return world.dossier(session).status


def ok(answer):
    assert answer.status_code in (200, 303), (answer.status_code, faults_in(answer.text))
    return answer


def faults_in(page):
    return re.findall(r'class="(?:fault-summary|field-fault)".*?</(?:ul|p)>', page, re.S)


def test_a_dossier_is_played_from_its_draft_to_a_signed_price(engine, visits):
    world = NegotiationWorld(engine).open()
    started = ok(
        visits.visitor(world, "maker").post(
            f"/negotiations/{world.name}/dossiers", data={"product": "某药", "track": "regular"}
        )
    )
    world.dossier_id = int(started.headers["location"].split("/")[-2])
    form = ok(visits.get(world, "maker", "edit")).text
    ok(visits.post(world, "maker", "edit", version=hidden(form, "version"), **TYPED))
    file = {"model": ("model.toml", MODEL.encode())}
    ok(visits.post(world, "maker", "model", files=file))
    form = ok(visits.get(world, "maker", "edit")).text
    ok(visits.post(world, "maker", "submit", version=hidden(form, "version")))
    ok(visits.get(world, "officer", "review"))
    ok(visits.post(world, "officer", "review", verdict="pass"))
    for name in APPOINTED:
        ok(visits.get(world, name, "interest"))
        ok(visits.post(world, name, "interest", has_conflict="no"))
    scores = dict.fromkeys(("safety", "effectiveness", "economy", "innovation", "fairness"), "80")
    ok(visits.post(world, "reviewer", "opinion", comment="同意", **scores))
    ok(visits.get(world, "reviewer", "opinion"))
    ok(visits.get(world, "officer", "review"))
    ok(visits.post(world, "officer", "admission", admits="yes", reason="评分高"))
    for group, names in (
        ("economics", ("economist", "economist2")),
        ("fund", ("actuary", "actuary2")),
    ):
        ok(visits.post(world, names[0], f"groups/{group}/copy"))
        ok(visits.post(world, names[0], f"groups/{group}/result", draws="100", seed="7"))
        for name in names:
            page = ok(visits.get(world, name, f"groups/{group}")).text
            ok(visits.post(world, name, f"groups/{group}/signature", digest=hidden(page, "digest")))
    ok(visits.get(world, "chair", "chair"))
    ok(visits.post(world, "chair", "chair", policy="strict-min", reason="取低"))
    ok(visits.post(world, "officer", "session", starts_at="2026-09-10T09:00", place="一号"))
    assert "264.00" in ok(visits.get(world, "chair", "chair")).text
    ok(visits.post(world, "chair", "seal"))
    assert status_of(world) == DossierStatus.SEALED
    visits.clock.moment = DURING
    # Sign-ins end long before the session.
    visits.known.clear()
    _talk(world, visits)
    assert status_of(world) == DossierStatus.AGREED
    assert ok(visits.get(world, "officer", "record")).text.count("120.00") >= 1
    page = ok(visits.visitor(world, "maker").get(f"/negotiations/{world.name}")).text
    assert "120.00" in page


def _talk(world, visits):
    ok(visits.get(world, "negotiator", "table"))
    ok(visits.post(world, "negotiator", "table/begin"))
    ok(visits.get(world, "holder1", "session"))
    world.unseal(1, 3)
    for kind, price in (("first-quote", "400"), ("second-quote", "150")):
        ok(visits.get(world, "maker", "quotes"))
        ok(visits.post(world, "maker", "quotes", kind=kind, price=price))
    assert "谈判底价（元）" not in ok(visits.get(world, "negotiator", "table")).text
    assert "谈判底价（元）" in ok(visits.post(world, "negotiator", "table/look")).text
    ok(visits.post(world, "negotiator", "table", kind="offer", price="120"))
    ok(visits.post(world, "maker", "quotes", kind="accept-offer"))
    for name, path in (("maker", "quotes"), ("negotiator", "table")):
        page = ok(visits.get(world, name, path)).text
        signed_by = world.people[name].name
        digest = hidden(page, "digest")
        ok(visits.post(world, name, f"{path}/signature", digest=digest, signed_by=signed_by))


def test_every_page_of_a_dossier_can_be_read_in_both_languages(engine, visits):
    world = NegotiationWorld(engine).sealed()
    pages = {
        "officer": ("", "review", "session", "talks", "record"),
        "maker": ("", "edit", "session", "quotes", "talks", "summary", "renewal/path"),
        "economist": ("", "interest", "groups/economics"),
        "chair": ("chair",),
        "negotiator": ("table",),
        "holder1": ("session",),
    }
    for name, paths in pages.items():
        for path in paths:
            for language in ("zh", "en"):
                page = visits.visitor(world, name).get(f"{address(world, path)}?lang={language}")
                assert page.status_code == 200, (name, path, page.text[:500])
                if language == "en":
                    body = re.sub(r'lang="zh-Hans".*?<', "", page.text)
                    main = body.split("<main", 1)[1].split("</main>")[0]
                    left = set(re.findall(r"[\u4e00-\u9fff]{2,}", main)) - KNOWN
                    assert not left, (name, path, left)
    for path in ("", "/keys", "/members", "/edit"):
        answer = visits.visitor(world, "officer").get(f"/negotiations/{world.name}{path}?lang=en")
        assert answer.status_code == 200
    assert visits.visitor(world, "officer").get("/negotiations/new").status_code == 200


KNOWN = set(
    re.findall(
        r"[\u4e00-\u9fff]{2,}",
        " ".join(
            (
                *TYPED.values(),
                "某药 甲药业有限公司 一号会议室 密钥机构 年国家医保药品目录谈判",
                "专家评分达到要求 两组结果接近 人员",
            )
        ),
    )
)


def test_what_was_typed_stays_on_the_page_with_each_fault_at_its_field(engine, visits):
    world = NegotiationWorld(engine).open().start()
    typed = {**TYPED, "expected_price": "about nine", "safety": "安全性说明"}
    answer = visits.post(world, "maker", "edit", version="1", **typed)
    assert answer.status_code == 422
    assert 'id="fault-expected_price"' in answer.text
    assert "about nine" in answer.text and "安全性说明" in answer.text
    stale = visits.post(world, "maker", "edit", version="9", **TYPED)
    assert stale.status_code == 409 and TYPED["effectiveness"] in stale.text
    file = {"model": ("model.toml", MODEL.replace("0.6", "0.7").encode())}
    refused = visits.post(world, "maker", "model", files=file)
    assert refused.status_code == 422 and 'id="fault-model"' in refused.text


def test_whoever_has_a_conflict_finds_nothing_not_even_as_an_officer(engine, visits):
    world = NegotiationWorld(engine).file()
    with transaction(engine) as session:
        appoint(
            session,
            campaign=world.campaign(session),
            dossier=None,
            person_id=world.people["officer"].person_id or 0,
            part=Part.REVIEWER,
            actor=world.people["second"],
            moment=MOMENT,
        )
    # Before the declaration there is only the declaration.
    assert visits.get(world, "officer").headers["location"].endswith("/interest")
    assert visits.get(world, "officer", "review").status_code == 409
    ok(visits.post(world, "officer", "interest", has_conflict="yes", text="亲属任职"))
    for path in ("", "review", "opinion", "talks", "session"):
        assert visits.get(world, "officer", path).status_code == 404
    assert visits.post(world, "officer", "review", verdict="pass").status_code == 404
    assert visits.get(world, "second", "review").status_code == 200


def test_a_strangers_request_for_any_page_of_a_dossier_is_answered_with_404(engine, visits):
    world = NegotiationWorld(engine).sealed()
    for path in ("", "edit", "session", "quotes", "talks", "bidding", "session/manifest"):
        assert visits.get(world, "rival", path).status_code == 404, path
    for path in ("", "opinion", "groups/economics", "groups/fund", "chair", "table", "record"):
        assert visits.get(world, "stranger", path).status_code == 404, path
    for name in ("economist", "chair", "negotiator", "officer"):
        assert visits.get(world, name, "groups/fund").status_code == 404, name
    for name in ("economist", "actuary", "negotiator", "officer"):
        assert visits.get(world, name, "chair").status_code == 404, name
    for name in ("economist", "actuary", "chair", "officer"):
        assert visits.get(world, name, "table").status_code == 404, name
    assert visits.get(world, "actuary", "groups/nobody").status_code == 404
