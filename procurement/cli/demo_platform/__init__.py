"""The platform that ``jicai demo`` sets up to be looked at: organisations, accounts, three rounds.

Everything is made by the services that the pages call, by people who may do it and at the moment
at which it is done; nothing is written past them.
"""

from procurement.cli.demo_platform.account import Account
from procurement.cli.demo_platform.progress import Progress
from procurement.cli.demo_platform.set_up import NotEmptyError, Platform, set_up_platform

__all__ = ["Account", "NotEmptyError", "Platform", "Progress", "set_up_platform"]
