"""What a session refuses, in both languages."""

from pricing.session.events import EVENT_WORDS, Event


class SessionRefusedError(ValueError):
    """An event that the session does not allow; nothing has changed.

    The texts go to the side that acted and to nobody else: those about an offer of the negotiators
    speak of the maximum payable price, which the maker never learns.

    Attributes:
        code: Why, as one word: ``not-now``, ``price-needed``, ``price-not-wanted``,
            ``price-not-positive``, ``already-opened``, ``not-opened``, ``offer-too-high``,
            ``quote-too-high`` or ``nothing-to-accept``.
        event: What was refused.
        zh: Why, in Chinese.
        en: Why, in English.
    """

    def __init__(self, code: str, event: Event, *, zh: str, en: str) -> None:
        """Keep the reason and the texts, led by what was tried."""
        name_zh, name_en = EVENT_WORDS[event.kind]
        super().__init__(f"{name_en}: {en}")
        self.code = code
        self.event = event
        self.zh = f"{name_zh}：{zh}"
        self.en = f"{name_en}: {en}"
