"""Every role's pages on rounds in several states: whole, readable, and within the budget.

The same walk takes the pictures of the help pages.
"""

import pytest
from playwright.sync_api import Page, Response

from tests.browser.accessibility import grave_findings, overflow
from tests.browser.guests import Guests
from tests.browser.looking import DESK, PHONE, arrive
from tests.browser.pictures import help_picture

TEXT_PAGE_BYTES_MAX = 150_000
# The pages that seal and open load a library of cryptography besides.
SEALING_PAGE_BYTES_MAX = 450_000
SEALING = ("bid", "keys", "rehearsal", "opening", "receipts", "log", "reveal", "verify")

BIDDING_PAGES = [
    ("drafting officer", ""),
    ("drafting officer", "rounds"),
    ("drafting officer", "rounds/new"),
    ("drafting officer", "draft"),
    ("drafting officer", "draft/draft"),
    ("drafting officer", "draft/basics"),
    ("drafting officer", "draft/lots"),
    ("drafting officer", "draft/lots/new"),
    ("drafting officer", "draft/lots/import"),
    ("drafting officer", "draft/lots/L01"),
    ("drafting officer", "draft/timetable"),
    ("drafting officer", "draft/keyholders"),
    ("drafting officer", "draft/rules"),
    ("drafting officer", "draft/simulations"),
    ("drafting officer", "draft/document"),
    ("drafting officer", "draft/proposals/new/publish"),
    ("drafting officer", "catalogue"),
    ("drafting officer", "catalogue/import"),
    ("drafting officer", "catalogue/products/new"),
    ("drafting officer", "credit"),
    ("drafting officer", "credit/matters/new"),
    ("rehearsing officer", "ready/rehearsal"),
    ("officer", "bidding"),
    ("officer", "bidding/log"),
    ("officer", "organisations"),
    ("opening officer", "closed/opening"),
    ("opening officer", "closed/proposals/new/open-bids"),
    ("evaluator", "bidding/papers"),
    ("evaluator", "application"),
    ("supervisor", ""),
    ("supervisor", "audit"),
    ("supervisor", "audit/check"),
    ("administrator", "organisation"),
    ("administrator", "organisation/invite"),
    ("administrator", "organisation/edit"),
    ("administrator", "account"),
    ("administrator", "account/tokens"),
    ("administrator", "account/second-factor"),
    ("new keyholder", ""),
    ("new keyholder", "draft/keys"),
    ("keyholder", "closed/opening"),
    ("maker", ""),
    ("maker", "bidding"),
    ("maker", "bidding/bid"),
    ("maker", "bidding/papers"),
    ("applicant", "bidding/papers"),
    ("bidder", "closed/receipts"),
    ("bidder", "closed/log"),
    ("bidder", "closed/publications"),
    ("maker", "publications"),
    ("maker", "bidding/publications"),
    ("maker", "manufacturers"),
    ("maker", "verify"),
]
REPORTING_PAGES = [
    ("officer", "round/volumes"),
    ("officer", "round/volumes/reports"),
    ("officer", "round/volumes/missing"),
    ("officer", "round/volumes/base"),
    ("officer", "round/volumes/uploads"),
    ("officer", "report"),
    ("pharmacist", ""),
    ("pharmacist", "volumes"),
    ("pharmacist", "round"),
    ("pharmacist", "round/volumes"),
    ("pharmacist", "report/grid"),
    ("pharmacist", "report/check"),
    ("pharmacist", "report/upload"),
    ("lead pharmacist", "group/grid"),
    ("lead pharmacist", "group/split"),
]


def look(guests: Guests, who: str, place: str) -> None:
    """Look at one page in both languages, at a desk and on a phone."""
    with guests.signed_in(who) as page:
        sent: list[int] = []
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_bad(said) else None)
        page.on("requestfinished", lambda done: sent.append(done.sizes()["responseBodySize"]))
        answer = arrive(page, guests.at(place))
        _check(page, answer)
        _check_accessible(page)
        is_sealing = place.rsplit("/", 1)[-1] in SEALING
        assert sum(sent) <= (SEALING_PAGE_BYTES_MAX if is_sealing else TEXT_PAGE_BYTES_MAX)
        _check(page, arrive(page, guests.at(place, language="en")))
        assert complaints == []


def _is_bad(said: object) -> bool:
    return getattr(said, "type", "") == "error"


def _check(page: Page, answer: Response | None) -> None:
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == [], f"{width} px"


def _check_accessible(page: Page) -> None:
    # On the telephone, where it is now; and again as a table with its heads.
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        assert grave_findings(page) == [], f"{width} px"


@pytest.mark.parametrize(("who", "place"), BIDDING_PAGES)
def test_a_page_of_rounds_and_bids_reads_well(bidding: Guests, who: str, place: str):
    look(bidding, who, place)


@pytest.mark.parametrize(("who", "place"), REPORTING_PAGES)
def test_a_page_of_volume_reporting_reads_well(reporting: Guests, who: str, place: str):
    look(reporting, who, place)


# What stands at the top of each picture.
PICTURES = [
    ("officer-draft", "drafting officer", "draft/draft", "h1"),
    ("officer-publish", "opening officer", "closed/proposals/new/open-bids", "h1"),
    ("officer-opening", "opening officer", "closed/opening", "h1"),
    ("evaluator-papers", "evaluator", "application", "h1"),
    ("supervisor-audit", "supervisor", "audit", "h1"),
    ("manufacturer-papers", "applicant", "bidding/papers", "h1"),
    ("manufacturer-receipt", "bidder", "closed/receipts", "h1"),
    ("keyholder-key", "new keyholder", "draft/keys", "h2"),
    ("keyholder-opening", "keyholder", "closed/opening", ".checks"),
    ("observer-log", "bidder", "closed/log", "h1"),
    ("administrator-organisation", "administrator", "organisation", "h1"),
]
PICTURES_OF_REPORTING = [
    ("officer-review", "officer", "report", "h1"),
    ("hospital-calendar", "pharmacist", "volumes", "h1"),
    ("hospital-grid", "pharmacist", "report/grid", "h1"),
]


def take(guests: Guests, picture: tuple[str, str, str, str], language: str) -> None:
    """Take one picture."""
    name, who, place, of = picture
    with guests.signed_in(who) as page:
        arrive(page, guests.at(place, language=language))
        assert help_picture(page, name, of=of).is_file()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture[0])
def test_help_gets_its_picture(bidding: Guests, picture: tuple[str, str, str, str], language: str):
    take(bidding, picture, language)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("picture", PICTURES_OF_REPORTING, ids=lambda picture: picture[0])
def test_help_gets_its_picture_of_reporting(
    reporting: Guests, picture: tuple[str, str, str, str], language: str
):
    take(reporting, picture, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_gets_its_picture_of_a_bid_before_it_is_sealed(bidding: Guests, language: str):
    with bidding.signed_in("maker") as page:
        arrive(page, bidding.at("bidding/bid", language=language))
        for line, (units, price) in enumerate([("14", "98.00"), ("24", "6.72")]):
            box = page.locator("[data-line]").nth(line)
            box.locator("[data-field=units]").fill(units)
            box.locator("[data-field=price]").fill(price)
        page.locator("form[data-prices] [type=submit]").click()
        page.locator("[data-step=check]").wait_for(state="visible")
        assert help_picture(page, "manufacturer-seal", of="[data-step=check]").is_file()
