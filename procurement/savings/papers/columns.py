"""The columns of the sheet of lines: letters, heads and how a number is shown."""

from dataclasses import dataclass
from types import MappingProxyType

from procurement.rounds.rulebook_words import Pair


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: Its name in formulas.
        head: What stands above it.
        style: How its cells look.
        width: In letters.
        rule: How it follows from the others, in letters of columns; empty for what is given.
    """

    key: str
    head: Pair
    style: str = "text"
    width: int = 12
    rule: str = ""


COLUMNS = (
    Column("hospital", ("医疗机构", "hospital"), width=24),
    Column("group", ("医共体", "medical group"), width=16),
    Column("batch", ("批次和采购年度", "batch and procurement year"), width=22),
    Column("product", ("品种", "product"), width=22),
    Column("strength", ("规格", "strength"), width=14),
    Column("supplier", ("中选企业", "winner"), width=20),
    Column("unit", ("计量单位", "unit"), width=9),
    Column("pack_units", ("每包装数量", "units a pack"), "count"),
    Column("pack_price", ("中选价（元/包装）", "price of a pack, yuan"), "price"),
    Column("winning_price", ("中选单价（元）", "winning price of a unit, yuan"), "price"),
    Column("base_volume", ("约定采购量基数", "base volume"), "count"),
    Column("agreed_volume", ("约定采购量", "agreed volume"), "count"),
    Column("price_before", ("集采前均价（元）", "price before, yuan"), "price"),
    Column("payment_ratio", ("医保支付比例（预算）", "payment ratio, budget"), "ratio"),
    Column("payment_ratio_spend", ("医保支付比例（支出）", "payment ratio, spend"), "ratio"),
    Column("insured_share", ("参保人员占比", "share of the insured"), "ratio"),
    Column("winning_volume", ("中选产品入库量", "winning volume taken in"), "count"),
    Column("non_winning_volume", ("非中选产品入库量", "non-winning volume"), "count"),
    Column("non_winning_amount", ("非中选产品金额（元）", "non-winning amount, yuan"), "money"),
    Column("budget", ("医保资金预算（元）", "budget, yuan"), "money", 16),
    Column("spend", ("医保资金支出（元）", "spend, yuan"), "money", 16),
    Column("savings_base", ("结余测算基数（元）", "savings base, yuan"), "money", 16),
    Column("completion", ("完成率", "completion"), "percent"),
    Column("unit_winning", ("考核单元入库量", "volume taken in of the unit"), "count"),
    Column("unit_agreed", ("考核单元约定采购量", "agreed volume of the unit"), "count"),
    Column("completed", ("考核单元是否完成", "unit completed"), "yes"),
    Column("passed", ("考核是否合格", "assessment passed"), "yes"),
    Column("follow_on", ("是否接续", "follow-on"), "yes"),
    Column("score", ("考核得分", "score"), "points"),
    Column("ratio", ("留用比例", "share kept"), "ratio"),
    Column("draft", ("符合条件的基数×留用比例（元）", "eligible base × share, yuan"), "money", 16),
    Column("retained", ("留用金额（元）", "retained, yuan"), "result", 16),
    Column("paid_part", ("拨付额（元，到分）", "part of what is paid, yuan"), "given", 16),
    Column("fund_share", ("职工医保占比", "share of the employee fund"), "ratio"),
    Column(
        "employee", ("其中职工医保（元，未取舍）", "of it employee fund, exact, yuan"), "money", 16
    ),
    Column("reasons", ("不留用的原因", "why nothing is kept"), width=24),
    Column("budget_given", ("平台：预算", "platform: budget"), "given", 16),
    Column("spend_given", ("平台：支出", "platform: spend"), "given", 16),
    Column("base_given", ("平台：基数", "platform: base"), "given", 16),
    Column("retained_given", ("平台：留用", "platform: retained"), "given", 16),
    Column("check", ("重算与平台一致", "recomputed = platform"), "verdict"),
)
"""In the order of the sheet: what is agreed, what was used, what follows, and the check."""


def letters(place: int) -> str:
    """The letters of a column, from 0.

    Examples:
        >>> letters(0), letters(25), letters(26), letters(38)
        ('A', 'Z', 'AA', 'AM')
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


LETTERS = MappingProxyType({one.key: letters(place) for place, one in enumerate(COLUMNS)})
"""Letters of each column by its key."""
