"""Monthly surveys: who is asked, what is taken, who sees it, and what happens in time."""

from datetime import date, timedelta
from random import Random  # noqa: TID251 - seeded

import pytest
from sqlalchemy import func, select

from procurement.app.stages import JOBS
from procurement.database import snapshot, transaction
from procurement.errors import InvalidInputError, StaleError
from procurement.jobs import Worker, run_due_jobs
from procurement.monitoring.errors import SurveyClosedError, SurveyThereError
from procurement.monitoring.rules.shortages import SupplySignals
from procurement.monitoring.states import Link, SurveyStatus
from procurement.monitoring.surveys.answering import answer_survey, sent_file
from procurement.monitoring.surveys.heard import leads_of, signals_of
from procurement.monitoring.surveys.listing import own_lines, turnout_of
from procurement.monitoring.surveys.running import close_survey
from procurement.monitoring.tables import (
    MonitoringSurvey,
    SurveyAddressee,
    SurveyAnswer,
    SurveyLine,
)
from procurement.notices.tables import Notice
from procurement.permissions import NotFoundForActorError
from procurement.settings import Settings
from tests.procurement.monitoring.world import CODES
from tests.procurement.platform import KEY


def row(code: str = CODES[0], **cells: str) -> dict[str, str]:
    return {"drug_code": code, **cells}


def work(world, tmp_path) -> int:
    settings = Settings(tmp_path, str(world.engine.url), secret_key=KEY)
    return run_due_jobs(Worker(world.engine, settings, JOBS, lambda: world.moment))


def notices_of(world, who) -> list[str]:
    with snapshot(world.engine) as session:
        rows = select(Notice.zh).where(Notice.organisation_id == who.organisation_id)
        return list(session.scalars(rows.order_by(Notice.id)))


def test_a_survey_asks_the_links_of_the_region_and_makers_with_a_price_there(world):
    survey_id = world.open()
    with snapshot(world.engine) as session:
        rows = session.execute(
            select(SurveyAddressee.organisation_id, SurveyAddressee.link).filter_by(
                survey_id=survey_id
            )
        )
        asked = {organisation: Link(link) for organisation, link in rows}
    expected = {one.organisation_id: Link.HOSPITAL for one in world.hospitals}
    expected |= {
        world.maker.organisation_id: Link.MAKER,
        world.distributor.organisation_id: Link.DISTRIBUTOR,
        world.pharmacy.organisation_id: Link.PHARMACY,
        world.officer.organisation_id: Link.OPINION,
    }
    assert asked == expected
    with pytest.raises(SurveyThereError):
        world.open()


def test_faults_of_a_survey_are_told_all_at_once(world):
    with pytest.raises(InvalidInputError) as refused:
        world.open(date(2027, 5, 2), days=-1, remind=(0, 99))
    assert [fault.field for fault in refused.value.faults] == ["month", "closes_at", "remind_days"]


def test_the_newest_answer_counts_and_the_older_one_stays(world):
    survey_id = world.open()
    hospital = world.hospitals[0]
    assert world.answer(survey_id, hospital, row(price="20", ordered="10", delivered="7")) == 1
    assert world.answer(survey_id, hospital, row(CODES[1]), row(price="21")) == 2
    with snapshot(world.engine) as session:
        lines = own_lines(session, survey_id=survey_id, organisation_id=hospital.organisation_id)
        assert [line.drug_code for line in lines] == [CODES[1], CODES[0]]
        assert session.scalar(select(func.count()).select_from(SurveyLine)) == 3
        assert {one.link: one.answered for one in turnout_of(session, survey_id=survey_id)} == {
            **dict.fromkeys(Link, 0),
            Link.HOSPITAL: 1,
        }


def test_one_bad_line_keeps_nothing_and_every_fault_has_its_line_and_column(world):
    survey_id = world.open()
    text = (
        "药品代码,价格,订购数量,是否断货,月份\n"
        f"{CODES[0]},x,-1,也许,2027-04\n"
        f"NOWHERE,1,1,是,2027-03\n{CODES[0]},1,1,,\n"
    )
    with pytest.raises(InvalidInputError) as refused, transaction(world.engine) as session:
        answer_survey(
            session,
            survey_id=survey_id,
            organisation_id=world.hospitals[0].organisation_id,
            sent=sent_file(text.encode(), link=Link.HOSPITAL, file_name="x.csv"),
            actor=world.hospitals[0],
            moment=world.moment,
        )
    assert {fault.field for fault in refused.value.faults} == {
        "第 2 行，价格 price",
        "第 2 行，订购数量 ordered",
        "第 2 行，是否断货 out_of_stock",
        "第 2 行，月份 month",
        "第 3 行，药品代码 drug_code",
        "第 3 行，原因 reason",
        "第 4 行，药品代码 drug_code",
    }
    with snapshot(world.engine) as session:
        assert session.scalar(select(func.count()).select_from(SurveyAnswer)) == 0


