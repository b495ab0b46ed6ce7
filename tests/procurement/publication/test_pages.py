"""Public pages and the interface: what a stranger sees, and what he does not."""

import io
import re
import zipfile

import pytest

from procurement.database import transaction
from procurement.permissions import Role
from tests.procurement.awards.world import awarded_round
from tests.procurement.bids.world import SECRET
from tests.procurement.platform import KEY, running_platform
from tests.procurement.rounds.world import new_person


@pytest.fixture
def site(engine, tmp_path):
    assert SECRET == KEY
    world = awarded_round(engine)
    with transaction(engine) as session:
        bureau = world.round(session).bureau_id
        officer = new_person(session, session.get_one(type(world.bureau), bureau), Role.EVALUATOR)
    with running_platform(engine, tmp_path) as platform:
        yield platform, world, officer


def text_of(answer):
    assert answer.status_code == 200, answer.text
    return re.sub(r"<[^>]+>|\s+", " ", answer.text)


def archive(answer):
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_a_stranger_finds_notices_results_log_and_evidence(site):
    platform, world, _ = site
    nobody = platform.nobody()
    board = text_of(nobody.get("/publications"))
    assert board.index("公布中选结果") < board.index("拟中选结果公示")
    round_page = nobody.get(f"/rounds/{world.name}/publications")
    assert "下载证据包" in text_of(round_page)
    links = set(re.findall(r'href="(/rounds/[^"]+)"', round_page.text))
    assert {
        f"/rounds/{world.name}/{one}" for one in ("result", "award", "log", "evidence.zip")
    } <= (links)
    for link in sorted(links):
        assert nobody.get(link).status_code == 200, link


def test_a_manufacturers_standing_shows_awards_and_grade_to_everybody(site):
    platform, world, _ = site
    winner = world.maker("A")
    page = text_of(platform.nobody().get(f"/manufacturers/{winner.id}"))
    assert winner.name in page
    assert "无失信评级" in page
    assert "28.00" in page
    found = platform.nobody().get(f"/api/v1/manufacturers/{winner.id}").json()
    assert found["grade"]["grade"] == "none"
    assert {one["lot"] for one in found["won"]} >= {"L01"}
    assert {one["pack_price"] for one in found["won"]} == {"28", "2"}
    loser = platform.nobody().get(f"/api/v1/manufacturers/{world.maker('E').id}").json()
    assert [one["lot"] for one in loser["won"]] == ["L03"]


def test_the_lead_bureau_downloads_everything(site):
    platform, world, officer = site
    names = archive(
        platform.signed_in(officer).get(f"/rounds/{world.name}/evidence.zip")
    ).namelist()
    assert {"evidence.json", "opening.json", "report.json", "sheet.json"} <= set(names)
    by_token = platform.with_token(officer).get(f"/api/v1/rounds/{world.name}/evidence")
    assert archive(by_token).namelist() == names
    page = text_of(platform.signed_in(officer).get(f"/rounds/{world.name}/publications"))
    assert "全部信封" in page


def test_what_is_not_public_is_not_there(site):
    platform, world, _ = site
    nobody = platform.nobody()
    with transaction(world.engine) as session:
        bureau = world.round(session).bureau_id
    for address in (
        "/rounds/no-such-round/publications",
        "/rounds/no-such-round/evidence.zip",
        f"/rounds/{world.name}/evidence/letters.zip",
        f"/manufacturers/{bureau}",
        "/manufacturers/2000000001",
        "/api/v1/rounds/no-such-round/evidence",
        f"/api/v1/manufacturers/{bureau}",
    ):
        assert nobody.get(address).status_code == 404, address


def test_filters_leave_what_fits(site):
    platform, _, _ = site
    nobody = platform.nobody()
    assert "没有符合条件的公告" in nobody.get("/publications?words=zzz").text
    assert "没有符合条件的企业" in nobody.get("/manufacturers?words=zzz").text
    assert nobody.get("/publications?lang=en").status_code == 200


def test_the_verifier_needs_no_sign_in_and_uploads_nothing(site):
    platform, _, _ = site
    answer = platform.nobody().get("/verify")
    assert answer.status_code == 200
    assert "wasm-unsafe-eval" in answer.headers["content-security-policy"]
    form = answer.text[answer.text.index('<form id="verify"') :]
    assert "action=" not in form[: form.index(">")]
