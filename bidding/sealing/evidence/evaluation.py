"""The evaluation, repeated from documents that hold: by whoever has the rules to compute with."""

from collections.abc import Callable
from dataclasses import dataclass

from bidding.sealing.evidence.decision import RulebookText, Statement
from bidding.sealing.evidence.finding import Blame, Findings, fails, holds, short, unchecked
from bidding.sealing.evidence.ground import Ground


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the repeated report differs from the one that was given.

    Attributes:
        zh: Where, in Chinese.
        en: The same in English.
    """

    zh: str
    en: str


EvaluateAgain = Callable[[RulebookText, Statement, Statement], Difference | None]
"""From rules, facts and report: the first difference, or None where the bytes are the same."""


def repeat_evaluation(ground: Ground, evaluate_again: EvaluateAgain | None) -> Findings:
    """Of each report that holds: whether rules and facts give it again, byte for byte.

    Args:
        ground: The documents that may be relied on.
        evaluate_again: None says that nobody here can evaluate.
    """
    for report in ground.bundle.reports:
        if not ground.holds(report):
            continue
        about = f"evaluation {short(report.text('digest'))}"
        found = _basis(ground, report)
        if found is None:
            yield unchecked(
                about,
                "未重算：材料中没有评审的事实或规则，或其不成立。",
                "Not evaluated again: facts or rules are not in the bundle, or do not hold.",
                is_lacking=True,
            )
        elif evaluate_again is None:
            yield unchecked(
                about,
                "此处不能重算：请用 jicai verify。",
                "It cannot be evaluated again here: use jicai verify.",
            )
        else:
            difference = evaluate_again(*found, report)
            if difference is None:
                yield holds(
                    about,
                    "重新评审所得报告与原报告逐字节一致。",
                    "Evaluating again gives the report, byte for byte.",
                )
            else:
                yield fails(
                    about,
                    f"重新评审所得与报告不符：{difference.zh}。",
                    f"Evaluating again does not give the report: {difference.en}.",
                    Blame.EVALUATION,
                )


def _basis(ground: Ground, report: Statement) -> tuple[RulebookText, Statement] | None:
    digest = report.text("rulebook_digest")
    for sheet in ground.bundle.sheets:
        same = (sheet.manifest, sheet.text("rulebook_digest")) == (report.manifest, digest)
        manifest = ground.manifest(sheet.manifest)
        named = None if manifest is None else (manifest.rulebook, digest)
        rules = [one for one in ground.bundle.rulebooks if (one.rulebook, one.digest) == named]
        if same and rules and ground.holds(sheet):
            return rules[0], sheet
    return None
