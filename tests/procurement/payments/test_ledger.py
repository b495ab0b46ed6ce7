"""The ledger in the database: the same rules as in memory, nothing changed, all of it checked."""

import os
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from procurement.accounts.tables import Organisation, OrganisationKind
from procurement.database import snapshot, transaction
from procurement.payments.account_kinds import Account, AccountKind, Fund
from procurement.payments.ledger import NewPosting, balance, post, posting_with, take_back
from procurement.payments.ledger_checks import verify
from procurement.payments.rules.events import Event, fund_owes, goods_received
from procurement.payments.rules.ledger import (
    AlreadyTakenBackError,
    BadAmountError,
    KeyReusedError,
    merged,
)
from procurement.payments.tables import LedgerEntry, LedgerPosting
from tests.procurement.payments.rules.economy import AGENCIES, HOSPITALS, SELLERS, Economy

MOMENT = datetime(2027, 4, 1, tzinfo=UTC)
EVENTS = int(os.environ.get("JICAI_DATABASE_EVENTS", "3000"))
BURST = 250
AMOUNT = Decimal("12.3456")


class DatabaseBook:
    """The book that the economy writes, in a session."""

    def __init__(self, session):
        self.session = session
        self.owners = None

    def post(self, key, entries):
        new = NewPosting(kind=Event.GOODS_RECEIVED, key=key, subject="x", entries=merged(entries))
        return post(self.session, new=new, actor=None, moment=MOMENT)

    def take_back(self, key):
        posting = posting_with(self.session, key=key)
        assert posting is not None
        return take_back(self.session, posting=posting, memo="", actor=None, moment=MOMENT)

    def balance(self, account):
        return balance(self.session, account=account)

    def faults(self):
        return verify(self.session)


@pytest.fixture
def books(engine):
    """A database that knows the organisations of the economy."""
    with transaction(engine) as session:
        rows = [
            {
                "id": one,
                "kind": OrganisationKind.HOSPITAL,
                "name": f"单位{one}",
                "short_name": f"单位{one}",
                "region": "340100",
                "is_active": True,
                "registered_at": MOMENT,
                "version": 1,
            }
            for one in (*HOSPITALS, *AGENCIES, *SELLERS)
        ]
        session.execute(insert(Organisation), rows)
    return engine


def goods(key="goods/1", amount=AMOUNT):
    entries = goods_received(HOSPITALS[0], SELLERS[0], amount)
    return NewPosting(kind=Event.GOODS_RECEIVED, key=key, subject="invoice/1", entries=entries)


def test_the_ledger_in_the_database_conserves_money_over_any_events(books):
    random = np.random.default_rng(20_270_401)
    economy = Economy(None)
    for _ in range(-(-EVENTS // BURST)):
        with transaction(books) as session:
            economy.book = DatabaseBook(session)
            economy.run(random, BURST)
            economy.check()
    assert economy.number >= EVENTS
    with snapshot(books) as session:
        assert verify(session, deep=True) == []


def test_an_event_is_posted_once_and_another_under_its_key_is_refused(books):
    with transaction(books) as session:
        first = post(session, new=goods(), actor=None, moment=MOMENT)
        assert post(session, new=goods(), actor=None, moment=MOMENT) is first
        with pytest.raises(KeyReusedError):
            post(session, new=goods(amount=Decimal(1)), actor=None, moment=MOMENT)
        owed = Account(AccountKind.OWED_TO_SELLER, HOSPITALS[0], SELLERS[0])
        assert balance(session, account=owed) == -AMOUNT


def test_a_posting_is_taken_back_once_by_one_that_names_it(books):
    with transaction(books) as session:
        first = post(session, new=goods(), actor=None, moment=MOMENT)
        back = take_back(session, posting=first, memo="发票作废", actor=None, moment=MOMENT)
        assert back.corrects_id == first.id
        for one in (first, back):
            with pytest.raises(AlreadyTakenBackError):
                take_back(session, posting=one, memo="", actor=None, moment=MOMENT)
        assert verify(session, deep=True) == []


@pytest.mark.parametrize("amount", ["0.00001", "10000000000000.01", "NaN"])
def test_what_the_books_cannot_keep_is_refused_and_never_wrapped(books, amount):
    with transaction(books) as session:
        with pytest.raises(BadAmountError):
            post(session, new=goods(amount=Decimal(amount)), actor=None, moment=MOMENT)
        assert session.query(LedgerPosting).count() == 0


@pytest.mark.parametrize("table", ["ledger_posting", "ledger_entry"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_nothing_that_is_posted_is_changed(books, table, change):
    with transaction(books) as session:
        post(session, new=goods(), actor=None, moment=MOMENT)
    with pytest.raises(IntegrityError), transaction(books) as session:
        session.execute(text(change.format(table)))


def test_verifying_finds_what_was_written_past_the_rules(books):
    with transaction(books) as session:
        posting = post(
            session,
            new=NewPosting(
                kind=Event.FUND_OWES,
                key="owes",
                subject="x",
                entries=fund_owes(AGENCIES[0], HOSPITALS[0], Fund.EMPLOYEE, Decimal(5)),
            ),
            actor=None,
            moment=MOMENT,
        )
        entry = session.query(LedgerEntry).filter_by(posting_id=posting.id)[0]
        session.add(
            LedgerEntry(
                posting_id=posting.id, account_id=entry.account_id, amount=Decimal("0.0001")
            )
        )
        session.flush()
        kinds = {fault.kind for fault in verify(session, deep=True)}
        assert kinds == {"unbalanced", "total", "digest"}
        session.rollback()
