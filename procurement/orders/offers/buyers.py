"""Who may buy besides hospitals; the application installs the answer of a later stage."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from procurement.accounts.tables import Organisation

MayBuy = Callable[[Session, Organisation, date], bool]
"""Whether an organisation that is no hospital may buy on a day in China."""


class _Installed:
    may_buy: MayBuy | None = None


def install_may_buy(may_buy: MayBuy | None) -> None:
    """Make orders ask this function; the last call counts."""
    _Installed.may_buy = may_buy


def may_buy_too(session: Session, organisation: Organisation, day: date) -> bool:
    """Tell whether somebody who is no hospital may buy; nobody may until a stage says who."""
    asked = _Installed.may_buy
    return asked is not None and asked(session, organisation, day)
