"""Surveys and the shortage list by machine."""

from dataclasses import dataclass
from datetime import date, datetime

from litestar import get, post
from litestar.params import JSONBody
from msgspec import UNSET, Struct, UnsetType, to_builtins

from procurement.monitoring.shortages.deciding import shortages_on
from procurement.monitoring.states import Link
from procurement.monitoring.subjects import find_survey
from procurement.monitoring.surveys.answering import answer_survey, sent_rows
from procurement.monitoring.surveys.forms import COLUMNS
from procurement.monitoring.surveys.listing import addressee_of, surveys_asking
from procurement.permissions import Action, NotFoundForActorError, Subject
from procurement.web import PageNumber, RowId, Visit, paginate, reads, writes

TAGS = ["monitoring"]
PATH = "/api/v1/monitoring/surveys"


@dataclass(frozen=True, slots=True)
class SurveyEntry:
    """A survey that asks the own organisation.

    Attributes:
        id: Names it in addresses.
        month: First day of the month that is asked about.
        link: As which of the five links it asks.
        status: open or closed.
        closes_at: Until when.
        answers: How many revisions were sent; the newest counts.
        columns: Fields of a line.
    """

    id: int
    month: date
    link: str
    status: str
    closes_at: datetime
    answers: int
    columns: list[str]


@dataclass(frozen=True, slots=True)
class SurveyPage:
    """Some surveys, newest first.

    Attributes:
        items: Surveys of this page.
        page: From 1.
        pages: How many there are.
    """

    items: list[SurveyEntry]
    page: int
    pages: int


class LineBody(Struct, forbid_unknown_fields=True):
    """What is said about one drug; numbers and prices as text.

    Attributes:
        drug_code: National drug code.
        maker: As written; the catalogue's unless given.
        price: Yuan a pack: ex-factory price of makers, else purchase price.
        sale_price: Yuan a pack: listing price of makers, supply price of distributors, retail.
        ordered: Packs.
        delivered: Packs.
        stock_days: How long the stock lasts.
        out_of_stock: yes or no.
        reason: Needed where it is out of stock.
    """

    drug_code: str
    maker: str | UnsetType = UNSET
    price: str | UnsetType = UNSET
    sale_price: str | UnsetType = UNSET
    ordered: str | UnsetType = UNSET
    delivered: str | UnsetType = UNSET
    stock_days: str | UnsetType = UNSET
    out_of_stock: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class AnswerBody(Struct, forbid_unknown_fields=True):
    """An answer.

    Attributes:
        lines: None of them says that there is nothing to report.
    """

    lines: list[LineBody]


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """An answer that was taken.

    Attributes:
        revision: From 1.
        lines: Drugs.
        digest: SHA-256 of what was said.
        sent_at: When.
    """

    revision: int
    lines: int
    digest: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ShortageEntry:
    """A drug on a shortage list.

    Attributes:
        drug: Generic name.
        form: Dosage form as printed.
        region: Division code.
        light: none, yellow, red or conditional.
        since: When it came onto the list.
        reason: Why.
    """

    drug: str
    form: str
    region: str
    light: str
    since: datetime
    reason: str


@get(PATH, tags=TAGS)
@reads
def list_surveys(visit: Visit, page: PageNumber = 1) -> SurveyPage:
    """List the surveys that ask the own organisation."""
    own = visit.actor.organisation_id
    visit.require(Action.ANSWER_SURVEY, Subject(organisation_id=own))
    found = paginate(visit.session, surveys_asking(organisation_id=own or 0), number=page)
    items = [
        SurveyEntry(
            survey.id,
            survey.month,
            asked.link,
            survey.status,
            survey.closes_at,
            asked.answers,
            [one.key for one in COLUMNS[Link(asked.link)]],
        )
        for survey, asked in found.rows
    ]
    return SurveyPage(items, found.number, found.count)


@post(PATH + "/{survey_id:int}/answers", tags=TAGS)
@writes
def send_answer(visit: Visit, survey_id: RowId, data: JSONBody[AnswerBody]) -> AnswerEntry:
    """Send what the own organisation says; it takes the place of what it said before."""
    visit.require_ever(Action.ANSWER_SURVEY)
    survey = find_survey(visit.session, survey_id=survey_id)
    own = visit.actor.organisation_id
    asked = addressee_of(visit.session, survey_id=survey.id, organisation_id=own)
    if asked is None or asked.link == Link.OPINION:
        raise NotFoundForActorError
    visit.require(Action.ANSWER_SURVEY, Subject(organisation_id=asked.organisation_id))
    records = [to_builtins(line) for line in data.lines]
    answer = answer_survey(
        visit.session,
        survey_id=survey.id,
        organisation_id=asked.organisation_id,
        sent=sent_rows(records, link=Link(asked.link)),
        actor=visit.actor,
        moment=visit.moment,
    )
    return AnswerEntry(answer.revision, answer.lines, answer.digest, answer.sent_at)


@get("/api/v1/monitoring/shortages", tags=TAGS)
@reads
def list_shortages(visit: Visit) -> list[ShortageEntry]:
    """List the drugs in short supply with their lights; for everybody."""
    visit.require(Action.READ_MONITORING_REPORT, Subject(is_public=True))
    return [
        ShortageEntry(
            one.generic.name,
            one.generic.printed_form,
            one.decision.region,
            one.decision.light,
            one.since,
            one.decision.reason,
        )
        for one in shortages_on(visit.session)
    ]


ROUTES = (list_surveys, send_answer, list_shortages)
"""Handlers of the interface."""
