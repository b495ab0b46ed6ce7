"""The sentence of every rule that a rulebook can hold."""

from procurement.rounds.document.sentences import (
    bidders,
    comparing,
    reviving,
    selecting,
    supplying,
)
from procurement.rounds.document.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    **bidders.SENTENCES,
    **comparing.SENTENCES,
    **selecting.SENTENCES,
    **reviving.SENTENCES,
    **supplying.SENTENCES,
}
"""By key of the vocabulary; a test holds both lists equal."""

__all__ = ["SENTENCES", "Sentence"]
