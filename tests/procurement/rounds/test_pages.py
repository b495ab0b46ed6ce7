"""The pages of rounds by real requests: an officer drafts, a second one publishes."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.catalogue.tables import GenericProduct, ProductStrength
from procurement.database import snapshot, transaction
from procurement.jobs import Worker, run_due_jobs
from procurement.permissions import Role
from procurement.rounds import jobs
from procurement.rounds.tables import Round, RoundStatus
from tests.procurement.rounds import world
from tests.procurement.rounds.stage import stage_platform


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = world.MOMENT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def platform(engine, tmp_path, clock, monkeypatch):
    with stage_platform(engine, tmp_path, monkeypatch, clock) as running:
        yield running


@pytest.fixture
def people(engine):
    """Two officers and a supervisor of one bureau, an officer of another, a hospital."""
    with transaction(engine) as session:
        bureau = world.new_bureau(session)
        other = world.new_organisation(
            session, OrganisationKind.BUREAU, "邻省采购办", region="330000", level="provincial"
        )
        hospital = world.new_organisation(session, OrganisationKind.HOSPITAL, "第一医院")
        return {
            "first": world.new_person(session, bureau, Role.OFFICER),
            "second": world.new_person(session, bureau, Role.OFFICER),
            "supervisor": world.new_person(session, bureau, Role.SUPERVISOR),
            "other": world.new_person(session, other, Role.OFFICER),
            "hospital": world.new_person(session, hospital, Role.HOSPITAL),
            "keyholders": world.new_keyholders(session),
        }


@pytest.fixture
def officers(platform, people):
    return platform.signed_in(people["first"]), platform.signed_in(people["second"])


def read(engine, name="anhui-2026-2") -> Round:
    with snapshot(engine) as session:
        return session.query(Round).filter_by(name=name).one()


def version(page: str) -> str:
    return str(re.findall(r'name="version" value="(\d+)"', page)[-1])


def typed(moment: datetime) -> str:
    return (moment + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")


BASICS = {
    "name": "anhui-2026-2",
    "title": "安徽省药品集中带量采购文件",
    "rulebook": "national-3",
    "regions": ["340000", "330000"],
    "outage_shift_minutes": "120",
}


def test_two_officers_draft_and_publish_a_round(engine, platform, officers, people, clock):
    base = "/rounds/anhui-2026-2"
    draft_everything(officers[0], base, people, clock.now)
    clock.now += timedelta(days=13)
    # Sessions end sooner than that.
    first, second = platform.signed_in(people["first"]), platform.signed_in(people["second"])
    assert "未符合" not in first.get(f"{base}/draft").text

    proposed = submit(first, f"{base}/proposals/new/publish", {"about": ""})
    proposal = proposed.headers["location"]
    own = first.get(proposal).text
    assert "提议人本人不能复核" in own
    refused = first.post(f"{proposal}/confirm", data={"digest": digest(own)})
    assert refused.status_code == 404
    seen = second.get(proposal).text
    assert second.post(f"{proposal}/confirm", data={"digest": digest(seen)}).status_code == 303
    assert read(engine).status == RoundStatus.PUBLISHED
    shown = second.get(base).text
    assert ("文件已发布" in shown, people["first"].name in shown) == (True, True)
    public = platform.nobody().get(base)
    assert (public.status_code, people["first"].name in public.text) == (200, False)


def test_dates_posted_as_shown_stay_to_the_microsecond(engine, officers, clock):
    base, odd = "/rounds/anhui-2026-2", timedelta(seconds=7, microseconds=5)
    officers[0].post("/rounds/new", data=BASICS)
    with transaction(engine) as session:
        round_ = session.query(Round).filter_by(name="anhui-2026-2").one()
        round_.volume_opens_at = past = clock.now - timedelta(days=1) + odd
        round_.volume_closes_at = coming = clock.now + timedelta(days=1) + odd
    shown = officers[0].get(f"{base}/timetable").text
    fields = dict(re.findall(r'name="(\w+_at)"[^>]* value="([^"]+)"', shown))
    assert len(fields) == 2
    dates = {**fields, "comments_close_at": typed(clock.now + timedelta(days=2))}
    submit(officers[0], f"{base}/timetable", dates)
    after = read(engine)
    assert (after.volume_opens_at, after.volume_closes_at) == (past, coming)
    assert after.comments_close_at is not None


def draft_everything(officer, base, people, now):
    """Draft a round from nothing, page by page, and bring it to the comments."""
    begun = officer.post("/rounds/new", data=BASICS)
    assert (begun.status_code, begun.headers["location"]) == (303, f"{base}/draft")
    assert "待补充" in officer.get(f"{base}/draft").text
    add_lots(officer, base)
    dates = {
        "volume_opens_at": typed(now + timedelta(hours=1)),
        "volume_closes_at": typed(now + timedelta(days=10)),
        "comments_close_at": typed(now + timedelta(days=12)),
        "bidding_opens_at": typed(now + timedelta(days=20)),
        "closes_at": typed(now + timedelta(days=25)),
        "opens_at": typed(now + timedelta(days=25, hours=1)),
    }
    submit(officer, f"{base}/timetable", dates)
    seats = {f"seat-{n}": str(one.id) for n, one in enumerate(people["keyholders"], start=1)}
    submit(officer, f"{base}/keyholders", {**seats, "quorum": "3"})
    assert "待定" in officer.get(f"{base}/rules").text
    submit(officer, f"{base}/rules/ranking.tie_breaks", {"choice": "none", "value": ""})
    for status in ("volume-reporting", "comments"):
        assert submit(officer, f"{base}/advance/{status}", {}).headers["location"] == base


def add_lots(officer, base):
    form = {
        "code": "L01",
        "product": "阿那曲唑口服常释剂型",
        "unit": "片",
        "dosage_form": "oral-solid",
        "category": "general",
        "strength-1": "1mg",
        "ratio-1": "1",
        "ceiling-1": "12.5",
    }
    assert officer.post(f"{base}/lots/new", data=form).status_code == 303
    faulty = officer.post(f"{base}/lots/new", data={**form, "code": "L02", "ceiling-1": "1,x"})
    assert faulty.status_code == 422
    assert 'value="1,x"' in faulty.text
    rows = "品种编号,品种,最小单位,规格,含量比,最高有效申报价\nL02,阿莫西林,粒,250mg,1,0.32\n"
    preview = officer.post(
        f"{base}/lots/import",
        data={"encoding": "utf-8"},
        files={"file": ("lots.csv", (rows + "L02,阿莫西林,粒,500mg,二,0.5\n").encode())},
    )
    assert preview.status_code == 422
    assert "第 3 行，含量比" in preview.text
    good = officer.post(
        f"{base}/lots/import",
        data={"encoding": "utf-8"},
        files={"file": ("lots.csv", (rows + "L02,阿莫西林,粒,500mg,2,0.544\n").encode())},
    )
    assert (good.status_code, "确认导入" in good.text) == (200, True)
    (hidden,) = re.findall(r'name="rows" value="([^"]*)"', good.text)
    applied = officer.post(
        f"{base}/lots/import/apply", data={"version": version(good.text), "rows": hidden}
    )
    assert applied.status_code == 303
    assert "0.544" in officer.get(f"{base}/lots").text


def submit(officer, address, data):
    shown = officer.get(address)
    assert shown.status_code == 200, shown.text
    answer = officer.post(address, data={"version": version(shown.text), **data})
    assert answer.status_code == 303, answer.text
    return answer


def digest(page: str) -> str:
    return str(re.findall(r"<code>([0-9a-f]{64})</code>", page)[0])


@pytest.fixture
def drafted(engine, people):
    """A complete draft of the first officer's bureau."""
    with transaction(engine) as session:
        bureau = session.get_one(Organisation, people["first"].organisation_id)
        round_ = world.new_round(
            session, bureau=bureau, officer=people["first"], keyholders=people["keyholders"]
        )
        return round_.name


