"""Arguments of distributions: what is no number, or leaves nothing to draw from, is refused."""

import math

from pricing.faults import ModelError, quoted, shown


class DistributionError(ModelError):
    """Arguments that make no distribution.

    Attributes:
        argument: The argument that is wrong, or an empty text for all of them.
        zh: What is wrong and what was expected, in Chinese.
        en: The same in English.
    """

    def __init__(self, argument: str, zh: str, en: str) -> None:
        """Keep the argument and the two texts."""
        super().__init__(f"{argument}: {en}" if argument else en)
        self.argument = argument
        self.zh = zh
        self.en = en


def number(name: str, value: object) -> float:
    """The value of an argument as a number.

    Raises:
        DistributionError: It is none, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise DistributionError(
            name, f"{quoted(value)}；应为数", f"{quoted(value)}: expected a number"
        )
    return float(value)


def above(name: str, value: float, limit: float, of: str = "") -> None:
    """Refuse an argument that is not above a limit.

    Raises:
        DistributionError: It is not.
    """
    if not value > limit:
        raise DistributionError(
            name,
            f"为 {shown(value)}；应大于 {of}{shown(limit)}",
            f"is {shown(value)}: expected above {of}{shown(limit)}",
        )
