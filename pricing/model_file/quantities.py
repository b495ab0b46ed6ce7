"""Which values an input may have, and whether it is money."""

import math
from dataclasses import dataclass

from pricing.faults import shown


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number is for.

    Attributes:
        zh: Its name in messages, in Chinese.
        en: The same in English.
        least: The smallest value that it may have.
        most: The largest.
        above_least: Whether the smallest value itself is not allowed.
        money: Whether it is money; None where it may be anything.
        whole: Whether it is a whole number.
    """

    zh: str
    en: str
    least: float = -math.inf
    most: float = math.inf
    above_least: bool = False
    money: bool | None = False
    whole: bool = False

    def admits(self, lowest: float, highest: float) -> bool:
        """Whether all values from one number to another are allowed.

        Examples:
            >>> PROBABILITY.admits(0.0, 1.0), PROBABILITY.admits(0.5, 1.2)
            (True, False)
        """
        if not (math.isfinite(lowest) and math.isfinite(highest)):
            return False
        if self.whole and not (lowest.is_integer() and highest.is_integer()):
            return False
        low_enough = lowest > self.least if self.above_least else lowest >= self.least
        return low_enough and highest <= self.most

    def expected(self) -> tuple[str, str]:
        """What was expected, in Chinese and English."""
        whole_zh, whole_en = ("整数", "whole number") if self.whole else ("数", "number")
        if math.isfinite(self.least) and math.isfinite(self.most):
            low, high = shown(self.least), shown(self.most)
            return f"{low} 与 {high} 之间的{whole_zh}", f"a {whole_en} from {low} to {high}"
        if math.isfinite(self.least):
            low = shown(self.least)
            words = ("大于", "above") if self.above_least else ("不小于", "not below")
            return f"{words[0]} {low} 的{whole_zh}", f"a {whole_en} {words[1]} {low}"
        return f"一个{whole_zh}", f"a {whole_en}"


ANYTHING = Quantity("数值", "a number", money=None)
PLAIN = Quantity("数值", "a number")
EFFECT = Quantity("效果", "an effect", money=None)
MONEY = Quantity("金额", "an amount", money=True)
COST = Quantity("费用", "a cost", least=0, money=True)
PRICE = Quantity("价格", "a price", least=0, money=True)
UNITS = Quantity("数量", "units", least=0)
PEOPLE = Quantity("人数", "people", least=0)
COUNT = Quantity("计数", "a count", least=0)
PROBABILITY = Quantity("概率", "a probability", least=0, most=1)
SHARE = Quantity("份额", "a share", least=0, most=1)
PART = Quantity("比例", "a part", least=0, most=1)
GROWTH = Quantity("增长率", "a growth", least=-1, above_least=True)
DISCOUNT = Quantity("贴现率", "a discount rate", least=-1, above_least=True)
POSITIVE = Quantity("数值", "a number", least=0, above_least=True)
