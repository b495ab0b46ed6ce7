"""Words of the statements, in Chinese and English."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from procurement.rounds.rulebook_words import Pair, Voice, halves, in_words
from procurement.rounds.savings_words import SAVINGS_WORDS
from procurement.savings.rules import Parameter, SchemeRules
from procurement.savings.rules.exact import shown
from rulebooks.vocabulary.savings import SAVINGS_TERMS

Text = Callable[[str, str], str]
"""Chooses the language of two texts."""

REASONS: Mapping[str, Pair] = {
    "empty-agreed-volume": ("约定采购量为零", "nothing was agreed"),
    "not-completed": ("未完成约定采购量", "agreed volume not completed"),
    "assessment-failed": ("考核不合格", "assessment failed"),
    "follow-on": ("接续采购不再留用", "a follow-on round earns nothing"),
    "negative-base": ("结余测算基数为负", "the savings base is negative"),
    "negative-sum": ("相抵后为负", "negative after netting"),
}
"""Why nothing is kept."""

GIVEN_BY: Mapping[str, Pair] = {
    "scheme": ("本次清算给出", "given by this settlement"),
    "rulebook": ("规则规定", "by the rulebook"),
    "not-given": ("未给出，未用到", "not given, not needed"),
}
NOT_VERIFIED: Pair = ("规则规定，未核实", "by the rulebook, not verified")
PAID_AT: Pair = (
    "拨付时按医疗机构四舍五入到分",
    "half up to the cent, by hospital, when it is paid",
)


def indicator_words(key: str, voice: Voice) -> str:
    """Name an indicator of the assessment.

    Examples:
        >>> indicator_words("volume-completion", Voice("zh"))
        '约定采购量完成率'
    """
    return voice.say(SAVINGS_WORDS.get(key, halves(key)))


def reasons_words(reasons: tuple[str, ...], voice: Voice) -> str:
    """Say why nothing is kept; empty where something is.

    Examples:
        >>> reasons_words(("not-completed",), Voice("en"))
        'agreed volume not completed'
    """
    return voice.join([voice.say(REASONS.get(one, (one, one))) for one in reasons])


def parameter_rows(rules: SchemeRules, voice: Voice) -> Iterator[tuple[str, str, str]]:
    """Name, value and origin of each thing that texts leave open."""
    for one in rules.parameters:
        term = SAVINGS_TERMS[one.key]
        by = (
            NOT_VERIFIED
            if one.given_by == "rulebook" and not one.verified
            else GIVEN_BY[one.given_by]
        )
        yield voice.say((term.zh, term.en)), _value(one, voice), voice.say(by)


def _value(parameter: Parameter, voice: Voice) -> str:
    if parameter.value is None:
        return voice.say(PAID_AT) if parameter.key == "rounding" else "—"
    term = SAVINGS_TERMS[parameter.key]
    return voice.join(in_words(parameter.key, term, parameter.value, voice))


def rule_rows(rules: SchemeRules, voice: Voice) -> Iterator[tuple[str, str, str, bool]]:
    """Name, value, source and whether it is verified, of each rule of the rulebook."""
    for key, rule in rules.rulebook.rules.items():
        term = SAVINGS_TERMS.get(key)
        if term is None:
            continue
        words = voice.join(in_words(key, term, rule.value, voice))
        yield voice.say((term.zh, term.en)), words, voice.say(halves(rule.source)), rule.verified


def unknown_rows(rules: SchemeRules, voice: Voice) -> Iterator[str]:
    """What the document must contain, no source states, and this settlement did not need."""
    for key, unknown in rules.rulebook.unknown.items():
        if not rules.knows(key):
            yield voice.say(unknown.what)


def unverified_names(rules: SchemeRules, voice: Voice) -> list[str]:
    """Names of the rules that apply and that no source states."""
    terms = [SAVINGS_TERMS[key] for key in rules.unverified]
    return [voice.say((term.zh, term.en)) for term in terms]


def money_words(amount: Decimal | None) -> str:
    """Print yuan exactly, with thousands separators and at least two decimals.

    Examples:
        >>> money_words(Decimal("1234.56789")), money_words(Decimal("-34020")), money_words(None)
        ('1,234.56789', '-34,020.00', '—')
    """
    if amount is None:
        return "—"
    text = shown(abs(amount), least_decimals=2)
    whole, _, decimals = text.partition(".")
    return f"{'-' if amount < 0 else ''}{int(whole):,}.{decimals}"


def ratio_words(ratio: Decimal | None) -> str:
    """Print a ratio exactly.

    Examples:
        >>> ratio_words(Decimal("0.60")), ratio_words(None)
        ('0.6', '—')
    """
    return "—" if ratio is None else shown(ratio)


def percent_words(share: Decimal | None, decimals: int = 2) -> str:
    """Print a share as per cent, rounded down: what is not completed never reads as 100 %.

    Examples:
        >>> percent_words(Decimal("0.99999")), percent_words(Decimal("0.4")), percent_words(None)
        ('99.99%', '40%', '—')
    """
    if share is None:
        return "—"
    step = Decimal(10) ** -decimals
    return f"{shown((share * 100).quantize(step, 'ROUND_FLOOR'))}%"
