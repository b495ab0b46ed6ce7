"""Write a procurement document from the plan of a round and the rules that govern it.

One rulebook both computes and writes: every rule that the evaluation asks for is a clause here,
with its value filled in, and nothing else states a rule.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bidding.rules import NO_SUCH_RULE, RoundRules
from procurement.rounds.document.clause import (
    OPEN,
    Certainty,
    Clause,
    Document,
    Said,
    Section,
)
from procurement.rounds.document.figures import halves, same
from procurement.rounds.document.plan import RoundPlan
from procurement.rounds.document.sentences import SENTENCES
from procurement.rounds.document.standing import STANDING, Ground, Standing
from rulebooks import Bilingual, Rule, Rulebook
from rulebooks.vocabulary import VOCABULARY

SECTIONS: Mapping[str, Bilingual] = {
    "general": Bilingual("总则与用语", "General provisions and terms"),
    "products": Bilingual("采购品种与最高有效申报价", "Lots and ceilings"),
    "volume": Bilingual("采购周期与约定采购量", "Cycle and agreed volume"),
    "eligibility": Bilingual("申报资格与材料", "Eligibility and papers"),
    "sealing": Bilingual("申报要求与密封", "Declaring and sealing"),
    "opening": Bilingual("申报信息公开", "Opening of declarations"),
    "evaluation": Bilingual("评审与拟中选规则", "Evaluation and provisional selection"),
    "revival": Bilingual("同价与复活", "Equal prices and revival"),
    "regions": Bilingual("供应地区选择", "Choice of regions"),
    "notice": Bilingual("公示与异议", "Notice and objections"),
    "agreement": Bilingual("中选与协议", "Selection and agreements"),
    "breach": Bilingual("违约与信用", "Breach and credit rating"),
    "forms": Bilingual("附件", "Annex"),
}
"""By id, in the order of the document."""

ANNEX = "forms"

FINAL = Bilingual("采购文件", "Procurement document")
DRAFT = Bilingual("采购文件（征求意见稿）", "Procurement document (draft for comments)")

PLATFORM = "平台通用条款 / standing clause of the platform"
ROUND_FACT = "本批次登记的事实 / facts of the round"
ROUND_OPTION = "本批次选定，规则书未载明 / chosen for this round; the rulebook leaves it open"


def write_document(
    plan: RoundPlan,
    rulebook: Rulebook,
    *,
    kind: Bilingual = FINAL,
    dated: Bilingual | None = None,
) -> Document:
    """Write the document of a round.

    What is not known yet is printed as 待定 and marked `Certainty.OPEN`; a document with such a
    clause cannot be published.

    Args:
        plan: The facts of the round, with the options that it supplies.
        rulebook: The rules that govern it, amendments applied.
        kind: Draft or final.
        dated: Day of issue in words.

    Raises:
        BadOptionError: An option of the plan is not declared by the rulebook, or of another kind.

    Examples:
        >>> from rulebooks import load_rulebook
        >>> document = write_document(RoundPlan("r", "示例批次"), load_rulebook("national-3"))
        >>> clause = document.find("selection.ratio_to_lowest")
        >>> clause.number, clause.title.zh, "1.8" in clause.said.text.zh
        ('7.6', '与最低单位可比价之比', True)
        >>> document.find("ranking.tie_breaks").is_open
        True
    """
    rules = RoundRules(rulebook, plan.options)
    ground = Ground(plan, rules)
    sections: list[Section] = []
    for section, title in SECTIONS.items():
        clauses = tuple(_clauses(section, len(sections) + 1, ground))
        if clauses:
            number = len(sections) + 1
            sections.append(Section(section, number, title, clauses, is_annex=section == ANNEX))
    return Document(
        title=plan.title,
        kind=kind,
        issuer=ground.issuer,
        reference=rulebook.document,
        dated=dated or same(""),
        rulebook=rulebook.id,
        rulebook_digest=rulebook.digest,
        sections=tuple(sections),
    )


def _clauses(section: str, number: int, ground: Ground) -> Iterable[Clause]:
    """The clauses of a section: first facts and standing ones, then rules, then the rest."""
    own = [standing for standing in STANDING if standing.section == section]
    rules = [key for key, sentence in SENTENCES.items() if sentence.section == section]
    ordered = [key for key in VOCABULARY["round"] if key in rules and ground.has(key)]
    made = [
        *_standing((one for one in own if not one.is_last), ground),
        *(_rule(key, ground) for key in ordered),
        *_standing((one for one in own if one.is_last), ground),
    ]
    for position, clause in enumerate(made, start=1):
        label = f"附件 {position}" if section == ANNEX else f"{number}.{position}"
        yield replace(clause, number=label, said=_pointed(clause.said))


def _pointed(said: Said) -> Said:
    """The same, with a mark at the end of every numbered point."""
    last = len(said.items) - 1
    return replace(
        said,
        items=tuple(
            Bilingual(
                _ended(item.zh, "。" if position == last else "；", "。；：！？"),
                _ended(item.en, "." if position == last else ";", ".;:!?"),
            )
            for position, item in enumerate(said.items)
        ),
    )


def _ended(text: str, mark: str, marks: str) -> str:
    return text if text.endswith(tuple(marks)) else text + mark


def _standing(entries: Iterable[Standing], ground: Ground) -> Iterable[Clause]:
    for entry in entries:
        said = entry.write(ground)
        if said is None:
            continue
        source = ROUND_FACT if entry.certainty is Certainty.FACT else PLATFORM
        certainty = Certainty.OPEN if entry.is_open(ground) else entry.certainty
        yield Clause(entry.id, "", entry.title, said, certainty, source)


def _rule(key: str, ground: Ground) -> Clause:
    sentence, rulebook = SENTENCES[key], ground.rules.rulebook
    if not ground.rules.knows(key):
        what = rulebook.unknown[key].what
        # What a simulation would assume is a hint for officers; a document never assumes.
        zh, en = what.zh.split("；测算时")[0], what.en.split("; simulations")[0]
        said = Said(Bilingual(f"{OPEN.zh}：{zh}。", f"To be decided: {en}."))
        return Clause(key, "", sentence.title, said, Certainty.OPEN, "", f"{what.zh} / {what.en}")
    said = sentence.write(ground.rules.value(key))
    if ground.plan.options.get(key, NO_SUCH_RULE) != NO_SUCH_RULE:
        return Clause(key, "", sentence.title, said, Certainty.OPTION, ROUND_OPTION)
    rule = rulebook.rules[key]
    return Clause(key, "", sentence.title, said, _certainty(rule), _source(rule), _note(rule))


def _certainty(rule: Rule) -> Certainty:
    if not rule.verified:
        return Certainty.UNVERIFIED
    return Certainty.PARTLY if rule.unverified else Certainty.STATED


def _source(rule: Rule) -> str:
    clause = f"（{rule.clause}）" if rule.clause else ""
    return f"{rule.source}{clause}"


def _note(rule: Rule) -> str:
    if not rule.unverified:
        return rule.note
    entries = ", ".join(rule.unverified)
    doubt = halves(f"待核条目：{entries} / entries to be checked: {entries}")
    return f"{doubt.zh} / {doubt.en}。{rule.note}" if rule.note else f"{doubt.zh} / {doubt.en}"
