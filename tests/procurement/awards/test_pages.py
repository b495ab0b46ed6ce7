"""Pages from the evaluation to the award: everybody sees and does what is his."""

import pytest

from procurement.accounts.tables import OrganisationKind
from procurement.permissions import Role
from procurement.rounds.tables import RoundStatus
from tests.procurement.awards.visitors import (
    address,
    maker,
    officer,
    second,
    sheet_text,
    somebody,
    version_in,
    visitor,
)
from tests.procurement.awards.world import (
    announced_round,
    awarded_round,
    decided_round,
    evaluated_round,
    opened_round,
)
from tests.procurement.platform import running_platform


@pytest.fixture
def platform(engine, tmp_path):
    with running_platform(engine, tmp_path) as running:
        yield running


def status_of(world):
    with world.read() as session:
        return world.round(session).status


def test_the_day_is_followed_from_the_opening_on(engine, platform):
    world = opened_round(engine)
    day, state = address(world, "evaluation"), address(world, "evaluation/state")
    before = platform.nobody().get(state).json()
    page = officer(platform, world).get(day).text
    assert "正在按采购文件的规则评审" in page and "重新评审" in page
    assert "重新评审" not in platform.nobody().get(day).text
    asked = officer(platform, world).post(day)
    assert asked.status_code == 303
    assert maker(platform, world, "A").post(day).status_code == 403
    world.evaluate()
    assert platform.nobody().get(state).json() != before
    page = officer(platform, world).get(day).text
    assert "企业 1 项，采购办 2 项" in page
    # How many questions there are is nobody else's business.
    for stranger in (platform.nobody(), maker(platform, world, "C")):
        assert "采购办 2 项" not in stranger.get(day).text


def test_every_evaluation_stands_at_its_own_time_in_the_order_of_the_day(engine, platform):
    world = decided_round(engine)
    desk, day = officer(platform, world), address(world, "evaluation")
    page = desk.get(day).text
    places = [
        page.index(said)
        for said in (
            "开标：全部报价同时解密",
            "按采购文件的规则评审",
            "重新评审（第 2 次）",
            "第 1 次二次答复",
            "重新评审（第 3 次）",
        )
    ]
    assert places == sorted(places) and "重新评审（第 4 次）" not in page
    # That a tie was settled is nobody else's business before the notice.
    assert "重新评审（第" not in platform.nobody().get(day).text
    world.announce()
    assert "重新评审（第 3 次）" in platform.nobody().get(day).text


def test_before_the_notice_only_the_bureau_sees_the_results(engine, platform):
    world = evaluated_round(engine)
    result, lot = address(world, "result"), address(world, "result/L01")
    page = officer(platform, world).get(lot)
    assert page.status_code == 200
    for said in ("最低价 × 1.8 = 3.6", "排名第 4，超出入围名额 3", "最多入围企业数", "名额3：空缺"):
        assert said in page.text, said
    assert visitor(platform, world, world.supervisor.person_id).get(lot).status_code == 200
    assert platform.nobody().get(lot).status_code == 404
    assert "评审结果尚未公示" in platform.nobody().get(result).text
    assert platform.nobody().get(address(world, "result/file/xlsx")).status_code == 404
    # A bidder sees its own part, and nothing of others.
    own = maker(platform, world, "D").get(lot).text
    assert world.maker("D").name in own and world.maker("A").name not in own
    assert maker(platform, world, "F").get(lot).status_code == 404


def test_a_lot_explains_each_figure_and_offers_what_it_shows_as_files(engine, platform):
    world = evaluated_round(engine)
    person = officer(platform, world)
    page = person.get(address(world, "result/L02")).text
    assert "规格 500mg：申报价 0.3 ÷ 差比系数 1.7 = 单位可比价 0.1765 元" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page and "<title" in page
    sheet = person.get(address(world, "result/L02/file/xlsx"))
    assert "spreadsheetml" in sheet.headers["content-type"]
    assert "0.1765" in sheet_text(sheet) and "同价待裁定" in sheet_text(sheet)
    printed = person.get(address(world, "result/L02/file/pdf?lang=en"))
    assert printed.content.startswith(b"%PDF-")
    assert person.get(address(world, "result/L02/file/csv")).status_code == 404
    assert person.get(address(world, "result/L99")).status_code == 404


