"""Why a county cannot be covered, in words."""

from procurement.pharmacies.rules.coverage.task import Reason, Uncovered


def why_uncovered(one: Uncovered, *, within_km: float | None) -> tuple[str, str]:
    """Say in Chinese and English why a county cannot be covered.

    Args:
        one: The county.
        within_km: The distance of the task; None where pharmacies cover their own county only.

    Examples:
        >>> far = Uncovered("A", Reason.TOO_FAR, 1, 0, nearest="B", nearest_km=41.23)
        >>> why_uncovered(far, within_km=30)[1]
        'no eligible pharmacy within 30 km; the nearest, B, is 41.2 km away'
    """
    zh_where = "本县区内" if within_km is None else f"{within_km:g} 公里以内"
    en_where = "in the county" if within_km is None else f"within {within_km:g} km"
    if one.reason is Reason.TOO_FAR and one.nearest is not None:
        zh = f"{zh_where}没有符合条件的药店；最近的 {one.nearest} 相距 {one.nearest_km:.1f} 公里"
        en = f"no eligible pharmacy {en_where}; the nearest, {one.nearest}, "
        return zh, en + f"is {one.nearest_km:.1f} km away"
    if one.reason is Reason.NONE_ELIGIBLE:
        zh = f"{zh_where}有 {one.ineligible} 家药店，但均不符合条件"
        count = "1 pharmacy" if one.ineligible == 1 else f"{one.ineligible} pharmacies"
        return zh, f"{count} {en_where}, none of them eligible"
    if one.reason is Reason.TOO_FEW:
        zh = f"{zh_where}符合条件的药店只有 {one.eligible} 家，需要 {one.needed} 家"
        return zh, f"only {one.eligible} eligible {en_where}, {one.needed} needed"
    if one.reason is Reason.CAPACITY:
        zh = f"所有符合条件的药店合计仍有 {one.patients_left} 名患者无法服务"
        return (
            zh,
            f"{one.patients_left} patients are beyond the capacity of all eligible pharmacies",
        )
    return f"{zh_where}没有药店", f"no pharmacy {en_where}"
