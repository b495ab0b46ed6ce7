"""Checklists for reviewers: which of their items a dossier answers, and where.

The items are in our own short words. CHEERS 2022 asks what an economic evaluation reports; the
principles of the ISPOR task force of 2014 ask the same of a budget impact analysis.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from procurement.negotiations.outputs.figures import Dossier, Register
from procurement.negotiations.outputs.said import Reader, Said
from procurement.negotiations.outputs.tables import Table, column

_NUMBER = re.compile(r"-?[\d_.]+(e[-+]?\d+)?", re.I)

NOT_REPORTED = Said("未报告", "not reported")

SECTIONS = {
    "summary": Said("1 摘要", "1 Summary"),
    "ceilings": Said("2 价格上限", "2 Ceilings"),
    "budget": Said("3 预算影响", "3 Budget impact"),
    "economics": Said("4 成本效果", "4 Cost-effectiveness"),
    "one-way": Said("5 敏感性分析", "5 Sensitivity"),
    "draws": Said("5 敏感性分析", "5 Sensitivity"),
    "scenarios": Said("3 预算影响", "3 Budget impact"),
    "register": Said("6 假设登记表", "6 Register of assumptions"),
    "sources": Said("6 假设登记表", "6 Register of assumptions"),
    "members": Said("3 预算影响", "3 Budget impact"),
    "effect-unit": Said("4 成本效果", "4 Cost-effectiveness"),
    "hash": Said("1 摘要", "1 Summary"),
}
"""What a dossier may hold, and in which of its sections."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist.

    Attributes:
        number: In the checklist.
        words: What it asks for.
        needs: What of a dossier answers it; none where no dossier of a model can.
    """

    number: str
    words: Said
    needs: tuple[str, ...] = ()


CHEERS = (
    Item(
        "1",
        Said(
            "标题写明为经济学评价和所比较的方案", "title names the evaluation and what is compared"
        ),
    ),
    Item("2", Said("结构式摘要", "structured abstract"), ("summary",)),
    Item("3", Said("背景和目的", "background and objectives")),
    Item("4", Said("分析计划", "analysis plan")),
    Item("5", Said("研究人群", "study population"), ("budget",)),
    Item("6", Said("环境和地点", "setting and location")),
    Item("7", Said("对照方案", "comparators"), ("economics",)),
    Item("8", Said("研究角度：基金", "perspective: the fund"), ("summary",)),
    Item("9", Said("研究时限", "time horizon"), ("register",)),
    Item("10", Said("贴现率", "discount rates"), ("register",)),
    Item("11", Said("所选的健康产出", "choice of outcomes"), ("economics",)),
    Item("12", Said("产出的测量", "measurement of outcomes"), ("sources",)),
    Item("13", Said("产出的价值", "valuation of outcomes"), ("effect-unit",)),
    Item("14", Said("资源和费用的测量和定价", "resources and costs"), ("register",)),
    Item("15", Said("币种、价格年份、换算", "currency, price date, conversion"), ("sources",)),
    Item("16", Said("模型和选择理由", "model and why it was chosen")),
    Item("17", Said("分析方法和假设", "analytics and assumptions"), ("register",)),
    Item("18", Said("人群异质性", "heterogeneity")),
    Item("19", Said("分布效应和公平", "distributional effects")),
    Item("20", Said("不确定性的处理", "how uncertainty was characterised"), ("draws",)),
    Item("21", Said("患者等各方的参与方式", "engagement of patients and others")),
    Item(
        "22",
        Said("全部参数：数值、分布、来源", "all parameters with distributions and sources"),
        ("register",),
    ),
    Item("23", Said("主要结果", "main results"), ("economics",)),
    Item("24", Said("不确定性的影响", "effect of uncertainty"), ("one-way",)),
    Item("25", Said("各方参与的影响", "effect of engagement")),
    Item("26", Said("发现、局限、外推、公平", "findings, limits, generalisability")),
    Item("27", Said("经费来源", "funding")),
    Item("28", Said("利益冲突", "conflicts of interest")),
)
"""Consolidated Health Economic Evaluation Reporting Standards 2022."""

ISPOR = (
    Item("1", Said("支付方的角度", "perspective of the payer"), ("summary",)),
    Item("2", Said("卫生体系的特点和报销限制", "features of the health system, access limits")),
    Item(
        "3",
        Said("目标人群及其来源和增长", "eligible population, its sources and growth"),
        ("budget",),
    ),
    Item("4", Said("无本药时的治疗组合", "mix of treatments without the drug"), ("budget",)),
    Item("5", Said("有本药时的治疗组合和放量", "mix with the drug and its uptake"), ("budget",)),
    Item("6", Said("超适应症使用", "use beyond the indication")),
    Item("7", Said("各治疗方案的费用", "cost of each treatment"), ("register",)),
    Item("8", Said("疾病相关费用和节省，单独列出", "offsets, shown apart"), ("budget",)),
    Item("9", Said("时限：一至五年，逐年", "horizon of years, by year"), ("budget",)),
    Item("10", Said("不贴现", "not discounted"), ("budget",)),
    Item(
        "11", Said("逐年和累计的结果，人均", "results by year and in all, by member"), ("members",)
    ),
    Item("12", Said("单因素分析", "one-way analyses"), ("one-way",)),
    Item("13", Said("情景分析", "scenarios"), ("scenarios",)),
    Item("14", Said("模型可由他人复算", "the model can be run again by others"), ("hash",)),
    Item("15", Said("与实际支出的比对", "validation against real spending")),
    Item("16", Said("数据来源", "sources of inputs"), ("sources",)),
)
"""Principles of good practice for budget impact analysis, ISPOR 2014."""


def present(dossier: Dossier) -> frozenset[str]:
    """What a dossier holds, by the keys of `SECTIONS`."""
    held = {
        "summary": True,
        "hash": True,
        "ceilings": bool(dossier.ceilings),
        "budget": bool(dossier.budgets),
        "scenarios": len(dossier.budgets) > 1,
        "members": bool(dossier.budgets and dossier.budgets[0].members),
        "economics": bool(dossier.strategies),
        "effect-unit": bool(dossier.effect_unit),
        "one-way": dossier.ceiling_tornado is not None or dossier.impact_tornado is not None,
        "draws": bool(dossier.uncertain),
        "register": bool(dossier.register),
        "sources": bool(dossier.register) and all(map(_has_source, dossier.register)),
    }
    return frozenset(key for key, holds in held.items() if holds)


def _has_source(one: Register) -> bool:
    """An input has a source of its own, or follows from others that have one."""
    return bool(one.source) or not _NUMBER.fullmatch(one.value)


def checklist_table(items: Sequence[Item], title: Said, dossier: Dossier, reader: Reader) -> Table:
    """A checklist with where each item is answered, or that it is not reported."""
    held = present(dossier)
    columns = (
        column(reader, "", is_number=True),
        column(reader, Said("条目", "item"), is_number=False),
        column(reader, Said("所在位置", "where"), is_number=False),
    )
    rows = [(one.number, one.words.text(reader), _where(one, held).text(reader)) for one in items]
    return Table("checklist", title.text(reader), columns, rows)


def _where(item: Item, held: frozenset[str]) -> Said:
    if not item.needs or not held.issuperset(item.needs):
        return NOT_REPORTED
    return SECTIONS[item.needs[0]]