def test_reminders_go_to_those_who_have_not_answered_and_closing_comes_in_time(world, tmp_path):
    survey_id = world.open(days=10, remind=(5, 1))
    world.answer(survey_id, world.hospitals[0], row())
    world.moment += timedelta(days=5, minutes=1)
    work(world, tmp_path)
    assert len(notices_of(world, world.hospitals[0])) == 1
    assert [text.startswith("提醒") for text in notices_of(world, world.hospitals[1])] == [
        False,
        True,
    ]
    assert notices_of(world, world.officer) == []
    world.moment += timedelta(days=5)
    work(world, tmp_path)
    with snapshot(world.engine) as session:
        assert session.get_one(MonitoringSurvey, survey_id).status == SurveyStatus.CLOSED
    with pytest.raises(SurveyClosedError):
        world.answer(survey_id, world.hospitals[1], row())


def test_an_answer_after_the_time_is_too_late_even_if_no_job_has_closed_the_survey(world):
    survey_id = world.open()
    world.moment += timedelta(days=10)
    with pytest.raises(SurveyClosedError):
        world.answer(survey_id, world.hospitals[0], row())


def test_who_is_not_asked_finds_nothing(world):
    survey_id = world.open()
    with pytest.raises(NotFoundForActorError), transaction(world.engine) as session:
        answer_survey(
            session,
            survey_id=survey_id,
            organisation_id=world.other_maker.organisation_id,
            sent=sent_file(f"drug_code\n{CODES[0]}\n".encode(), link=Link.MAKER, file_name=""),
            actor=world.other_maker,
            moment=world.moment,
        )


def test_a_stale_page_closes_nothing(world):
    survey_id = world.open()
    with pytest.raises(StaleError), transaction(world.engine) as session:
        close_survey(
            session, survey_id=survey_id, version=9, actor=world.officer, moment=world.moment
        )


def test_leads_need_a_drug_a_source_and_what_they_say(world):
    survey_id = world.open()
    with pytest.raises(InvalidInputError) as refused:
        world.answer(survey_id, world.officer, {"drug": "", "out_of_stock": "是"})
    assert [fault.field for fault in refused.value.faults] == [
        "lines.1.drug",
        "lines.1.source",
        "lines.1.reason",
    ]
    lead = {"drug": "缬沙坦", "source": "热线", "reason": "买不到"}
    world.answer(survey_id, world.officer, lead, row(source="网络", reason="涨价"))
    with snapshot(world.engine) as session:
        assert [one.source for one in leads_of(session, survey_ids=[survey_id])] == ["热线", "网络"]


def brute(answers) -> dict[str, SupplySignals]:
    """Signals by drug, institution by institution."""
    found = {}
    for code in CODES:
        days, out, spoke, ordered, delivered, both = [], 0, 0, 0, 0, 0
        for rows in answers:
            own = [one for one in rows if one["drug_code"] == code]
            if not own:
                continue
            (one,) = own
            spoke += 1
            is_out = one.get("out_of_stock") == "是"
            out += is_out
            if "stock_days" in one:
                days.append(int(one["stock_days"]))
            elif is_out:
                days.append(0)
            if "ordered" in one and "delivered" in one:
                ordered += int(one["ordered"])
                delivered += int(one["delivered"])
                both += 1
        found[code] = SupplySignals(
            *(spoke, out, tuple(sorted(days)), ordered, delivered),
            stated_days=len(days),
            stated_deliveries=both,
        )
    return found


def some_rows(random: Random) -> list[dict[str, str]]:
    """What an institution may say."""
    rows = []
    for code in CODES:
        if random.random() < 0.2:
            continue
        cells = row(code)
        if random.random() < 0.5:
            cells |= {"out_of_stock": "是", "reason": "停产"}
        elif random.random() < 0.8:
            cells["stock_days"] = str(random.randint(0, 60))
        if random.random() < 0.7:
            cells |= {"ordered": str(random.randint(0, 99)), "delivered": "3"}
        elif random.random() < 0.5:
            cells["ordered"] = "5"
        rows.append(cells)
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_signals_are_those_of_a_loop_over_all_answers(world, seed):
    random = Random(seed)  # noqa: S311 - not for secrets
    survey_id = world.open()
    answers = []
    for who in (*world.hospitals, world.pharmacy):
        answers.append(some_rows(random))
        world.answer(survey_id, who, *answers[-1])
    # What suppliers say of the same packs is not counted again.
    world.answer(survey_id, world.maker, row(ordered="1000", delivered="0"))
    with snapshot(world.engine) as session:
        found = signals_of(session, survey_ids=[survey_id])
    expected = brute(answers)
    for code, generic in zip(CODES, world.generic_ids, strict=True):
        assert found.get(generic, SupplySignals()) == expected[code]
