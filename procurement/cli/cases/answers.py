"""The results of a case by name, each worked out when it is asked for."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from procurement.cli.cases.expectation import Expectation, Value

Result = Value
"""What was computed; nothing where there is none, as no ratio for a dominated strategy."""

FromName = Callable[[re.Match[str]], Result]
"""Works out a result whose name holds a number, such as ``max_price_wtp_10000``."""


class UnknownNameError(KeyError):
    """A case expects a result of a name that its kind does not have."""


@dataclass(frozen=True, slots=True)
class Answers:
    r"""What a kind of case can answer.

    Attributes:
        named: Results by name, or what works them out.
        patterns: Regular expressions for whole names, and what works out such a result.
        not_derivable: Names of what was published beside the results but does not follow from
            the inputs, and why, in Chinese and English.

    Examples:
        >>> answers = Answers({"cost": 12.0}, {r"twice_(\d+)": lambda name: 2 * float(name[1])})
        >>> answers["cost"], answers["twice_21"]
        (12.0, 42.0)
    """

    named: Mapping[str, Result | Callable[[], Result]]
    patterns: Mapping[str, FromName] = field(default_factory=dict)
    not_derivable: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Result:
        """The result of a name.

        Raises:
            UnknownNameError: There is none.
        """
        if name in self.named:
            found = self.named[name]
            return found() if callable(found) else found
        for pattern, work_out in self.patterns.items():
            match = re.fullmatch(pattern, name)
            if match is not None:
                return work_out(match)
        raise UnknownNameError(name)

    @property
    def known(self) -> list[str]:
        """Names that can be asked for; patterns as they are."""
        return [*self.named, *self.patterns]


def given_in_words(expected: Iterable[Expectation], why: tuple[str, str]) -> Answers:
    """Answers of a case that asks for nothing: all that it states is said in words."""
    return Answers({}, not_derivable={one.name: why for one in expected})
