"""An agreement as PDF: its parties, its products, its signatures."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from procurement.accounts.tables import Organisation
from procurement.agreements.content import AgreementContent, AgreementLine
from procurement.agreements.states import PARTY_NAMES, Party
from procurement.agreements.tables import AgreementSignature, AgreementSigning
from procurement.awards.regions.choosers import region_name
from procurement.rounds.document.pdf import fill_template
from procurement.web.printing import print_moment

TEMPLATE = "agreements/agreement.typ"

# What the sources say of such agreements, and no more; a bureau's own clauses go with them.
CLAUSES = (
    (
        "医疗机构在协议期内优先采购和使用中选药品，完成约定采购量；"
        "超过约定采购量的部分，中选企业在协议期内仍按中选价供应。",
        "Within the term the hospital buys and uses the selected medicines first and completes the "
        "agreed volume; what it needs beyond is supplied at the selected price too.",
    ),
    (
        "中选企业是保障供应的第一责任人，委托配送企业按订单及时配送。",
        "The selected manufacturer is first responsible for the supply, and lets the distributor "
        "deliver orders in time.",
    ),
    (
        "医疗机构是货款结算的第一责任人，按国家和当地规定的时限结清货款。",
        "The hospital is first responsible for payment, within the time that national and local "
        "rules set.",
    ),
    (
        "约定采购量的调剂和调减须经采购办批准，批准后重新签署。",
        "Transfers and reductions of the agreed volume need a bureau's approval, and are signed "
        "anew.",
    ),
)


@dataclass(frozen=True, slots=True)
class PrintedAgreement:
    """What is printed; every text is ready to be read."""

    title: str
    subtitle: str
    lang: str
    region: str
    imprint: str
    facts: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    clauses: Sequence[str]
    signatures: Sequence[tuple[str, str]]


def print_agreement(
    content: AgreementContent,
    signed: Sequence[tuple[AgreementSignature, AgreementSigning]],
    *,
    language: str,
    moment: datetime,
) -> bytes:
    """Print an agreement as PDF.

    Args:
        content: What it says, as far as the reader may see it.
        signed: Who signed it.
        language: ``zh`` or ``en``.
        moment: When it is printed.

    Raises:
        FontsMissingError: The machine lacks the Chinese fonts.
    """
    form = _form(content, signed, language)
    return fill_template(TEMPLATE, inputs={"form": asdict(form)}, moment=moment)


Text = Callable[[str, str], str]


def _form(
    content: AgreementContent,
    signed: Sequence[tuple[AgreementSignature, AgreementSigning]],
    language: str,
) -> PrintedAgreement:
    def text(zh: str, en: str) -> str:
        return en if language == "en" else zh

    row = content.agreement
    digest = row.digest or text("（未签署）", "(not signed)")
    return PrintedAgreement(
        title=text("药品集中带量采购购销协议", "Agreement on volume-based procurement"),
        subtitle=content.round_title,
        lang=language,
        region="GB" if language == "en" else "CN",
        imprint=f"{content.number} · {digest[:16]}",
        facts=[*_facts(content, text), (text("内容摘要", "Digest"), digest)],
        headings=(
            text("品种", "lot"),
            text("通用名", "product"),
            text("规格", "strength"),
            text("单位", "unit"),
            text("约定采购量", "agreed volume"),
            text("中选价（元/包装）", "price (yuan / pack)"),
        ),
        rows=[_row(line) for line in content.lines],
        clauses=[text(*clause) for clause in CLAUSES],
        signatures=[
            (text(*PARTY_NAMES[party]), _signed(party, row.revision, signed, language))
            for party in Party
        ],
    )


def _facts(content: AgreementContent, text: Text) -> list[tuple[str, str]]:
    def organisation(one: Organisation | None) -> str:
        if one is None:
            return text("（未选定）", "(not chosen)")
        return f"{one.name} {one.credit_code or ''}".strip()

    days = f"{content.starts_on.isoformat()} – {content.ends_on.isoformat()}"
    return [
        (text("协议编号", "Number"), content.number),
        (text("版次", "Revision"), str(content.agreement.revision)),
        *((text(*PARTY_NAMES[party]), organisation(content.parties.get(party))) for party in Party),
        (text("地区", "Region"), text(*region_name(content.agreement.region))),
        (text("协议期", "Term"), days),
    ]


def _row(line: AgreementLine) -> tuple[str, ...]:
    prices = "; ".join(f"{one.pack_price} / {one.pack_units}" for one in line.prices)
    return (line.lot, line.product, line.strength, line.unit, f"{line.volume:,}", prices or "—")


def _signed(
    party: Party,
    revision: int,
    signed: Sequence[tuple[AgreementSignature, AgreementSigning]],
    language: str,
) -> str:
    for signature, signing in signed:
        if signature.party == party and signature.revision == revision:
            return f"{signing.person_name} {print_moment(signing.signed_at, language)}"
    return ""
