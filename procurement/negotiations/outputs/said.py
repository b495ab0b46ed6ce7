"""Texts in both languages, for somebody who reads one of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A text in both languages; in place of ¤ stands the currency of the model."""

    zh: str
    en: str

    def text(self, reader: "Reader") -> str:
        """The text that somebody reads.

        Examples:
            >>> Said("价格（¤）", "price, ¤").text(Reader("en"))
            'price, yuan'
        """
        if reader.is_english:
            return self.en.replace("¤", reader.money.en)
        return self.zh.replace("¤", reader.money.zh)


YUAN = Said("元", "yuan")

CURRENCIES = {
    "CNY": YUAN,
    "GBP": Said("英镑", "GBP"),
    "USD": Said("美元", "USD"),
    "EUR": Said("欧元", "EUR"),
    "JPY": Said("日元", "JPY"),
}
"""Names of the currencies that the units of a model may have."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something is written.

    Attributes:
        language: ``zh`` or ``en``.
        money: The currency of the model.
    """

    language: str
    money: Said = YUAN

    @property
    def is_english(self) -> bool:
        """Whether it is written in English."""
        return self.language == "en"
