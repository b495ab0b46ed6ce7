"""Thresholds that sources propose, as multiples of gross domestic product per head.

A threshold is an input, never a constant of the program: a preset is a ratio with its source, and
the model says the product per head that it multiplies, with a source and a date of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

BOUNDS = ("low", "central", "high")


@dataclass(frozen=True, slots=True)
class ThresholdPreset:
    """A willingness to pay for one unit of effect that a source states.

    Attributes:
        low: Lower end, as a decimal string: a multiple of gross domestic product per head.
        central: What the source prefers; none where it states a range only.
        high: Upper end.
        effect: The unit of effect that it is stated for.
        source_zh: Where it is stated.
        source_en: The same in English.
        verified: Whether the source was read; otherwise it is widely said, but not checked.
    """

    low: str
    central: str | None
    high: str
    effect: str
    source_zh: str
    source_en: str
    verified: bool

    def multiple(self, bound: str) -> str | None:
        """The multiple at a bound: ``low``, ``central`` or ``high``."""
        return {"low": self.low, "central": self.central, "high": self.high}[bound]


PRESETS: Mapping[str, ThresholdPreset] = MappingProxyType(
    {
        "ochalek-2020": ThresholdPreset(
            *("0.47", "0.63", "0.88", "DALY"),
            "Ochalek 等 2020：供给侧估计，2017 年 27,923–52,247 元/DALY，合人均 GDP 的 47%–88%",
            "Ochalek et al. 2020: supply side, 27,923-52,247 yuan per DALY in 2017, "
            "47-88 % of GDP per head",
            verified=True,
        ),
        "cai-2022": ThresholdPreset(
            *("1.16", "1.45", "2.90", "QALY"),
            "Cai 等 2022，doi 10.1007/s10198-021-01384-z：由统计生命价值推得，1.45（1.16–2.90）倍",
            "Cai et al. 2022, doi 10.1007/s10198-021-01384-z: from the value of a statistical "
            "life, 1.45 (1.16-2.90) times",
            verified=True,
        ),
        "guideline-2020": ThresholdPreset(
            *("1", None, "3", "QALY"),
            "《中国药物经济学评价指南2020》：1–3 倍（未核对原文）",
            "Chinese guideline for pharmacoeconomic evaluations 2020: 1-3 times (text not checked)",
            verified=False,
        ),
        "practice-chronic": ThresholdPreset(
            *("0.5", None, "1", "QALY"),
            "谈判实践中慢性病常说的 0.5–1 倍（无文件依据）",
            "widely said of negotiations on chronic diseases: 0.5-1 times (no document)",
            verified=False,
        ),
    }
)
"""By id."""


def threshold_of(preset: str, *, gdp_per_head: float, bound: str) -> float | None:
    """A preset in yuan per unit of effect.

    Args:
        preset: One of ``PRESETS``.
        gdp_per_head: Yuan a year, of the year that the analysis is made for.
        bound: ``low``, ``central`` or ``high``.

    Returns:
        The threshold; nothing where the source states no central value.

    Examples:
        >>> threshold_of("cai-2022", gdp_per_head=80_000, bound="central")
        116000.0
        >>> threshold_of("guideline-2020", gdp_per_head=80_000, bound="central") is None
        True
    """
    multiple = PRESETS[preset].multiple(bound)
    if multiple is None:
        return None
    return float(Fraction(multiple) * Fraction(repr(float(gdp_per_head))))
