"""Double entry: what a posting must be, a book in memory, and what can be wrong with one.

A posting sums to zero, and so does the part of it in each owner's books. Nothing is changed: a
correction takes a posting back by a new one with the opposite entries, which names it.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from procurement.errors import RefusedError
from procurement.payments.account_kinds import (
    ACCOUNT_NAMES,
    MIRRORS,
    NEVER_NEGATIVE,
    NEVER_POSITIVE,
    Account,
)

STEP = Decimal("0.0001")
"""The smallest amount: 1/10,000 yuan."""
AMOUNT_MAX = Decimal(10) ** 13
"""The largest amount of one entry, in yuan."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a posting: debit positive, credit negative."""

    account: Account
    amount: Decimal


class UnbalancedError(RefusedError):
    """A posting does not sum to zero, as a whole or in somebody's books."""

    def __init__(self, key: str, difference: Decimal) -> None:
        """Keep which and by how much."""
        super().__init__(
            zh=f"记账凭证 {key} 借贷不平，相差 {difference} 元；未记账。",
            en=f"posting {key} does not balance: it is {difference} yuan off; nothing was posted",
        )
        self.key = key
        self.difference = difference


class BadAmountError(RefusedError):
    """An amount is zero, finer than 0.0001 yuan, or too large for the books."""

    def __init__(self, amount: Decimal) -> None:
        """Keep it."""
        super().__init__(
            zh=f"金额 {amount} 不能记账：须不为零、至多四位小数、不超过 10 万亿元。",
            en=f"{amount} cannot be posted: expected an amount other than zero, with at most four "
            "decimals, up to 10 trillion yuan",
        )
        self.amount = amount


class KeyReusedError(RefusedError):
    """An event that is posted already came again with other entries."""

    def __init__(self, key: str) -> None:
        """Keep it."""
        super().__init__(
            zh=f"{key} 已经记账，且金额或科目不同；未重复记账。",
            en=f"{key} is posted already, with other entries; it was not posted again",
        )
        self.key = key


class AlreadyTakenBackError(RefusedError):
    """A posting was taken back before, or is itself a taking back."""

    def __init__(self, key: str) -> None:
        """Keep it."""
        super().__init__(
            zh=f"{key} 已经冲正，或本身即为冲正凭证。",
            en=f"{key} was taken back before, or takes another one back itself",
        )
        self.key = key


class OverdrawnError(RefusedError):
    """A posting would use more of an account than there is."""

    def __init__(self, account: Account, amount: Decimal) -> None:
        """Keep which and what its balance would be."""
        zh, en = ACCOUNT_NAMES[account.kind]
        super().__init__(
            zh=f"“{zh}”余额不足，记账后为 {amount} 元；未记账。",
            en=f"“{en}” does not hold that much: its balance would be {amount} yuan; nothing was "
            "posted",
        )
        self.account = account
        self.amount = amount


def has_possible_sign(account: Account, amount: Decimal) -> bool:
    """Whether an account of its kind can have that balance.

    Examples:
        >>> from procurement.payments.account_kinds import AccountKind
        >>> has_possible_sign(Account(AccountKind.RESERVE_MONEY, 1), Decimal("-0.01"))
        False
    """
    if account.kind in NEVER_NEGATIVE:
        return amount >= 0
    return amount <= 0 or account.kind not in NEVER_POSITIVE


def check_entries(key: str, entries: Iterable[Entry]) -> None:
    """Let the entries of a posting pass, or raise.

    Raises:
        BadAmountError: An amount cannot be kept.
        UnbalancedError: They do not sum to zero, together or in one owner's books.

    Examples:
        >>> from procurement.payments.account_kinds import AccountKind
        >>> goods = Account(AccountKind.GOODS, 1, 2)
        >>> check_entries("x", [Entry(goods, Decimal("5"))])
        Traceback (most recent call last):
        ...
        procurement.payments.rules.ledger.UnbalancedError: posting x does not balance: it is 5 \
yuan off; nothing was posted
    """
    by_owner: defaultdict[int, Decimal] = defaultdict(Decimal)
    for entry in entries:
        amount = entry.amount
        if not amount.is_finite() or not amount or abs(amount) > AMOUNT_MAX or amount % STEP:
            raise BadAmountError(amount)
        by_owner[entry.account.owner] += amount
    for difference in by_owner.values():
        if difference:
            raise UnbalancedError(key, difference)


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Add up entries of the same account, and leave out what comes to nothing."""
    sums: dict[Account, Decimal] = {}
    for entry in entries:
        sums[entry.account] = sums.get(entry.account, Decimal(0)) + entry.amount
    return tuple(Entry(account, amount) for account, amount in sums.items() if amount)


def opposite(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries that take others back."""
    return tuple(Entry(entry.account, -entry.amount) for entry in entries)


