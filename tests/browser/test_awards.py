"""The day of the opening, results, letters and objections in a real browser."""

import shutil
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from procurement.database import make_engine
from tests.browser.looking import WIDTHS, arrive, look
from tests.browser.test_bids import People
from tests.procurement.awards.world import announced_round, evaluated_round, opened_round
from tests.server import running_server

CHART_PAGE_BYTES_MAX = 450_000


@pytest.fixture
def engine(sqlite_template, tmp_path):
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'jicai.sqlite3')}")
    yield engine
    engine.dispose()


@pytest.fixture
def people(chromium, engine, tmp_path):
    """Make a world, serve it, and open browsers for its people."""
    with ExitStack() as stack:

        def around(build):
            # First the world: it is copied into a database that nobody has written to.
            world = build(engine)
            server = stack.enter_context(running_server(engine, tmp_path))
            made = People(chromium, world, server.address)
            stack.callback(made.close)
            return made

        yield around


def check(page, name, pictures):
    """One page, at the width of a large screen too."""
    split, picture = urlsplit(page.url), pictures / f"awards-{name}.png"
    look(page, split.path, picture, origin=f"http://{split.netloc}", widths=(*WIDTHS, 1920))


def test_pages_of_an_evaluated_round_are_readable_everywhere(people, pictures):
    around = people(evaluated_round)
    world = around.world
    for path in ("evaluation", "questions", "result", "result/L01"):
        check(around.at(world.officer.person_id, path), path.replace("/", "-"), pictures)
    check(around.at(world.evaluator.person_id, "screens"), "screens", pictures)


def test_pages_of_a_notice_are_readable_everywhere(people, pictures):
    around = people(announced_round)
    loser = around.world.maker("D")
    for path in ("announcement", "letters", f"letters/L01/{loser.id}", "objections", "result/L01"):
        check(around.at(loser.person_id, path), path.split("/")[0], pictures)


def test_a_chart_page_is_light_and_its_picture_is_described(people):
    around = people(evaluated_round)
    page = around.at(around.world.officer.person_id, "evaluation")
    sent = []
    page.on("requestfinished", lambda done: sent.append(done.sizes()["responseBodySize"]))
    arrive(page, page.url.replace("evaluation", "result/L01"))
    assert sum(sent) <= CHART_PAGE_BYTES_MAX
    picture = page.get_by_role("img", name="5 个报价中选 2 个")
    expect(picture).to_be_visible()
    # Each figure opens to its formula and its clause, by the keyboard too.
    figure = page.locator(".figures details").nth(1)
    figure.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(figure).to_contain_text("申报企业 5 家，最多入围 3 家")
    expect(figure).to_contain_text("最多入围企业数")


def test_the_day_keeps_itself_up_to_date(people):
    around = people(opened_round)
    world = around.world
    page = around.at(world.officer.person_id, "evaluation")
    # A worker of the server may already have evaluated it by itself: it was queued at the opening.
    world.evaluate()
    expect(page.locator("main")).to_contain_text("企业 1 项，采购办 2 项", timeout=20_000)
    world.settle_tie()
    expect(page.locator("main")).to_contain_text("企业 1 项，采购办 0 项", timeout=20_000)


def test_a_tie_is_settled_and_an_objection_filed_by_hand(people):
    around = people(evaluated_round)
    world = around.world
    page = around.at(world.officer.person_id, "questions")
    page.get_by_label(world.maker("A").name).check()
    page.get_by_label("裁定依据").fill("更早通过一致性评价")
    page.get_by_role("button", name="提出裁定").click()
    address = page.url.split(f"/rounds/{world.name}/")[1]
    page = around.at(world.second.person_id, address)
    page.get_by_label("我已核对下列全部内容。").check()
    page.get_by_role("button", name="复核并执行").click()
    expect(page).to_have_url(f"{around.address}/rounds/{world.name}")
    world.evaluate()
    world.answer_revival().announce()
    loser = world.maker("D")
    page = around.at(loser.person_id, "objections")
    name = page.locator(".who b").inner_text()
    page.get_by_label("质疑事项").fill("换算有误")
    page.get_by_label("签名").fill(name)
    page.get_by_role("button", name="提交质疑").click()
    expect(page.locator("h1")).to_contain_text("待答复")
    expect(page.locator("main")).to_contain_text("受理通知")


def test_results_are_read_without_scripts(chromium, people):
    around = people(evaluated_round)
    world = around.world
    signed_in = around.at(world.officer.person_id, "evaluation").context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(signed_in)
    page = context.new_page()
    arrive(page, f"{around.address}/rounds/{world.name}/evaluation")
    expect(page.locator(".timeline")).to_contain_text("按采购文件的规则评审")
    page.get_by_role("link", name="处理待答事项").click()
    expect(page.locator("h1")).to_have_text("待答事项")
    context.close()
