"""Print a coverage plan as a person would read it, in Chinese or English."""

from collections.abc import Iterator

from procurement.cli.aligned import table
from procurement.pharmacies.coverage.wording import why_uncovered
from procurement.pharmacies.rules.coverage.task import CoverageTask, CoveredCounty, Plan
from procurement.rounds.rulebook_words import Pair, Voice

_HEAD: tuple[Pair, ...] = (
    ("县区", "county"),
    ("需要", "needed"),
    ("覆盖药店", "covered by"),
    ("最近（公里）", "nearest, km"),
    ("药店", "pharmacies"),
)
_NAMES_SHOWN = 3


def describe_coverage(plan: Plan, task: CoverageTask, *, language: str) -> str:
    """Print a plan: what is added, how good it is, each county, and what cannot be covered.

    Args:
        plan: The plan.
        task: What it was made for.
        language: ``zh`` or ``en``.
    """
    voice = Voice(language)
    lines = [*_summary(plan, task, voice), ""]
    rows = [[voice.say(head) for head in _HEAD]]
    rows += [_row(one) for one in plan.covered]
    lines += table(rows, right=(1, 2, 3))
    if plan.further:
        lines += ["", voice.say(("新增药店：", "further pharmacies: ")) + " ".join(plan.further)]
    if plan.uncovered:
        lines += ["", voice.say(("无法覆盖：", "cannot be covered:"))]
    for one in plan.uncovered:
        why = voice.say(why_uncovered(one, within_km=task.within_km))
        lines.append(f"  {one.county}{voice.say(('：', ': '))}{why}")
    return "\n".join(lines) + "\n"


def _summary(plan: Plan, task: CoverageTask, voice: Voice) -> Iterator[str]:
    counties, kept, further = len(task.counties), len(plan.kept), len(plan.further)
    covered = counties - len(plan.uncovered)
    yield voice.say(
        (
            f"{counties} 个县区中覆盖 {covered} 个：保留 {kept} 家，新增 {further} 家",
            f"{covered} of {counties} counties covered: {kept} pharmacies kept, {further} further",
        )
    )
    if any(one.cost is not None for one in task.pharmacies):
        yield voice.say((f"新增费用 {plan.value:f}", f"cost of the further ones: {plan.value:f}"))
    if plan.optimal:
        yield voice.say(("已证明最优", "proven: no choice does it with less"))
    else:
        share = f"{plan.gap * 100:.2f} %"
        yield voice.say(
            (
                f"未证明最优：任何方案不低于 {plan.bound:f}，差距至多 {share}",
                f"not proven: no choice is below {plan.bound:f}, a gap of at most {share}",
            )
        )


def _row(one: CoveredCounty) -> list[str]:
    names = " ".join(one.by[:_NAMES_SHOWN])
    if len(one.by) > _NAMES_SHOWN:
        names += " …"
    km = "-" if one.nearest_km is None else f"{one.nearest_km:.1f}"
    return [one.county, str(one.needed), str(len(one.by)), km, names]
