"""The two languages: Chinese is written in the templates, English in ``locale/en/*.po``."""

from functools import cache
from gettext import NullTranslations

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from procurement.settings import resource_folder


class Words(NullTranslations):
    """Translations of one language, from its catalogues; a missing one stays Chinese."""

    def __init__(self, words: dict[str, str], plurals: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self._words = words
        self._plurals = plurals

    def gettext(self, message: str) -> str:
        """Translate a text."""
        return self._words.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Translate a text with a number; English has a singular."""
        forms = self._plurals.get(msgid1)
        if forms is None:
            return self.gettext(msgid1 if n == 1 else msgid2)
        return forms[0 if n == 1 else -1]


@cache
def translations(language: str) -> Words:
    """Read all catalogues of a language; Chinese needs none.

    Examples:
        >>> translations("zh").gettext("报量")
        '报量'
    """
    words: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for catalogue in catalogues(language).values():
        for message in catalogue:
            if isinstance(message.id, tuple) and isinstance(message.string, tuple):
                plurals[message.id[0]] = message.string
            elif message.id and message.string:
                words[str(message.id)] = str(message.string)
    return Words(words, plurals)


def catalogues(language: str) -> dict[str, Catalog]:
    """Read the catalogues of a language, by stage."""
    folder = resource_folder("locale") / language
    found: dict[str, Catalog] = {}
    for file in sorted(folder.glob("*.po")) if folder.is_dir() else ():
        with file.open("rb") as opened:
            found[file.stem] = read_po(opened, locale=language)
    return found