def test_results_are_filtered_by_the_address_and_so_is_the_export(engine, platform):
    world = evaluated_round(engine)
    person = officer(platform, world)
    page = person.get(address(world, "result?q=缬沙坦")).text
    assert "L03" in page and "L01 " not in page
    assert "没有符合条件的品种" in person.get(address(world, "result?q=nothing")).text
    text = sheet_text(person.get(address(world, "result/file/xlsx?q=L03")))
    assert "L03" in text and "L01" not in text


def test_screens_are_for_evaluators_only(engine, platform):
    world = evaluated_round(engine)
    screens = address(world, "screens")
    page = visitor(platform, world, world.evaluator.person_id).get(screens)
    assert page.status_code == 200 and "不是结论" in page.text and "不同控制人报价相同" in page.text
    for person in (officer(platform, world), maker(platform, world, "A")):
        assert person.get(screens).status_code == 403
    with_flag = visitor(platform, world, world.evaluator.person_id).get(f"{screens}?answer=flagged")
    assert "L02" in with_flag.text and "L03" not in with_flag.text.split("<tbody>")[1]


def test_a_tie_is_proposed_and_confirmed_by_two_officers(engine, platform):
    world = evaluated_round(engine)
    questions = address(world, "questions")
    first = officer(platform, world)
    page = first.get(questions).text
    assert "2 家同价争 1 个名额" in page and "发起二次答复" in page
    tie = {"question": "tie", "lot": "L02", "reason": "更早通过一致性评价"}
    both = {**tie, "chosen": [world.maker("A").name, world.maker("C").name]}
    refused = first.post(questions, data=both)
    assert refused.status_code == 422 and "更早通过一致性评价" in refused.text
    assert first.post(questions, data={**tie, "reason": ""}).status_code == 422
    done = first.post(questions, data={**tie, "chosen": [world.maker("A").name]})
    assert done.status_code == 303
    proposal = done.headers["location"]
    page = second(platform, world).get(proposal).text
    assert "同价裁定" in page
    digest = page.split('name="digest" value="')[1].split('"')[0]
    assert first.post(f"{proposal}/confirm", data={"digest": digest}).status_code == 404
    confirmed = second(platform, world).post(f"{proposal}/confirm", data={"digest": digest})
    assert confirmed.status_code == 303
    world.evaluate()
    assert "同价争" not in first.get(questions).text
    assert maker(platform, world, "A").post(questions, data=tie).status_code == 403
    assert maker(platform, world, "A").get(questions).status_code == 404


def test_a_withdrawal_is_recorded_with_its_letter(engine, platform):
    world = evaluated_round(engine)
    questions = address(world, "questions")
    empty = officer(platform, world).post(questions, data={"question": "withdraw"})
    assert empty.status_code == 422 and "请选择报价" in empty.text
    form = {
        "question": "withdraw",
        "withdrawn": f"L03|{world.maker('E').name}",
        "reason": "函 1 号",
    }
    done = officer(platform, world).post(questions, data=form)
    assert done.status_code == 303
    assert "开标后撤回" in second(platform, world).get(done.headers["location"]).text


def test_second_answers_are_called_with_a_clock(engine, platform):
    world = evaluated_round(engine).settle_tie()
    call = address(world, "questions/call")
    for minutes in ("", "0", "x", "99999999"):
        refused = officer(platform, world).post(call, data={"minutes": minutes})
        assert refused.status_code == 422, minutes
    done = officer(platform, world).post(call, data={"minutes": "30"})
    assert done.status_code == 303 and done.headers["location"].endswith("/evaluation")
    assert status_of(world) == RoundStatus.SECOND_ANSWERS
    page = platform.nobody().get(address(world, "evaluation")).text
    assert "二次答复截止" in page and "第 1 次二次答复" in page
    again = officer(platform, world).post(call, data={"minutes": "30"})
    assert again.status_code == 409


def test_the_selection_is_put_on_notice(engine, platform):
    world = decided_round(engine)
    notice = address(world, "announcement")
    assert "还没有公示" in platform.nobody().get(notice).text
    assert "公示截止时间" in officer(platform, world).get(notice).text
    for closes_at in ("", "soon", "2020-01-01T09:00"):
        refused = officer(platform, world).post(notice, data={"closes_at": closes_at})
        assert refused.status_code == 422, closes_at
    assert maker(platform, world, "A").post(notice).status_code == 403
    done = officer(platform, world).post(notice, data={"closes_at": "2100-01-01T09:00"})
    assert done.status_code == 303
    page = platform.nobody().get(notice).text
    assert world.maker("A").name in page and "2100年1月1日" in page
    assert world.maker("D").name not in page


