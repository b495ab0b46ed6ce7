"""Round folders: a procurement round as files, read strictly and with every fault at once."""

from procurement.rounds.folder.expected import Expected
from procurement.rounds.folder.faults import BadFolderError, Fault
from procurement.rounds.folder.governed import GovernedRound, govern
from procurement.rounds.folder.read import RoundFolder, read_folder

__all__ = [
    "BadFolderError",
    "Expected",
    "Fault",
    "GovernedRound",
    "RoundFolder",
    "govern",
    "read_folder",
]
