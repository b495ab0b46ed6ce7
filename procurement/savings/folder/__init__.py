"""Settlement folders: a settlement as files, read strictly and with every fault at once."""

from procurement.savings.folder.matching import Agreements
from procurement.savings.folder.purchase_faults import LineChecks, agreed_steps, find_faults
from procurement.savings.folder.read import SettlementFolder, read_settlement_folder
from procurement.savings.folder.scheme import Scheme
from procurement.savings.folder.years import Year

__all__ = [
    "Agreements",
    "LineChecks",
    "Scheme",
    "SettlementFolder",
    "Year",
    "agreed_steps",
    "find_faults",
    "read_settlement_folder",
]