PAGES = (
    *("", "/draft", "/basics", "/timetable", "/keyholders", "/rules", "/lots", "/lots/new"),
    *("/rules/ranking.tie_breaks", "/lots/import", "/lots/form.csv", "/lots.csv", "/lots/L01"),
    *("/lots/L02/edit", "/simulations", "/cancel", "/advance/volume-reporting"),
    *("/advance/comments", "/proposals/new/publish", "/proposals/new/cancel"),
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_a_draft_answers_in_both_languages(officers, drafted, language):
    first, _ = officers
    for page in PAGES:
        answer = first.get(f"/rounds/{drafted}{page}?lang={language}")
        assert answer.status_code == 200, (page, answer.text)
    assert first.get(f"/rounds?lang={language}").status_code == 200
    assert first.get(f"/rounds/new?lang={language}").status_code == 200


def test_a_draft_does_not_exist_for_strangers(platform, people, drafted):
    for visitor in (
        platform.nobody(),
        platform.signed_in(people["other"]),
        platform.signed_in(people["hospital"]),
    ):
        assert visitor.get(f"/rounds/{drafted}").status_code == 404
        assert drafted not in visitor.get("/rounds").text
    other = platform.signed_in(people["other"])
    for page in PAGES:
        assert other.get(f"/rounds/{drafted}{page}").status_code == 404, page


def test_a_supervisor_reads_and_changes_nothing(platform, people, drafted):
    supervisor = platform.signed_in(people["supervisor"])
    assert supervisor.get(f"/rounds/{drafted}").status_code == 200
    assert supervisor.get(f"/rounds/{drafted}/draft").status_code == 403
    assert supervisor.post(f"/rounds/{drafted}/cancel", data={"reason": "x"}).status_code == 403


def test_a_stranger_who_wants_to_draft_is_asked_to_sign_in(platform, drafted):
    answer = platform.nobody().get(f"/rounds/{drafted}/basics")
    assert answer.headers["location"].startswith("/sign-in")


def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(officers):
    first, _ = officers
    answer = first.post(
        "/rounds/new", data={**BASICS, "name": "X!", "title": "", "outage_shift_minutes": "bald"}
    )
    assert answer.status_code == 422
    assert re.findall(r'href="#field-(\w+)"', answer.text) == [
        "outage_shift_minutes",
        "name",
        "title",
    ]
    assert 'value="bald"' in answer.text
    assert re.search(r'value="340000"[^>]* checked', answer.text)


def test_a_stale_page_says_so_instead_of_overwriting(engine, officers, drafted):
    first, second = officers
    address = f"/rounds/{drafted}/basics"
    seen = version(first.get(address).text)
    form = {**BASICS, "regions": list(world.REGIONS)}
    assert second.post(address, data={**form, "title": "甲", "version": seen}).status_code == 303
    stale = first.post(address, data={**form, "title": "乙", "version": seen})
    assert stale.status_code == 409
    assert ("已被他人修改" in stale.text, 'value="乙"' in stale.text) == (True, True)
    assert read(engine, drafted).title == "甲"
    assert first.post(address, data={**form, "title": "丙"}).status_code == 409


def test_a_lapsed_proposal_is_recorded_as_such(engine, platform, officers, people, clock):
    with transaction(engine) as session:
        bureau = session.get_one(Organisation, people["first"].organisation_id)
        round_ = world.new_round(
            session, bureau=bureau, officer=people["first"], keyholders=people["keyholders"]
        )
        world.start_reporting(session, round_, moment=clock.now)
    first, second = officers
    base = "/rounds/anhui-2026-1"
    form = {"about": "", "reason": "政策调整"}
    proposal = submit(first, f"{base}/proposals/new/cancel", form).headers["location"]
    seen = second.get(proposal).text
    submit(first, f"{base}/advance/draft", {})
    lapsed = second.post(f"{proposal}/confirm", data={"digest": digest(seen)})
    assert (lapsed.status_code, "提议失效" in lapsed.text) == (409, True)
    assert "已失效" in first.get(proposal).text


def test_a_supervisor_of_the_bureau_reads_proposals_and_nobody_else(
    engine, platform, officers, people, drafted
):
    with transaction(engine) as session:
        world.start_reporting(session, session.query(Round).filter_by(name=drafted).one())
    form = {"about": "", "reason": "政策调整"}
    address = f"/rounds/{drafted}/proposals/new/cancel"
    proposal = submit(officers[0], address, form).headers["location"]
    page = platform.signed_in(people["supervisor"]).get(proposal)
    assert (page.status_code, "撤回提议" in page.text) == (200, False)
    for stranger in (platform.nobody(), platform.signed_in(people["other"])):
        assert stranger.get(proposal).status_code == 404


def test_the_list_is_filtered_in_the_address(engine, platform, officers, drafted):
    first, _ = officers
    assert drafted in first.get("/rounds?status=draft").text
    assert "没有符合条件的批次" in first.get("/rounds?status=running").text
    assert "没有符合条件的批次" in first.get("/rounds?words=%25").text
    assert drafted in first.get("/rounds?words=anhui").text
    assert first.get("/rounds?status=nonsense").status_code == 200
    assert "还没有公开的采购批次" in platform.nobody().get("/rounds").text


def test_a_lot_is_suggested_by_the_catalogue(engine, officers, drafted):
    with transaction(engine) as session:
        product = GenericProduct(name="瑞舒伐他汀钙", printed_form="片剂", unit="片")
        session.add(product)
        session.flush()
        for label, content in (("5mg", "0.005"), ("10mg", "0.010")):
            session.add(
                ProductStrength(
                    generic_product_id=product.id,
                    label=label,
                    content=Decimal(content),
                    content_unit="g",
                )
            )
        ident = product.id
    first, _ = officers
    found = first.get(f"/rounds/{drafted}/lots/new?words=瑞舒").text
    assert f"product={ident}" in found
    form = first.get(f"/rounds/{drafted}/lots/new?product={ident}").text
    assert 'value="瑞舒伐他汀钙片剂"' in form
    assert 'name="ratio-2" aria-label="含量比 2" value="2"' in form


def test_a_row_of_a_lot_without_its_strength_is_refused_and_keeps_what_was_typed(officers, drafted):
    first, _ = officers
    form = {"code": "L09", "product": "阿莫西林胶囊", "unit": "粒", "category": "general"}
    rows = {"strength-2": "250mg", "ratio-2": "1", "ceiling-4": "0.35", "ratio-4": "zwei"}
    answer = first.post(f"/rounds/{drafted}/lots/new", data={**form, **rows})
    assert answer.status_code == 422
    # Rows move together: what is wrong stands in the row in which it was typed.
    links = re.findall(r'href="#field-([\w-]+)"', answer.text)
    assert set(links) == {"ratio-2", "strength-2"}
    shown = dict(
        re.findall(r'name="((?:strength|ratio|ceiling)-\d)"[^>]* value="([^"]+)"', answer.text)
    )
    assert shown == {"strength-1": "250mg", "ratio-1": "1", "ratio-2": "zwei", "ceiling-2": "0.35"}


def test_where_strengths_stand_no_empty_row_takes_a_price(engine, officers, drafted):
    first, _ = officers
    with transaction(engine) as session:
        world.start_reporting(session, session.query(Round).filter_by(name=drafted).one())
    page = first.get(f"/rounds/{drafted}/lots/L01/edit").text
    places = re.findall(r'name="strength-(\d+)"[^>]* value="([^"]*)"', page)
    assert places
    assert all(label for _place, label in places)


def test_a_city_that_takes_part_is_named_with_its_province(officers):
    first, _ = officers
    first.post("/rounds/new", data={**BASICS, "regions": ["330000"], "other_regions": "340100"})
    page = first.get(f"/rounds/{BASICS['name']}").text
    assert "浙江、安徽 340100" in page


def test_no_more_seats_are_asked_for_than_are_read(engine, officers, drafted):
    first, _ = officers
    with transaction(engine) as session:
        seats = [str(one.id) for one in world.new_keyholders(session, 15)]
    form = {f"seat-{place}": seat for place, seat in enumerate(seats, start=1)}
    address = f"/rounds/{drafted}/keyholders"
    submit(first, address, {**form, "quorum": "8"})
    page = first.get(address).text
    assert ('name="seat-15"' in page, 'name="seat-16"' in page) == (True, False)


def test_a_simulation_runs_as_a_job_and_is_shown_with_its_assumptions(
    engine, platform, officers, drafted, clock
):
    first, _ = officers
    address = f"/rounds/{drafted}/simulations"
    form = {
        "rulebooks": ["national-3", "national-10", "tcm-alliance-2023"],
        "behaviour": "national-3-eight-lots",
        "draws": "50",
        "seed": "1",
        "bidders-L01": "6",
        "bidders-L02": "5",
        "originators-L01": "1",
        "volume-L01": "1000000",
        "volume-L02": "2000000",
    }
    asked = first.post(address, data=form)
    assert asked.status_code == 303
    page = asked.headers["location"]
    assert "正在测算" in first.get(page).text
    assert first.get(f"{page}/progress").json()["state"] == "waiting"
    worker = Worker(engine, platform.client.app.state.edge.settings, jobs.HANDLERS, clock)
    assert run_due_jobs(worker) == 1
    shown = first.get(page).text
    assert "<svg" in shown
    assert "无法测算" in shown
    assert "第三批国家组织药品集中采购" in shown
    assert first.get(f"{page}/progress").json()["next"] == page
    bad = first.post(address, data={**form, "draws": "0", "bidders-L01": "999"})
    assert (bad.status_code, 'value="999"' in bad.text) == (422, True)
