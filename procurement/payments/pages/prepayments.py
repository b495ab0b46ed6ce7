"""Prepayments of rounds and revolving money: giving, passing on, what is left."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

from litestar import Response, get, post

from procurement.errors import FieldFault, InvalidInputError, RefusedError
from procurement.payments.pages.finding import (
    names_of,
    one_of,
    own_subject,
    seen_by,
    shown,
    typed,
    typed_day,
)
from procurement.payments.pages.months import rulebook_title
from procurement.payments.pages.parameters import fields_of, not_stated, read_parameters
from procurement.payments.prepaying import Given, PassedOn, give_prepayment, record_pass
from procurement.payments.reading.months import hospitals_of_region
from procurement.payments.reading.prepayments import (
    PrepaymentShown,
    distributors_offered,
    find_prepayment,
    prepayments_seen,
    revolving_seen,
    suppliers_of,
    terms_offered,
)
from procurement.payments.reading.scope import Side
from procurement.payments.revolving import RevolvingGiven, give_revolving
from procurement.payments.stated import PREPAYMENT, offered_rulebooks, open_parameters
from procurement.payments.states import PassStep
from procurement.permissions import Action, NotFoundForActorError
from procurement.rounds.at_edge import FormReader, attempt
from procurement.web import RowId, Visit, reads, redirect, writes
from rulebooks import load_rulebook

HERE = "/payments/prepayments"
VOUCHER_BYTES_MAX = 10_000_000
REVOLVING = "revolving."


@get(HERE, include_in_schema=False)
@reads
def show_prepayments(visit: Visit) -> Response[Any]:
    """List prepayments and revolving money."""
    scope = seen_by(visit)
    return shown(
        visit,
        "prepayments",
        scope,
        rows=prepayments_seen(visit.session, scope=scope),
        advances=() if scope.side is Side.COMPANY else revolving_seen(visit.session, scope=scope),
        may_give=visit.may(Action.GIVE_PREPAYMENT, own_subject(visit)),
    )


def _is_revolving(rulebook: str) -> bool:
    book = load_rulebook(rulebook)
    return any(key.startswith(REVOLVING) for key in {*book.rules, *book.unknown})


@get("/payments/prepayments/new", include_in_schema=False)
@reads
def show_new(visit: Visit) -> Response[Any]:
    """Ask for a rulebook, then for what it leaves open."""
    visit.require(Action.GIVE_PREPAYMENT, own_subject(visit))
    return _new_page(visit, visit.query.get("rulebook", ""), None)


def _new_page(visit: Visit, rulebook: str, refusal: RefusedError | None) -> Response[Any]:
    scope, known = seen_by(visit), one_of(rulebook, offered_rulebooks(PREPAYMENT))
    terms = terms_offered(visit.session, scope=scope)
    return shown(
        visit,
        "prepayment_new",
        scope,
        refusal=refusal,
        rulebook=known,
        rulebooks=[(one, rulebook_title(visit, one)) for one in offered_rulebooks(PREPAYMENT)],
        is_revolving=bool(known) and _is_revolving(known),
        fields=fields_of(visit, known) if known else [],
        unknown=not_stated(visit, known) if known else [],
        takes_ratio=bool(known) and "prepay.ratio_min" in load_rulebook(known).rules,
        hospitals=[
            (one.id, one.name)
            for one in hospitals_of_region(visit.session, region=visit.actor.region)
        ],
        terms=[(term.id, f"{round_.title} · {term.number}") for term, round_ in terms],
        distributors=[
            (one.id, one.name) for one in distributors_offered(visit.session, scope=scope)
        ],
        values=visit.form if visit.form else visit.query,
    )


@post(HERE, include_in_schema=False)
@writes
def give(visit: Visit) -> Response[Any]:
    """Draft a prepayment or revolving money; another person confirms the instruction."""
    visit.require(Action.GIVE_PREPAYMENT, own_subject(visit))
    rulebook = visit.form.get("rulebook", "")

    def change() -> None:
        if rulebook not in offered_rulebooks(PREPAYMENT):
            raise InvalidInputError([FieldFault("rulebook", "请选择规则。", "Choose the rules.")])
        if _is_revolving(rulebook):
            _give_revolving(visit, rulebook)
        else:
            _give_prepayment(visit, rulebook)

    refusal = attempt(visit, change)
    return _new_page(visit, rulebook, refusal) if refusal else redirect(HERE)


def _hospital(visit: Visit, reader: FormReader) -> int:
    known = {one.id for one in hospitals_of_region(visit.session, region=visit.actor.region)}
    found = typed(visit.form.get("hospital_id"))
    if found not in known:
        fault = FieldFault("hospital_id", "请选择本地区的医疗机构。", "Choose a hospital.")
        reader.faults.append(fault)
    return found


def _give_prepayment(visit: Visit, rulebook: str) -> None:
    reader, form = FormReader(visit.form), visit.form
    hospital_id, percent = _hospital(visit, reader), reader.decimal("percent")
    term_id = typed(form.get("term_id"))
    offered = {term.id for term, _ in terms_offered(visit.session, scope=seen_by(visit))}
    if term_id not in offered:
        reader.faults.append(FieldFault("term_id", "请选择批次和协议期。", "Choose a term."))
    with reader.checked():
        if reader.faults:
            raise InvalidInputError(reader.faults)
        given = Given(
            agency_id=visit.actor.organisation_id or 0,
            hospital_id=hospital_id,
            term_id=term_id,
            rulebook=rulebook,
            document=form.get("document", ""),
            parameters=_parameters(visit, rulebook),
            ratio=None if percent is None else percent / 100,
            seller_id=typed(form.get("seller_id")) or None,
        )
        give_prepayment(visit.session, given=given, actor=visit.actor, moment=visit.moment)


def _parameters(visit: Visit, rulebook: str) -> dict[str, object]:
    found = read_parameters(visit, rulebook)
    return {key: value for key, value in found.items() if key in open_parameters(rulebook)}


def _give_revolving(visit: Visit, rulebook: str) -> None:
    reader, form = FormReader(visit.form), visit.form
    hospital_id, amount = _hospital(visit, reader), reader.decimal("amount")
    if amount is None and not form.get("amount"):
        reader.faults.append(FieldFault("amount", "请填写金额。", "Give an amount."))
    with reader.checked():
        if reader.faults:
            raise InvalidInputError(reader.faults)
        given = RevolvingGiven(
            agency_id=visit.actor.organisation_id or 0,
            hospital_id=hospital_id,
            agreement=form.get("agreement", ""),
            amount=amount or Decimal(0),
            document=form.get("document", ""),
            rulebook=rulebook,
            parameters=_parameters(visit, rulebook),
        )
        give_revolving(visit.session, given=given, actor=visit.actor, moment=visit.moment)


@get("/payments/prepayments/{prepayment_id:int}", include_in_schema=False)
@reads
def show_prepayment(visit: Visit, prepayment_id: RowId) -> Response[Any]:
    """Show a prepayment, and how it was passed on."""
    found = find_prepayment(visit.session, scope=seen_by(visit), prepayment_id=prepayment_id)
    return _one(visit, found, None)


def _steps(visit: Visit, found: PrepaymentShown) -> list[PassStep]:
    """The steps in which the visitor's organisation can pass the money on."""
    own, row = visit.actor.organisation_id, found.prepayment
    if own == row.hospital_id:
        return [PassStep.HOSPITAL_TO_DISTRIBUTOR]
    got = any(one.payee_id == own for one in found.passes)
    return [PassStep.DISTRIBUTOR_TO_MAKER] if got or own == row.seller_id else []


