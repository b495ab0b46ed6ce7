"""The assessment of a hospital: indicators, their points, self-assessment and visit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.savings.rules.exact import total


class AssessmentError(ValueError):
    """Points that do not fit their indicators."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Which there are, and their points, texts leave to the place.

    Attributes:
        name: As in the rulebook: ``volume-completion``.
        points: Highest points.
    """

    name: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one indicator.

    Attributes:
        indicator: Its name.
        self_assessed: Points that the hospital gave itself.
        on_site: Points of the visit; they count where there are any.
        evidence: What they rest on: platform, hospital system, vouchers.
    """

    indicator: str
    self_assessed: Decimal
    on_site: Decimal | None = None
    evidence: str = ""

    @property
    def points(self) -> Decimal:
        """Points that count."""
        return self.self_assessed if self.on_site is None else self.on_site


@dataclass(frozen=True, slots=True)
class Score:
    """The result of an assessment.

    Attributes:
        points: Sum of the points that count.
        changed: Indicators on which the visit and the self-assessment differ.
    """

    points: Decimal
    changed: tuple[str, ...]


def score(indicators: Sequence[Indicator], findings: Sequence[Finding]) -> Score:
    """Add up an assessment.

    Raises:
        AssessmentError: An indicator is missing, unknown or there twice, points are above its
            points or below zero, or all points together are not 100.

    Examples:
        >>> indicators = [Indicator("volume-completion", Decimal(60)),
        ...               Indicator("payment-in-time", Decimal(40))]
        >>> findings = [Finding("volume-completion", Decimal(60)),
        ...             Finding("payment-in-time", Decimal(40), on_site=Decimal(25))]
        >>> score(indicators, findings)
        Score(points=Decimal('85'), changed=('payment-in-time',))
    """
    if total([one.points for one in indicators]) != 100:
        raise AssessmentError("the points of all indicators: expected 100 together")
    found: dict[str, Finding] = {}
    most: Mapping[str, Decimal] = {one.name: one.points for one in indicators}
    for finding in findings:
        if finding.indicator not in most or finding.indicator in found:
            raise AssessmentError(f"{finding.indicator}: expected each of {', '.join(most)} once")
        found[finding.indicator] = finding
        if not 0 <= finding.points <= most[finding.indicator]:
            raise AssessmentError(
                f"{finding.indicator}: {finding.points} points: expected 0 to "
                f"{most[finding.indicator]}"
            )
    missing = [name for name in most if name not in found]
    if missing:
        raise AssessmentError(f"{', '.join(missing)}: expected points")
    changed = tuple(
        name
        for name in most
        if found[name].on_site is not None and found[name].on_site != found[name].self_assessed
    )
    return Score(total([found[name].points for name in most]), changed)
