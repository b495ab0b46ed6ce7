"""The base tables: ceilings, impact by year, scenarios, strategies, draws, assumptions."""

from collections.abc import Iterable, Sequence

from procurement.negotiations.outputs.charts.lettering import Scale, brief, figure, money_scale
from procurement.negotiations.outputs.figures import BudgetTable, CeilingRow, Dossier
from procurement.negotiations.outputs.folded import folded
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.tables import MONEY, NONE, Table, column

CENT = 0.01


def ceiling_table(dossier: Dossier, reader: Reader) -> Table:
    """Every constraint with its ceiling, which one binds, and what relaxing it is worth."""
    parted = any(_is_parted(row) for row in dossier.ceilings)
    columns = (
        column(reader, Said("约束", "constraint"), is_number=False),
        column(reader, Said("要求", "what it demands"), is_number=False),
        column(
            reader, Said("价格上限", "ceiling"), Said(f"¤/{dossier.unit}", f"¤ per {dossier.unit}")
        ),
        *([column(reader, Said("协议后净价", "net price"), MONEY)] if parted else []),
        column(reader, Said("说明", "remarks"), is_number=False),
    )
    rows = [
        (
            row.name.text(reader),
            row.limit.text(reader) if row.limit else "",
            NONE if row.price is None else figure(float(row.price), 2),
            *([NONE if row.net_price is None else figure(row.net_price, 2)] if parted else []),
            _remarks(row, reader),
        )
        for row in dossier.ceilings
    ]
    strong = frozenset(number for number, row in enumerate(dossier.ceilings) if row.binds)
    return Table(
        "ceilings", Said("各项约束的价格上限", "Ceilings").text(reader), columns, rows, strong
    )


def _is_parted(row: CeilingRow) -> bool:
    """Whether an agreement parts the net price from the list price."""
    if row.price is None or row.net_price is None:
        return False
    return abs(row.net_price - float(row.price)) >= CENT


def _remarks(row: CeilingRow, reader: Reader) -> str:
    said = [Said("起约束作用", "binds")] if row.binds else []
    said += [one for one in (row.why, row.shadow) if one is not None]
    between = "; " if reader.is_english else "；"
    return between.join(one.text(reader) for one in said)


def budget_table(table: BudgetTable, reader: Reader) -> Table:
    """The base table of a scenario: patients, spending and impact by year and in all."""
    scale = money_scale([*table.without, *table.with_], reader)
    years = [Said(f"第{n}年", f"year {n}") for n in range(1, table.years + 1)]
    columns = [
        column(reader, Said("项目", "item"), is_number=False),
        *(column(reader, year) for year in years),
        column(reader, Said("合计", "in all")),
    ]
    rows: list[Sequence[str]] = [
        _counts(Said("目标患者（人）", "eligible patients"), table.eligible, reader)
    ]
    for name, without, with_ in table.patients:
        rows.append(_counts(Said(f"{name}，无本药（人）", f"{name}, without"), without, reader))
        rows.append(_counts(Said(f"{name}，有本药（人）", f"{name}, with"), with_, reader))
    unit = Said(f"（{scale.zh}）", f", {scale.en}")
    before = _amounts(Said("基金支出，无本药", "fund, without"), unit, table.without, scale, reader)
    with_row = _amounts(Said("基金支出，有本药", "fund, with"), unit, table.with_, scale, reader)
    impact = _amounts(Said("基金预算影响", "impact on the fund"), unit, table.impact, scale, reader)
    rows += [before, with_row, impact, _percents(table, reader)]
    strong = frozenset({len(rows) - 2})
    rows.append(
        _amounts(Said("其中别处节省", "of it saved elsewhere"), unit, table.offsets, scale, reader)
    )
    rows.append(
        _amounts(Said("患者多付", "impact on patients"), unit, table.patient_view, scale, reader)
    )
    if table.agreed:
        after = Said("协议和放量后的基金影响", "impact after agreement and uptake")
        rows.append(_amounts(after, unit, table.agreed, scale, reader))
    if table.refund:
        back = Said("其中企业返还", "of it paid back by the maker")
        rows.append(_amounts(back, unit, [-one for one in table.refund], scale, reader))
    rows.append(_fund_parts(table, reader))
    if table.members:
        rows.append(_by_member(table, reader))
    title = Said(f"预算影响：{table.name.zh}", f"Budget impact: {table.name.en}").text(reader)
    return Table("budget", title, columns, rows, strong)