def _one(visit: Visit, found: PrepaymentShown, refusal: RefusedError | None) -> Response[Any]:
    suppliers = suppliers_of(visit.session, prepayment=found.prepayment)
    ids = [one for row in found.passes for one in (row.payer_id, row.payee_id)]
    return shown(
        visit,
        "prepayment",
        seen_by(visit),
        refusal=refusal,
        found=found,
        row=found.prepayment,
        names=names_of(visit, ids),
        rulebook=rulebook_title(visit, found.prepayment.rulebook),
        steps=_steps(visit, found),
        suppliers=[(one.id, one.name) for one in suppliers],
    )


@post("/payments/prepayments/{prepayment_id:int}/passes", include_in_schema=False)
@writes
def pass_on(visit: Visit, prepayment_id: RowId) -> Response[Any]:
    """Record that prepaid money was passed on, with the bank's voucher."""
    found = find_prepayment(visit.session, scope=seen_by(visit), prepayment_id=prepayment_id)
    steps = _steps(visit, found)
    if not steps:
        raise NotFoundForActorError

    def change() -> None:
        record_pass(
            visit.session,
            passed=_passed(visit, found, steps[0]),
            actor=visit.actor,
            moment=visit.moment,
        )

    refusal = attempt(visit, change)
    if refusal is not None:
        return _one(visit, found, refusal)
    return redirect(f"{HERE}/{found.prepayment.id}")


def _passed(visit: Visit, found: PrepaymentShown, step: PassStep) -> PassedOn:
    reader, form = FormReader(visit.form), visit.form
    amount, paid_on = reader.decimal("amount"), typed_day(form.get("paid_on"))
    upload, payee = form.files.get("file"), typed(form.get("payee_id"))
    known = {one.id for one in suppliers_of(visit.session, prepayment=found.prepayment)}
    if amount is None and not form.get("amount"):
        reader.faults.append(FieldFault("amount", "请填写金额。", "Give an amount."))
    if paid_on is None:
        reader.faults.append(FieldFault("paid_on", "请填写日期。", "Give a day."))
    if payee not in known:
        reader.faults.append(FieldFault("payee_id", "请选择收款单位。", "Choose a payee."))
    content = b"" if upload is None else upload.file.read(VOUCHER_BYTES_MAX + 1)
    if not 0 < len(content) <= VOUCHER_BYTES_MAX:
        fault = FieldFault("file", "请上传不超过 10 MB 的凭证。", "Send a voucher of up to 10 MB.")
        reader.faults.append(fault)
    if reader.faults or amount is None or paid_on is None:
        raise InvalidInputError(reader.faults)
    return PassedOn(
        prepayment_id=found.prepayment.id,
        step=step,
        payer_id=visit.actor.organisation_id or 0,
        payee_id=payee,
        amount=amount,
        paid_on=paid_on,
        voucher=form.get("voucher", ""),
        voucher_digest=sha256(content).hexdigest(),
    )


ROUTES = (show_prepayments, show_new, give, show_prepayment, pass_on)
"""Handlers of these pages."""
