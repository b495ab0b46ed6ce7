"""The pages, files and interface of convenience pharmacies."""

import csv
import io
from datetime import timedelta

from procurement.catalogue.spreadsheets import as_csv
from procurement.database import snapshot, transaction
from procurement.orders.offers import offers_for
from procurement.pharmacies.convenience.checking import check_prices
from procurement.pharmacies.convenience.listing import page_of_pharmacies
from procurement.pharmacies.places.tables import Place
from tests.procurement.pharmacies.convenience.test_convenience import (
    HEADING,
    LINE,
    keep,
    record_winner,
    strength_of,
)
from tests.procurement.pharmacies.coverage.world import give_sign
from tests.procurement.pharmacies.finder.world import (
    CODE,
    FIRST,
    MOMENT,
    OTHER,
    SECOND,
    SECOND_CODE,
    TODAY,
)

PAGE = f"/convenience/{FIRST}"
API_PAGE = f"/convenience/pharmacies/{FIRST}"


def test_anybody_sees_pharmacies_and_their_prices(world, platform):
    give_sign(world, FIRST)
    keep(world, LINE)
    public = platform.nobody()
    assert "大药房人民路店" in public.get("/convenience?region=341500").text
    assert "大药房人民路店" not in public.get("/convenience?region=320000").text
    page = public.get(PAGE).text
    for words in ("奥希替尼片剂", "4,400.00", "4,500.00", "高于采购价"):
        assert words in page, words
    rows = list(csv.reader(io.StringIO(public.get(f"{PAGE}/prices.csv").text.lstrip("\ufeff"))))
    assert rows[1][4:7] == ["4400.0000", "4500.0000", "4500.0000"]
    assert "convenience pharmacy" in platform.nobody().get(f"{PAGE}?lang=en").text.lower()
    assert public.get("/convenience/P00000000000").status_code == 404


def test_lists_are_read_a_page_at_a_time(world, platform):
    for code in (FIRST, SECOND, OTHER):
        give_sign(world, code)
    public, address, found = platform.nobody(), "/api/v1/convenience/regions/340000", []
    cursor = ""
    while cursor is not None:
        tail = f"&cursor={cursor}" if cursor else ""
        part = public.get(f"{address}?page_size=1{tail}").json()
        found.append([one["code"] for one in part["items"]])
        cursor = part["next_cursor"]
    assert found == [[FIRST], [SECOND], [OTHER]]
    assert public.get("/api/v1/convenience/regions/99").status_code == 404
    page = public.get("/convenience?region=340000").text
    assert page.index(f"/convenience/{FIRST}") < page.index(f"/convenience/{SECOND}")
    with snapshot(world.engine) as session:
        part = page_of_pharmacies(session, region="340000", day=TODAY, number=9)
    assert (part.number, part.total) == (1, 3)
    assert [one.place.institution_code for one in part.rows] == sorted([FIRST, SECOND, OTHER])


def test_a_list_tells_only_of_the_newest_check(world):
    give_sign(world, FIRST)
    record_winner(world, CODE, "4500.00")
    for price, hours in (("4600.00", 0), ("4500.00", 1)):
        keep(world, [CODE, price, price, "2026-11-20"])
        with transaction(world.engine) as session:
            check_prices(
                session,
                place=session.get_one(Place, world.places[FIRST]),
                actor=world.actors["officer"],
                moment=MOMENT + timedelta(hours=hours),
            )
    with snapshot(world.engine) as session:
        (one,) = page_of_pharmacies(session, region="340000", day=TODAY, number=1).rows
    assert (one.packs, one.too_dear, one.checked_at) == (1, 0, MOMENT + timedelta(hours=1))


def test_prices_of_undisclosed_rounds_are_shown_to_nobody(world, platform):
    give_sign(world, FIRST)
    record_winner(world, SECOND_CODE, "123.00", is_public=False)
    keep(world, [SECOND_CODE, "100.00", "87.00", "2026-11-20"])
    public = platform.nobody()
    page = public.get(PAGE).text
    assert "未公开" in page and "123.00" not in page and "87.00" not in page
    answers = (public.get(f"{PAGE}/prices.csv"), public.get(f"/api/v1{API_PAGE}"))
    for answer in answers:
        assert answer.status_code == 200
        assert "100.00" in answer.text
        assert "123.00" not in answer.text and "87.00" not in answer.text