def _counts(name: Said, numbers: Sequence[float], reader: Reader) -> list[str]:
    decimals = 0 if all(float(number).is_integer() for number in numbers) else 1
    return [name.text(reader), *(figure(number, decimals) for number in numbers), ""]


def _amounts(
    name: Said, unit: Said, amounts: Sequence[float], scale: Scale, reader: Reader
) -> list[str]:
    cells = [figure(amount / scale.divisor, 2) for amount in (*amounts, sum(amounts))]
    return [Said(name.zh + unit.zh, name.en + unit.en).text(reader), *cells]


def _percents(table: BudgetTable, reader: Reader) -> list[str]:
    pairs = [
        *zip(table.impact, table.without, strict=True),
        (sum(table.impact), sum(table.without)),
    ]
    name = Said("影响占无本药支出（%）", "impact in % of spending without")
    return [name.text(reader), *(_part(over, under) for over, under in pairs)]


def _fund_parts(table: BudgetTable, reader: Reader) -> list[str]:
    wholes = [fund + own for fund, own in zip(table.impact, table.patient_view, strict=True)]
    pairs = [*zip(table.impact, wholes, strict=True), (sum(table.impact), sum(wholes))]
    name = Said("影响中基金所占（%）", "the fund's part of the impact, %")
    return [name.text(reader), *(_part(over, under) for over, under in pairs)]


def _by_member(table: BudgetTable, reader: Reader) -> list[str]:
    name = Said("每参保人每月影响（¤）", "impact a member and month (PMPM), ¤")
    whole = sum(table.impact) / sum(table.members) / 12
    return [name.text(reader), *(figure(one, 4) for one in (*table.per_member, whole))]


def _part(over: float, under: float) -> str:
    return NONE if under == 0 else figure(100 * over / under, 1)


def scenario_table(budgets: Sequence[BudgetTable], reader: Reader) -> Table:
    """The impact of every scenario by year and in all."""
    scale = money_scale([one for table in budgets for one in table.impact], reader)
    unit = scale.unit(reader)
    years = [Said(f"第{n}年", f"year {n}") for n in range(1, budgets[0].years + 1)]
    columns = [
        column(reader, Said("情景或适应症", "scenario or indication"), is_number=False),
        *(column(reader, year, unit) for year in (*years, Said("合计", "in all"))),
    ]
    rows = [
        [
            table.name.text(reader),
            *(figure(one / scale.divisor, 2) for one in (*table.impact, sum(table.impact))),
        ]
        for table in budgets
    ]
    title = Said("各情景或适应症的基金预算影响", "Impact on the fund by scenario or indication")
    return Table("scenarios", title.text(reader), columns, rows)


def strategy_table(dossier: Dossier, reader: Reader) -> Table:
    """The strategies by rising cost, with dominance and ratios."""
    effect = dossier.effect_unit or Said("效果", "effect").text(reader)
    columns = (
        column(reader, Said("方案", "strategy"), is_number=False),
        column(reader, Said("费用", "cost"), MONEY),
        column(reader, Said("效果", "effect"), effect),
        column(reader, Said("增量成本效果比", "ratio"), Said("¤/单位效果", "¤ per unit")),
        column(reader, Said("状态", "status"), is_number=False),
    )
    rows = [
        (
            row.name,
            figure(row.cost, 2),
            brief(row.effect, 6),
            NONE if row.icer is None else figure(row.icer, 2),
            _STATUS.get(row.status, Said(row.status, row.status)).text(reader),
        )
        for row in dossier.strategies
    ]
    strong = frozenset(n for n, row in enumerate(dossier.strategies) if row.is_negotiated)
    title = Said("各方案的费用和效果（按讨论价）", "Strategies at the price under discussion")
    return Table("strategies", title.text(reader), columns, rows, strong)


