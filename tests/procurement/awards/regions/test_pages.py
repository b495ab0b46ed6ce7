"""The page of the choice of regions, and its interface."""

from pathlib import Path

import pytest

from procurement.accounts.tables import Person
from procurement.awards.regions.jobs import lapse_turn
from procurement.awards.regions.tables import RegionTurn
from procurement.awards.regions.tasks import waiting_for
from procurement.database import database_moment, transaction
from procurement.jobs import JobRun
from procurement.settings import Settings
from tests.procurement.awards.regions.test_service import run_out, start, state, turn_letters
from tests.procurement.platform import running_platform
from tests.procurement.rounds.world import REGIONS

NORTH, EAST, MIDDLE = REGIONS


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def visitor(platform, world, person_id, *, token=False):
    with transaction(world.engine) as session:
        person = session.get_one(Person, person_id)
    return platform.with_token(person) if token else platform.signed_in(person)


def maker(platform, world, letter, **how):
    return visitor(platform, world, world.maker(letter).person_id, **how)


def officer(platform, world, **how):
    return visitor(platform, world, world.officers[0].id, **how)


def address(world, path=""):
    return f"/rounds/{world.name}/regions{path}"


def tasks(world, actor):
    with world.read() as session:
        return waiting_for(session, actor=actor, moment=database_moment(session))


def test_an_officer_starts_and_winners_choose_on_the_page(platform, world):
    at_desk = officer(platform, world)
    assert "开始选区" in at_desk.get(address(world)).text
    assert "选区" in tasks(world, world.officer)[0].zh
    wrong = at_desk.post(address(world, "/start"), data={"minutes_per_turn": "0"})
    assert wrong.status_code == 422 and "field-minutes_per_turn" in wrong.text
    started = at_desk.post(address(world, "/start"), data={"minutes_per_turn": "10"})
    assert started.status_code == 303
    first = maker(platform, world, "A")
    page = first.get(address(world))
    assert "轮到贵单位选区" in page.text and "data-job" in page.text
    assert "轮到贵单位" in tasks(world, world.maker("A").actor)[0].zh
    other = maker(platform, world, "B")
    assert "轮到贵单位选区" not in other.get(address(world)).text
    refused = other.post(address(world, "/L01/choose"), data={"region": EAST})
    assert refused.status_code == 409 and "不是贵单位的轮次" in refused.text
    assert first.post(address(world, "/L01/choose"), data={"region": EAST}).status_code == 303
    twice = first.post(address(world, "/L01/choose"), data={"region": EAST})
    assert twice.status_code == 409
    assert state(world, "L01").waiting.number == 2


def test_the_page_learns_that_something_changed(platform, world):
    start(world)
    first = maker(platform, world, "A")
    told = first.get(address(world, "/state?seen=x")).json()
    assert (told["state"], told["next"]) == ("done", address(world))
    seen = first.get(address(world)).text.split("state?seen=")[1].split('"')[0]
    assert first.get(address(world, f"/state?seen={seen}")).json()["state"] == "running"


def test_lists_of_preferences_are_the_winners_own(platform, world):
    first, other = maker(platform, world, "A"), maker(platform, world, "B")
    typed = {"main": "安徽、上海", "spare": "北京"}
    sent = first.post(address(world, "/L01/preferences"), data=typed)
    assert sent.status_code == 303
    assert "安徽、上海" in first.get(address(world)).text
    assert "安徽、上海" not in other.get(address(world)).text
    wrong = first.post(address(world, "/L01/preferences"), data={"main": "火星"})
    assert wrong.status_code == 422 and "火星" in wrong.text
    # B takes part in L01, but E wins nothing there.
    stranger = maker(platform, world, "E")
    assert stranger.post(address(world, "/L01/preferences"), data=typed).status_code == 404


def test_a_silent_winner_is_left_to_the_officer(platform, world):
    start(world)
    run_out(world)
    at_desk = officer(platform, world)
    assert "企业逾时且没有可用志愿" in at_desk.get(address(world)).text
    assert any("逾时" in task.zh for task in tasks(world, world.officer))
    assert at_desk.post(address(world, "/L02/prolong"), data={"minutes": "5"}).status_code == 303
    blank = at_desk.post(address(world, "/L01/assign"), data={"region": EAST, "reason": ""})
    assert blank.status_code == 422
    done = at_desk.post(address(world, "/L01/assign"), data={"region": EAST, "reason": "失联"})
    assert done.status_code == 303
    assert maker(platform, world, "A").post(address(world, "/start")).status_code == 403


def test_the_clock_is_kept_by_a_job(world):
    start(world)

    def run():
        with world.read() as session:
            turn = state(world, "L01").waiting
            assert turn is not None
            moment = database_moment(session)
            job = session.query(RegionTurn).first()
            assert job is not None
        settings = Settings(Path(), str(world.engine.url))
        lapse_turn(JobRun(1, {"turn_id": turn.id}, world.engine, settings, lambda: moment))

    run()
    assert turn_letters(world, "L01") == "A"
    run_out(world)
    run()
    assert state(world, "L01").waiting.number == 1


def test_nobody_else_sees_the_choice_before_it_is_over(platform, world):
    assert platform.nobody().get(address(world)).status_code in (303, 404)
    assert maker(platform, world, "D").get(address(world)).status_code == 404


def test_machines_choose_too(platform, world):
    api = f"/api/v1/rounds/{world.name}/regions"
    at_desk = officer(platform, world, token=True)
    begun = at_desk.post(f"{api}/start", json={"minutes_per_turn": 10})
    assert begun.status_code == 201 and begun.json()["minutes_per_turn"] == 10
    first = maker(platform, world, "A", token=True)
    listed = {"main": [MIDDLE], "spare": []}
    assert first.post(f"{api}/L01/preferences", json=listed).json() == listed
    chosen = first.post(f"{api}/L01/choices", json={"region": NORTH})
    assert chosen.status_code == 201
    assert [turn["way"] for turn in chosen.json()["turns"]] == ["chosen", "waiting"]
    refused = maker(platform, world, "B", token=True).post(
        f"{api}/L01/choices", json={"region": EAST}
    )
    assert refused.status_code == 409
    run_out(world)
    assigned = at_desk.post(f"{api}/L01/assignments", json={"region": EAST, "reason": "失联"})
    assert assigned.status_code == 201
    lots = first.get(api).json()["lots"]
    assert [lot["lot"] for lot in lots] == ["L01", "L02", "L03"]