def test_a_keeper_sends_its_counter_and_sees_every_fault(world, visitor):
    give_sign(world, FIRST)
    desk = visitor("chain")
    good = as_csv([HEADING, LINE])
    assert desk.get(f"{PAGE}/counter").status_code == 200
    sent = desk.post(f"{PAGE}/counter", files={"file": ("counter.csv", good, "text/csv")})
    assert sent.status_code == 303
    bad = as_csv([HEADING, ["X", "0", "", "soon"]])
    refused = desk.post(f"{PAGE}/counter", files={"file": ("counter.csv", bad, "text/csv")})
    assert refused.status_code == 422 and refused.text.count("第 2 行") >= 3
    assert visitor("other").get(f"{PAGE}/counter").status_code == 404
    assert visitor("officer").get(f"{PAGE}/counter").status_code == 403


def test_a_keeper_reports_the_need_and_the_bureau_sees_the_sum(world, visitor):
    give_sign(world, FIRST)
    keep(world, LINE)
    desk, field = visitor("chain"), f"units-{strength_of(world)}"
    assert "2027Q1" in desk.get("/convenience/need").text
    address = f"/convenience/need?place={FIRST}&quarter=2027Q1"
    wrong = desk.post(address, data={field: "many", "version": "0"})
    assert wrong.status_code == 422 and 'value="many"' in wrong.text
    assert desk.post(address, data={field: "600", "version": "0"}).status_code == 303
    stale = desk.post(address, data={field: "700", "version": "0"})
    assert stale.status_code == 409 and 'value="700"' in stale.text
    assert "已按时报送" in desk.get(address).text
    officer = visitor("officer")
    assert "600" in officer.get("/convenience/needs").text
    assert "600" in officer.get("/convenience/needs.csv").text
    assert visitor("far officer").get("/convenience/needs?region=341500").status_code == 404
    assert visitor("other").get(f"/convenience/need?place={FIRST}").status_code == 404


def test_an_officer_checks_judges_and_removes(world, visitor):
    give_sign(world, FIRST)
    keep(world, [CODE, "4600.00", "", "2026-11-20"])
    desk = visitor("officer")
    assert "待检查" in desk.get("/convenience/checks").text
    assert desk.post(f"{PAGE}/check", data={}).status_code == 303
    assert "价格过高" in desk.get("/convenience/checks").text
    assert "未按时" in desk.get(f"{PAGE}/years").text
    form = {"year": "2026", "completion": "0.9", "sales": "12000", "basis": ""}
    assert desk.post(f"{PAGE}/years", data=form).status_code == 422
    assert desk.post(f"{PAGE}/years", data={**form, "basis": "台账"}).status_code == 303
    years = desk.get(f"{PAGE}/years").text
    assert "应当摘牌" in years and "决定摘牌" in years
    removal = {"version": "1", "document": "皖医保〔2026〕9号", "happens_on": TODAY.isoformat()}
    no_day = desk.post(f"{PAGE}/removal", data={**removal, "happens_on": ""})
    assert no_day.status_code == 422
    assert desk.post(f"{PAGE}/removal", data=removal).status_code == 303
    assert "当前不是便民药店" in desk.get(PAGE).text
    assert visitor("far officer").get(f"{PAGE}/years").status_code == 404


def test_machines_read_prices_and_report_needs(world, visitor):
    give_sign(world, FIRST)
    keep(world, LINE)
    machine = visitor("chain", machine=True)
    one = machine.get(f"/api/v1/convenience/pharmacies/{FIRST}").json()
    assert one["items"][0]["sale_price"] == "4500.0000"
    assert machine.get("/api/v1/convenience/regions/341500").json()["items"][0]["code"] == FIRST
    address = f"/api/v1/convenience/pharmacies/{FIRST}/needs/2027Q1"
    body = {"lines": [{"strength_id": strength_of(world), "units": 30}]}
    assert machine.post(address, json=body).json()["is_in_time"] is True
    assert machine.post(address, json={"lines": [], "version": 1}).status_code == 422
    officer = visitor("officer", machine=True)
    sums = officer.get("/api/v1/convenience/regions/340000/needs/2027Q1").json()
    assert sums["items"][0]["units"] == 30
    assert officer.get("/api/v1/convenience/regions/340000/needs/2027").status_code == 422


def test_a_pharmacy_with_the_sign_orders_as_hospitals_do_and_others_do_not(world, visitor):
    give_sign(world, FIRST)
    chain = world.actors["chain"].organisation_id
    with snapshot(world.engine) as session:
        (offer,) = offers_for(session, hospital_id=chain, day=TODAY)
    assert offer.product.startswith("奥希替尼")
    desk = visitor("chain")
    page = desk.get("/orders/new")
    assert page.status_code == 200 and "奥希替尼" in page.text
    assert visitor("other").get("/orders/new").status_code in (409, 422)