_STATUS = {
    "frontier": Said("在效率边界上", "on the frontier"),
    "dominated": Said("绝对劣势", "dominated"),
    "extended-dominated": Said("扩展劣势", "dominated by a mix"),
}


def uncertainty_table(dossier: Dossier, reader: Reader) -> Table:
    """Means and spreads of the draws."""
    columns = (
        column(reader, Said("结果", "result"), is_number=False),
        column(reader, Said("均值", "mean")),
        column(reader, Said("标准差", "standard deviation")),
        column(reader, "2.5%"),
        column(reader, "97.5%"),
    )
    rows = [
        (one.name.text(reader), *_four((one.mean, one.sd, one.q025, one.q975), one.is_money))
        for one in dossier.uncertain
    ]
    zh = f"概率敏感性分析（抽样 {dossier.draws} 次，种子 {dossier.seed}）"
    en = f"Probabilistic analysis ({dossier.draws} draws, seed {dossier.seed})"
    return Table("uncertainty", Said(zh, en).text(reader), columns, rows)


def _four(numbers: Iterable[float], is_money: bool) -> list[str]:
    return [figure(number, 2) if is_money else brief(number, 6) for number in numbers]


def information_table(dossier: Dossier, reader: Reader) -> Table:
    """What knowing one input alone would be worth at the model's threshold."""
    columns = (
        column(reader, Said("输入", "input"), is_number=False),
        column(reader, Said("信息价值", "value"), Said("¤/人", "¤ a patient")),
        column(reader, Said("方法", "method"), is_number=False),
    )
    rows = [
        (path, figure(value, 2), _METHODS.get(method, Said(method, method)).text(reader))
        for path, value, method in dossier.information
    ]
    title = Said("部分完全信息价值（EVPPI）", "Value of partial information (EVPPI)")
    return Table("information", title.text(reader), columns, rows)


_METHODS = {
    "spline": Said("样条回归", "regression on a spline"),
    "bins": Said("分组均值", "means of groups"),
}


def register_table(dossier: Dossier, reader: Reader, most: int | None = None) -> Table:
    """The register of assumptions; a long one says how many more there are."""
    columns = [
        column(reader, Said(zh, en), is_number=number)
        for zh, en, number in (
            ("输入", "input", False),
            ("数值", "value", True),
            ("单位", "unit", False),
            ("分布", "distribution", False),
            ("来源", "source", False),
            ("日期", "date", False),
            ("已核对", "verified", False),
        )
    ]
    register = folded(dossier.register)
    shown = register[:most]
    rows = [
        (
            one.path,
            one.value if one.computed is None else brief(one.computed, 8),
            one.unit,
            one.distribution,
            one.source or Said("未注明", "not stated").text(reader),
            one.date,
            _verified(one.verified).text(reader),
        )
        for one in shown
    ]
    left = len(register) - len(shown)
    note = (
        Said(f"另有 {left} 项，见 Excel 文件。", f"{left} more are in the workbook.")
        if left
        else None
    )
    title = Said("假设登记表", "Register of assumptions").text(reader)
    return Table("register", title, columns, rows, note=note.text(reader) if note else "")


def _verified(verified: bool | None) -> Said:
    if verified is None:
        return Said("未注明", "not stated")
    return Said("是", "yes") if verified else Said("否", "no")


def base_tables(dossier: Dossier, reader: Reader) -> list[Table]:
    """Ceilings, impact by year, scenarios, strategies, uncertainty: those that there are."""
    tables = [ceiling_table(dossier, reader)]
    if dossier.budgets:
        tables.append(budget_table(dossier.budgets[0], reader))
    if len(dossier.budgets) > 1:
        tables.append(scenario_table(dossier.budgets, reader))
    if dossier.strategies:
        tables.append(strategy_table(dossier, reader))
    if dossier.uncertain:
        tables.append(uncertainty_table(dossier, reader))
    if dossier.information:
        tables.append(information_table(dossier, reader))
    return tables
