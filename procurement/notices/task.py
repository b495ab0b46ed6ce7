"""What waits for somebody; every stage lists its own."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, as the home page shows it.

    Attributes:
        zh: What to do, in Chinese.
        en: The same in English.
        link: The page on which it is done.
        due_at: Deadline, if there is one.
        urgent: Somebody else waits for it.
    """

    zh: str
    en: str
    link: str
    due_at: datetime | None = None
    urgent: bool = False