def test_an_open_question_keeps_the_notice_from_being_issued(engine, platform):
    world = evaluated_round(engine)
    notice = address(world, "announcement")
    assert "还不能公示" in officer(platform, world).get(notice).text
    refused = officer(platform, world).post(notice, data={"closes_at": "2100-01-01T09:00"})
    assert refused.status_code == 409 and "待答" in refused.text
    assert status_of(world) == RoundStatus.EVALUATED


def test_letters_are_read_by_addressee_and_bureau_only(engine, platform):
    world = announced_round(engine)
    loser, winner = world.maker("D"), world.maker("A")
    own = address(world, f"letters/L01/{loser.id}")
    page = maker(platform, world, "D").get(own).text
    assert "3.600049" in page and "最多入围企业数" in page
    printed = maker(platform, world, "D").get(f"{own}/lost")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF-")
    assert maker(platform, world, "D").get(f"{own}/won").status_code == 404
    assert officer(platform, world).get(own).status_code == 200
    assert maker(platform, world, "A").get(own).status_code == 404
    assert platform.nobody().get(own).status_code == 303
    won = address(world, f"letters/L01/{winner.id}")
    assert "拟中选通知书" in maker(platform, world, "A").get(won).text
    assert maker(platform, world, "A").get(f"{won}/won").content.startswith(b"%PDF-")
    listed = maker(platform, world, "A").get(address(world, "letters")).text
    assert "L02" in listed and loser.name not in listed
    assert loser.name in officer(platform, world).get(address(world, "letters")).text


def test_there_are_no_letters_before_the_notice(engine, platform):
    world = evaluated_round(engine)
    assert "还没有告知书" in maker(platform, world, "D").get(address(world, "letters")).text
    early = maker(platform, world, "D").get(address(world, f"letters/L01/{world.maker('D').id}"))
    assert early.status_code == 404


def test_an_award_is_proposed_after_the_notice_and_shown_to_everybody(engine, platform):
    world = announced_round(engine)
    award = address(world, "award")
    page = officer(platform, world).get(award).text
    assert "公示期未满" in page and "提议确定中选结果" not in page
    early = officer(platform, world).post(award, data={"starts_on": "2027-01-01", "version": "1"})
    assert early.status_code == 409
    world.end_notice()
    page = officer(platform, world).get(award).text
    form = {"version": version_in(page), "starts_on": ""}
    assert officer(platform, world).post(award, data=form).status_code == 422
    form["starts_on"] = "2027-01-01"
    assert maker(platform, world, "A").post(award, data=form).status_code == 403
    done = officer(platform, world).post(award, data=form)
    assert done.status_code == 303
    proposal = done.headers["location"]
    digest = second(platform, world).get(proposal).text.split('name="digest" value="')[1]
    confirmed = second(platform, world).post(
        f"{proposal}/confirm", data={"digest": digest.split('"')[0]}
    )
    assert confirmed.status_code == 303
    assert status_of(world) == RoundStatus.AWARDED
    assert "2027年1月1日" in platform.nobody().get(award).text


def test_a_bidder_finds_its_own_result_in_the_award(engine, platform):
    world = awarded_round(engine)
    award = address(world, "award")
    assert "贵单位中选" in maker(platform, world, "A").get(award).text
    assert "贵单位在本批次没有中选" in maker(platform, world, "D").get(award).text
    page = somebody(platform, world, OrganisationKind.HOSPITAL, Role.HOSPITAL).get(award).text
    assert "贵单位" not in page
    text = sheet_text(platform.nobody().get(address(world, "award/file/xlsx")))
    assert world.maker("A").name in text
    assert platform.nobody().get(address(world, "award/file/pdf")).content.startswith(b"%PDF-")


PAGES = (
    "evaluation",
    "result",
    "result/L01",
    "questions",
    "letters",
    "announcement",
    "objections",
    "award",
)


@pytest.mark.parametrize("build", [evaluated_round, announced_round, awarded_round])
def test_every_page_is_there_in_english_too(engine, platform, build):
    world = build(engine)
    person = officer(platform, world)
    for path in PAGES:
        page = person.get(address(world, f"{path}?lang=en"))
        assert page.status_code == 200, path
        assert '<html lang="en"' in page.text, path


def test_rounds_that_do_not_exist_look_like_those_that_one_may_not_see(platform, engine):
    world = evaluated_round(engine)
    person = maker(platform, world, "A")
    for path in ("result", "evaluation", "announcement", "award", "letters", "objections"):
        assert person.get(f"/rounds/nothing/{path}").status_code == 404, path