def digest_of(entries: Iterable[Entry]) -> str:
    """Return the SHA-256 of entries, whatever their order."""
    lines = sorted(f"{entry.account.code} {entry.amount.normalize():f}" for entry in entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that cannot be right in the books.

    Attributes:
        kind: ``unbalanced``, ``total``, ``mirror``, ``sign``, ``correction`` or ``digest``.
        zh: What is wrong, in Chinese.
        en: The same in English.
        posting_id: The posting, if it is one.
        amount: By how much, in yuan.
    """

    kind: str
    zh: str
    en: str
    posting_id: int | None = None
    amount: Decimal | None = None


def faults_of_balances(balances: Mapping[Account, Decimal]) -> Iterator[LedgerFault]:
    """Yield what is wrong with the balances of all accounts: their sum, mirrors, signs."""
    total = sum(balances.values(), Decimal(0))
    if total:
        said = f"全部账户合计 {total} 元，应为零。", f"all accounts sum to {total}, not zero"
        yield LedgerFault("total", *said, amount=total)
    for account, amount in balances.items():
        yield from _sign(account, amount)
        yield from _mirror(account, amount, balances)


def _sign(account: Account, amount: Decimal) -> Iterator[LedgerFault]:
    if not has_possible_sign(account, amount):
        zh, en = ACCOUNT_NAMES[account.kind]
        yield LedgerFault(
            "sign",
            f"“{zh}”（{account.code}）余额 {amount} 元，方向不可能。",
            f"“{en}” ({account.code}) has a balance of {amount}: more was used than there was",
            amount=amount,
        )


def _mirror(
    account: Account, amount: Decimal, balances: Mapping[Account, Decimal]
) -> Iterator[LedgerFault]:
    partner = mirror_of(account)
    if partner is None:
        return
    difference = amount + balances.get(partner, Decimal(0))
    # Seen from both sides it is told once, by the agency's account where there is one.
    if difference and (account.kind in MIRRORS or partner not in balances):
        yield LedgerFault(
            "mirror",
            f"{account.code} 与 {partner.code} 不符，相差 {difference} 元。",
            f"{account.code} and {partner.code} differ by {difference}",
            amount=difference,
        )


_BACK = {there: here for here, there in MIRRORS.items()}


def mirror_of(account: Account) -> Account | None:
    """Return the account in the counterpart's books that says the opposite, if there is one."""
    kind = MIRRORS.get(account.kind) or _BACK.get(account.kind)
    if kind is None or account.counterpart is None:
        return None
    return Account(kind, account.counterpart, account.owner, account.fund)


@dataclass(slots=True)
class Posted:
    """A posting in a `Book`."""

    key: str
    entries: tuple[Entry, ...]
    corrects: str | None = None


@dataclass(slots=True)
class Book:
    """A ledger in memory with the rules of the one in the database: for tests and simulations.

    Examples:
        >>> from procurement.payments.rules.events import goods_received
        >>> book = Book()
        >>> posted = book.post("invoice/1", goods_received(1, 2, Decimal("9.5")))
        >>> book.post("invoice/1", goods_received(1, 2, Decimal("9.5"))) is posted
        True
        >>> reversal = book.take_back("invoice/1")
        >>> list(book.faults()), book.postings["invoice/1/back"].corrects
        ([], 'invoice/1')
    """

    postings: dict[str, Posted] = field(default_factory=dict)
    balances: dict[Account, Decimal] = field(default_factory=dict)
    _taken_back: set[str] = field(default_factory=set)

    def post(self, key: str, entries: Iterable[Entry], *, corrects: str | None = None) -> Posted:
        """Post an event; one that is posted already is returned as it is.

        Raises:
            KeyReusedError: It is posted with other entries.
            UnbalancedError: It does not sum to zero.
            BadAmountError: An amount cannot be kept.
            OverdrawnError: It uses more than there is.
        """
        wanted = merged(entries)
        known = self.postings.get(key)
        if known is not None:
            if digest_of(known.entries) != digest_of(wanted):
                raise KeyReusedError(key)
            return known
        check_entries(key, wanted)
        after = {one.account: self.balance(one.account) + one.amount for one in wanted}
        for account, amount in after.items():
            if not has_possible_sign(account, amount):
                raise OverdrawnError(account, amount)
        posted = Posted(key, wanted, corrects)
        self.postings[key] = posted
        self.balances |= after
        return posted

    def take_back(self, key: str) -> Posted:
        """Post the opposite of a posting, once.

        Raises:
            AlreadyTakenBackError: It was taken back, or takes another one back.
            OverdrawnError: What it brought was used since.
        """
        posted = self.postings[key]
        if key in self._taken_back or posted.corrects is not None:
            raise AlreadyTakenBackError(key)
        reversal = self.post(f"{key}/back", opposite(posted.entries), corrects=key)
        self._taken_back.add(key)
        return reversal

    def balance(self, account: Account) -> Decimal:
        """Return what an account holds."""
        return self.balances.get(account, Decimal(0))

    def faults(self) -> Iterator[LedgerFault]:
        """Yield everything that cannot be right; an entry is added up again from the postings."""
        again: dict[Account, Decimal] = {}
        for number, posted in enumerate(self.postings.values(), start=1):
            difference = sum((entry.amount for entry in posted.entries), Decimal(0))
            if difference:
                said = f"凭证 {posted.key} 不平。", f"posting {posted.key} does not balance"
                yield LedgerFault("unbalanced", *said, posting_id=number, amount=difference)
            for entry in posted.entries:
                again[entry.account] = again.get(entry.account, Decimal(0)) + entry.amount
        if again != self.balances:
            yield LedgerFault("total", "余额与分录不符。", "balances are not the entries' sums")
        yield from faults_of_balances(again)
