"""Column types that mean the same on SQLite and PostgreSQL, and the base of all tables."""

import hashlib
from datetime import UTC, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from procurement.errors import JicaiError

# Every constraint gets a name, the same on every machine, so that a migration can drop it.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

MONEY_DECIMALS = 4
INT64_MAX = 2**63 - 1
MONEY_MAX = Decimal(10) ** 13
"""Largest amount of one row, in yuan: ninety such rows still add up within an int64."""

# Every conversion is exact or fails, whatever the caller's decimal context is.
_EXACT = Context(prec=40, traps=[Inexact, InvalidOperation])


class Base(DeclarativeBase):
    """Base of the tables of every stage."""

    metadata = metadata


class InexactMoneyError(JicaiError, ValueError):
    """An amount cannot be stored without changing it."""

    def __init__(self, amount: object) -> None:
        """Keep the refused amount."""
        super().__init__(
            f"{amount!r} cannot be stored exactly: expected a Decimal in yuan with at most "
            f"{MONEY_DECIMALS} decimals, below 922 trillion"
        )
        self.amount = amount


class NaiveMomentError(JicaiError, ValueError):
    """A moment without a time zone: nobody can tell when it was."""

    def __init__(self, moment: datetime) -> None:
        """Keep the refused moment."""
        super().__init__(f"{moment.isoformat()} has no time zone")
        self.moment = moment


class Money(TypeDecorator[Decimal]):
    """An amount in yuan, kept as a 64-bit count of 1/10,000 yuan (0.01 分).

    Python sees ``Decimal`` and the database integers, which every engine adds exactly; SQLite's
    own NUMERIC is a binary float. Floats, integers (yuan, or counts?) and amounts with more than
    four decimals are refused. Give each column a range with `money_range`.

    Examples:
        >>> Money().process_bind_param(Decimal("0.0912"), None)
        912
        >>> Money().process_result_value(912, None)
        Decimal('0.0912')
        >>> Money().process_bind_param(0.0912, None)
        Traceback (most recent call last):
        ...
        procurement.database.columns.InexactMoneyError: 0.0912 cannot be stored exactly: expected \
a Decimal in yuan with at most 4 decimals, below 922 trillion
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect | None) -> int | None:
        """Turn yuan into the stored count.

        Raises:
            InexactMoneyError: The amount is not a Decimal, not finite, finer than 0.0001 yuan, or
                too large for 64 bits.
        """
        if value is None:
            return None
        if not isinstance(value, Decimal) or not value.is_finite():
            raise InexactMoneyError(value)
        try:
            count = value.scaleb(MONEY_DECIMALS, _EXACT).to_integral_exact(context=_EXACT)
        except (Inexact, InvalidOperation) as error:
            raise InexactMoneyError(value) from error
        if abs(count) > INT64_MAX:
            raise InexactMoneyError(value)
        return int(count)

    def process_result_value(
        self, value: int | Decimal | None, dialect: Dialect | None
    ) -> Decimal | None:
        """Turn the stored count, or PostgreSQL's Decimal sum of counts, into yuan."""
        if value is None:
            return None
        return Decimal(value).scaleb(-MONEY_DECIMALS, _EXACT)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so that it is added on the way back.

    Examples:
        >>> Moment().process_result_value(datetime(2026, 11, 22, 3, 6), None).isoformat()
        '2026-11-22T03:06:00+00:00'
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect | None
    ) -> datetime | None:
        """Turn any aware moment into UTC.

        Raises:
            NaiveMomentError: The moment has no time zone.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveMomentError(value)
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect | None
    ) -> datetime | None:
        """Return the moment in UTC, also where the server's session has another time zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DecimalText(TypeDecorator[Decimal]):
    """A decimal kept as text, exactly as written: ratios, shares, conversion factors.

    Never sum or compare it in the database; amounts of money are `Money`.

    Examples:
        >>> DecimalText().process_bind_param(Decimal("0.50"), None)
        '0.50'
    """

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect | None) -> str | None:
        """Turn the decimal into text without an exponent."""
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect | None) -> Decimal | None:
        """Turn the text back into the same decimal."""
        return None if value is None else Decimal(value)


def money_range(
    column: str, *, minimum: Decimal = Decimal(0), maximum: Decimal = MONEY_MAX
) -> CheckConstraint:
    """Make the CHECK that keeps a money column within a range, by default 0 to `MONEY_MAX`.

    Choose the range so that a row's product with its quantity, and the largest sum that is ever
    taken, stay below 2^63 counts (922 trillion yuan).

    Args:
        column: Name of the column.
        minimum: Lowest amount allowed, in yuan.
        maximum: Highest amount allowed, in yuan.

    Returns:
        The constraint, to be given to the column or to the table.

    Raises:
        InexactMoneyError: A bound has more than four decimals.

    Examples:
        >>> print(money_range("price", maximum=Decimal("99.5")).sqltext)
        price BETWEEN 0 AND 995000
    """
    to_count = Money().process_bind_param
    low, high = to_count(minimum, None), to_count(maximum, None)
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=f"{column}_range")


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal (64 characters).

    Examples:
        >>> text_digest("{}")[:16]
        '44136fa355b3678a'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
