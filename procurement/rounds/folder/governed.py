"""A round folder under its rules: what the rules find wrong with it is a fault of the folder."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bidding.errors import BadAnswerError, BadOptionError, MissingFactError, UnknownRuleError
from bidding.evaluate import evaluate
from bidding.report import EvaluationReport
from bidding.rules import RoundRules
from procurement.rounds.folder.faults import BadFolderError, Fault
from procurement.rounds.folder.read import RoundFolder, read_folder
from rulebooks import Rulebook, UnknownRulebookError, load_rulebook

ROUND = "round.toml"
_OF_LOTS = frozenset({"price_ceiling", "daily_dose", "dosage_form"})


@dataclass(frozen=True, slots=True)
class GovernedRound:
    """A round folder with the rules that govern it.

    Attributes:
        path: The folder.
        encoding: Of its tables.
        folder: What it says.
        rulebook: The document.
        rules: The document, completed by the round's options.
    """

    path: Path
    encoding: str
    folder: RoundFolder
    rulebook: Rulebook
    rules: RoundRules

    def evaluate(self, *, volumes: bool = True) -> EvaluationReport:
        """Evaluate the round with the answers of its folder.

        Args:
            volumes: False leaves agreed volumes out, as a replay does.

        Raises:
            BadFolderError: The round needs a rule that nobody knows, or a fact that is not
                given, or an answer is not allowed.
        """
        try:
            return evaluate(self.folder.round, self.rulebook, self.folder.answers, volumes=volumes)
        except UnknownRuleError as refusal:
            raise BadFolderError([self._unknown_rule(refusal)]) from refusal
        except MissingFactError as refusal:
            file = "lots.csv" if refusal.fact in _OF_LOTS else "bids.csv"
            line = self._line(file, refusal.lot, refusal.bid)
            expected = f"a value, which {refusal.key} of {self.rulebook.id} needs"
            fault = Fault(file, line, refusal.fact, f"lot {refusal.lot}: is not given", expected)
            raise BadFolderError([fault]) from refusal
        except BadAnswerError as refusal:
            line = self._line("answers.csv", refusal.lot, refusal.bid)
            fault = Fault("answers.csv", line, "price", str(refusal), "an answer that is allowed")
            raise BadFolderError([fault]) from refusal

    def _unknown_rule(self, refusal: UnknownRuleError) -> Fault:
        open_still = [key for key in self.rulebook.unknown if self.rules.mentions(key)]
        others = [key for key in open_still if key != refusal.key and not self.rules.knows(key)]
        also = f" (it does not know either: {', '.join(others)})" if others else ""
        return Fault(
            ROUND,
            _line_of_key(self.path, "options") or _line_of_key(self.path, "rulebook"),
            "options",
            f"{refusal}{also}",
            f"{refusal.key} in [options]; see jicai rulebooks {self.rulebook.id}",
        )

    def _line(self, file: str, lot: str, bid: str | None) -> int | None:
        with (self.path / file).open(encoding=self.encoding, newline="") as table:
            rows = csv.DictReader(table)
            for row in rows:
                named = (row.get("bid"), row.get("manufacturer"))
                if row.get("lot") == lot and (file == "lots.csv" or bid in (None, *named)):
                    return rows.line_num
        return None


def govern(path: Path, *, encoding: str = "utf-8") -> GovernedRound:
    """Read a round folder and the rulebook that governs it, with the round's options.

    Args:
        path: The folder.
        encoding: Of its tables.

    Raises:
        BadFolderError: A fault in the folder, no such rulebook, or an option that the rulebook
            does not declare.
    """
    folder = read_folder(path, encoding=encoding)
    try:
        rulebook = load_rulebook(folder.round.rulebook)
    except UnknownRulebookError as refusal:
        expected = f"one of {', '.join(refusal.known)}"
        problem = f"no rulebook {refusal.rulebook!r}"
        line = _line_of_key(path, "rulebook")
        raise BadFolderError([Fault(ROUND, line, "rulebook", problem, expected)]) from refusal
    options = folder.round.options
    faults = [fault for key in options if (fault := _option(path, rulebook, options, key))]
    if faults:
        raise BadFolderError(faults)
    return GovernedRound(path, encoding, folder, rulebook, RoundRules(rulebook, options))


def _option(
    path: Path, rulebook: Rulebook, options: Mapping[str, object], key: str
) -> Fault | None:
    """What is wrong with one option, judged by itself."""
    try:
        RoundRules(rulebook, {key: options[key]})
    except BadOptionError as refusal:
        line = _line_of_key(path, key) or _line_of_key(path, key.rpartition(".")[2])
        return Fault(ROUND, line, key, str(refusal), f"an option that {rulebook.id} declares")
    return None


def _line_of_key(path: Path, key: str) -> int | None:
    """The line on which a key (or a table of that name) stands in ``round.toml``."""
    pattern = re.compile(rf'\s*\[?\s*"?(options\.)?"?{re.escape(key)}"?\s*[\]=]')
    lines = (path / ROUND).read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), None)
