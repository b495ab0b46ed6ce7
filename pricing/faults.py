"""What can be wrong with a model: every fault says where, what was found and what was expected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

FAULTS_SHOWN = 200
"""A model with more faults shows the first ones and says how many more there are."""

_SHOWN = 60


class ModelError(ValueError):
    """Base of all refusals of a model."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a model.

    Attributes:
        where: File, line and column (``model.toml:12:9``), or the path of an input.
        zh: What is wrong and what was expected, in Chinese.
        en: The same in English.

    Examples:
        >>> print(Fault("model.toml:3:9", "概率大于 1", "a probability of 1.2: expected 0 to 1"))
        model.toml:3:9: a probability of 1.2: expected 0 to 1
    """

    where: str
    zh: str
    en: str

    def __str__(self) -> str:
        """The fault in one line, in English."""
        return one_line(f"{self.where}: {self.en}")

    def text(self, language: str) -> str:
        """The fault in one line, in ``zh`` or ``en``."""
        return one_line(f"{self.where}: {self.zh if language == 'zh' else self.en}")


class ModelFaultsError(ModelError):
    """A model cannot be used; the message has one line for each fault.

    Attributes:
        faults: In the order in which they stand in the files, at most ``FAULTS_SHOWN``.
        more: How many were found beyond those.
    """

    def __init__(self, faults: Iterable[Fault], more: int = 0) -> None:
        """Keep the faults as values and put their lines into the message."""
        found = tuple(faults)
        self.faults: Sequence[Fault] = found[:FAULTS_SHOWN]
        self.more = more + len(found) - len(self.faults)
        lines = [str(fault) for fault in self.faults]
        if self.more:
            lines.append(f"... and {self.more} more")
        super().__init__("\n".join(lines))


@dataclass(slots=True)
class FaultList:
    """Collects faults, so that they can be shown together.

    Examples:
        >>> faults = FaultList()
        >>> faults.add("discount_cost", "缺少", "is missing: expected a number")
        >>> faults.raise_if_any()
        Traceback (most recent call last):
        pricing.faults.ModelFaultsError: discount_cost: is missing: expected a number
    """

    faults: list[Fault] = field(default_factory=list)
    more: int = 0

    def add(self, where: object, zh: str, en: str) -> None:
        """Note a fault once; beyond ``FAULTS_SHOWN`` it is only counted."""
        fault = Fault(str(where), zh, en)
        if fault in self.faults:
            return
        if len(self.faults) >= FAULTS_SHOWN:
            self.more += 1
        else:
            self.faults.append(fault)

    def raise_if_any(self) -> None:
        """Raise the faults that were collected.

        Raises:
            ModelFaultsError: There is at least one.
        """
        if self.faults:
            raise ModelFaultsError(self.faults, self.more)


def quoted(value: object) -> str:
    """A value as a message shows it: in quotes, on one line, not too long.

    Examples:
        >>> quoted("1,200")
        "'1,200'"
    """
    text = str(value)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def shown(number: float) -> str:
    """A number as a message shows it.

    Examples:
        >>> shown(0.97), shown(28800.0), shown(-0.030000000000000027)
        ('0.97', '28800', '-0.03')
    """
    return f"{number:.10g}"


def one_line(text: str) -> str:
    r"""A text with its control characters and line breaks escaped.

    Examples:
        >>> one_line("a\nb")
        'a\\nb'
    """
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
