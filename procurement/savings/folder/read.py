"""Read a settlement folder: all its files, all their faults."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from procurement.rounds.folder.faults import BadFolderError, Fault, FaultList
from procurement.rounds.folder.tables import Table
from procurement.rounds.folder.text import (
    UTF_8,
    Limits,
    UnreadableError,
    known_encoding,
    read_lines,
    read_settings,
)
from procurement.savings.analytics import PurchaseFiles
from procurement.savings.folder.assessments import Given, assessed_lines, read_assessments
from procurement.savings.folder.contracts import Contracts, read_contracts
from procurement.savings.folder.plain_csv import write_if_plain
from procurement.savings.folder.purchase_csv import write_purchases
from procurement.savings.folder.purchase_files import FOLDER, check_files
from procurement.savings.folder.scheme import (
    SCHEME,
    Scheme,
    read_scheme,
    require_rules,
    unreadable_scheme,
)
from procurement.savings.folder.years import Year
from procurement.savings.rules import Assessed, SchemeRules

CONTRACTS, PURCHASES, ASSESSMENTS = "contracts.csv", "purchases.csv", "assessments.csv"
NEEDED = (SCHEME, CONTRACTS, ASSESSMENTS)

WRITTEN = "purchases-csv.parquet"

# Purchases are streamed, so that their number does not matter.
_LIMITS = Limits(file=1 << 50)

_A_FOLDER = f"a folder with {', '.join(NEEDED)} and {PURCHASES} or {FOLDER}/*.parquet"


@dataclass(frozen=True, slots=True)
class SettlementFolder:
    """What a settlement folder holds.

    Attributes:
        scheme: Of ``scheme.toml``.
        rules: Its rulebook, completed.
        contracts: Of ``contracts.csv``.
        assessed: The assessment that counts for each line.
        years: The days of each batch; None for agreements without one.
        purchases: Parquet files; those of the folder, or what ``purchases.csv`` was written to.
        names: What messages call them.
        faults: What is wrong so far; purchases are still to be looked through.
    """

    scheme: Scheme
    rules: SchemeRules
    contracts: Contracts
    assessed: Mapping[tuple[str, str, str], Assessed]
    years: Mapping[str | None, Year]
    purchases: PurchaseFiles
    names: Mapping[Path, str]
    faults: FaultList


def read_settlement_folder(path: Path, *, work: Path, encoding: str = UTF_8) -> SettlementFolder:
    """Read a settlement folder.

    Args:
        path: The folder.
        work: An empty folder, for purchases that are given as CSV.
        encoding: Of its text files.

    Raises:
        BadFolderError: It cannot be settled, with every fault that can be seen in spite of that.
            Faults of single purchase lines are left in the result's ``faults``.
    """
    faults = FaultList()
    try:
        encoding = known_encoding(encoding)
        if not path.is_dir():
            problem = "is not a folder" if path.exists() else "does not exist"
            raise UnreadableError(None, None, problem, _A_FOLDER)
    except UnreadableError as error:
        fault = Fault(str(path), error.line, error.column, error.problem, error.expected)
        raise BadFolderError([fault]) from None
    return _Reader(path, work, encoding, faults).read()


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    work: Path
    encoding: str
    faults: FaultList

    def read(self) -> SettlementFolder:
        scheme = self._scheme()
        contracts = read_contracts(self._table(CONTRACTS), scheme.defaults)
        table = self._table(ASSESSMENTS)
        given = read_assessments(table, contracts)
        scores = any(one.score is not None and one.ratio is None for one in given)
        follow_on = any(line.follow_on for line in contracts.terms)
        require_rules(scheme, self.faults, scores=scores, follow_on=follow_on)
        assessed = self._assessed(table, given, contracts, scheme)
        years = self._years(scheme, contracts)
        purchases, names = self._purchases()
        if purchases is None or scheme.rules is None or self._is_bad_elsewhere():
            self.faults.raise_if_any()
        assert purchases is not None and scheme.rules is not None  # noqa: S101 - a fault was noted
        return SettlementFolder(
            scheme, scheme.rules, contracts, assessed, years, purchases, names, self.faults
        )

    def _is_bad_elsewhere(self) -> bool:
        """Whether a file other than the purchases has a fault: nothing can be matched then."""
        return any(fault.file != PURCHASES for fault in self.faults.faults)

    def _scheme(self) -> Scheme:
        if not (self.path / SCHEME).is_file():
            self._note_missing(SCHEME)
            return unreadable_scheme()
        try:
            text = read_settings(self.path / SCHEME, self.encoding)
        except UnreadableError as error:
            self.faults.add(SCHEME, error.line, error.column, error.problem, error.expected)
            return unreadable_scheme()
        return read_scheme(text, self.faults)

    def _assessed(
        self, table: Table, given: tuple[Given, ...], contracts: Contracts, scheme: Scheme
    ) -> Mapping[tuple[str, str, str], Assessed]:
        rules = scheme.rules
        needs_bands = any(one.score is not None and one.ratio is None for one in given)
        if rules is None or (needs_bands and not rules.knows("bands")):
            return {}
        bands = rules.bands if needs_bands else ()
        return assessed_lines(table, given, contracts.terms, bands, rules.ratio_max)

    def _years(self, scheme: Scheme, contracts: Contracts) -> Mapping[str | None, Year]:
        years: dict[str | None, Year] = {}
        for batch in sorted({line.batch or "" for line in contracts.terms}):
            year = scheme.batches.get(batch) or scheme.year
            if year is not None:
                years[batch or None] = year
            elif scheme.rules is not None and "procurement_year" in scheme.given:
                key = f"batch.{batch}" if batch else "procurement_year"
                problem = f"{scheme.year_name!r} names no days"
                expected = "a year like 2024, or starts_on and ends_on of the batch"
                self.faults.add(SCHEME, None, key, problem, expected)
        return years

    def _purchases(self) -> tuple[PurchaseFiles | None, Mapping[Path, str]]:
        folder, table = self.path / FOLDER, self.path / PURCHASES
        if folder.is_dir() and table.exists():
            self.faults.add(f"{FOLDER}/", None, None, f"is there beside {PURCHASES}", "one of them")
            return None, {}
        if folder.is_dir():
            files = check_files(folder, self.faults)
            paths = files.paths if files else ()
            return files, {
                path: f"{FOLDER}/{path.relative_to(folder).as_posix()}" for path in paths
            }
        if not table.exists():
            self._note_missing(f"{PURCHASES} or {FOLDER}/")
            return None, {}
        written = self.work / WRITTEN
        is_plain = self.encoding == UTF_8 and write_if_plain(table, written)
        if not is_plain:
            write_purchases(self._table(PURCHASES), written)
        return PurchaseFiles((written,), frozenset({written})), {written: PURCHASES}

    def _table(self, name: str) -> Table:
        if not (self.path / name).exists():
            self._note_missing(name)
            return Table(name, None, self.faults, complete=False)
        return Table(name, read_lines(self.path / name, self.encoding, _LIMITS), self.faults)

    def _note_missing(self, name: str) -> None:
        self.faults.add(name, None, None, "the file is missing", _A_FOLDER)
