"""Who is on the demo's platform. Every organisation says in its name that it is made up."""

from dataclasses import dataclass

from procurement.accounts.organisations.credit_codes import check_character
from procurement.accounts.tables import OrganisationKind
from procurement.permissions import Role

MARK = "（演示）"
"""Ends the name of every organisation: codes and people behind it are not real."""

_K, _R = OrganisationKind, Role


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organisation.

    Attributes:
        user: The name to sign in with.
        name: What the person is called: the office, never a name.
        role: The main role; the first of an organisation administers it, too.
    """

    user: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Institution:
    """An organisation and its people.

    Attributes:
        kind: What it is.
        name: Without `MARK`.
        region: Administrative division.
        people: Those who sign in, its administrator first.
    """

    kind: OrganisationKind
    name: str
    region: str
    people: tuple[Member, ...]

    @property
    def full_name(self) -> str:
        """The name as it is registered."""
        return f"{self.name}{MARK}"


BUREAU = Institution(
    _K.BUREAU,
    "药品联合采购办公室",
    "000000",
    (
        Member("officer-1", "经办人甲", _R.OFFICER),
        Member("officer-2", "经办人乙", _R.OFFICER),
        Member("evaluator", "评审人", _R.EVALUATOR),
        Member("supervisor", "监督人", _R.SUPERVISOR),
    ),
)
"""Leads all rounds."""

PROVINCE = Institution(
    _K.BUREAU,
    "安徽省药品集中采购办公室",
    "340000",
    (
        Member("province", "省级经办人", _R.OFFICER),
        Member("province-2", "省级复核人", _R.OFFICER),
    ),
)
"""Reviews the reports of its hospitals, and keeps the drug list of the dual channel."""

HOSPITAL = Institution(
    _K.HOSPITAL,
    "市第一医院",
    "340100",
    (
        Member("hospital", "药剂科", _R.HOSPITAL),
        Member("doctor-1", "责任医师", _R.DOCTOR),
    ),
)
GROUP_LEAD = Institution(
    _K.HOSPITAL,
    "县人民医院（医共体牵头）",
    "341523",
    (Member("group-lead", "医共体药剂科", _R.HOSPITAL),),
)
GROUP_MEMBERS = (
    Institution(
        _K.HOSPITAL, "县中医院", "341523", (Member("group-member-1", "药房", _R.HOSPITAL),)
    ),
    Institution(
        _K.HOSPITAL, "镇中心卫生院", "341523", (Member("group-member-2", "药房", _R.HOSPITAL),)
    ),
)
OTHER_HOSPITAL = Institution(
    _K.HOSPITAL, "区中心医院", "310104", (Member("hospital-2", "药剂科", _R.HOSPITAL),)
)
HOSPITALS = (HOSPITAL, GROUP_LEAD, *GROUP_MEMBERS, OTHER_HOSPITAL)

KEYHOLDERS = tuple(
    Institution(
        _K.KEYHOLDER,
        name,
        "000000",
        (Member(f"keyholder-{seat}", f"密钥持有人{seat}", _R.KEYHOLDER),),
    )
    for seat, name in enumerate(
        (
            "公证机构",
            "审计机构",
            "药品监管机构",
            "医疗保障基金监管机构",
            "医院协会",
            "药学会",
            "档案机构",
        ),
        start=1,
    )
)
"""Seven institutions that do not depend on each other; four of them open the bids."""

QUORUM = 4

NOTARY = Institution(_K.OBSERVER, "公证处", "000000", (Member("notary", "公证员", _R.NOTARY),))
INSPECTION = Institution(
    _K.OBSERVER, "纪检监察组", "000000", (Member("inspector", "纪检监察员", _R.INSPECTOR),)
)
OBSERVERS = (NOTARY, INSPECTION)

SEALED, REPLACED, ALSO_SEALED, ADMITTED, UNDER_CHECK, LOSER = (
    *("齐鲁制药", "江苏豪森", "重庆华邦", "扬子江药业", "浙江海正", "广州白云山"),
)
"""Firms of the example, by how far they are in the open round: two have sealed a bid and one has
replaced its, one is admitted, the papers of one are being checked. The last one lost in the round
that is decided, and has not begun here."""

BEGINNER = "新申报企业"
"""Not of the example: a firm that has still to bind its key."""

ADMITTED_FIRMS = (SEALED, REPLACED, ALSO_SEALED, ADMITTED)
"""Firms whose papers are admitted in the open round."""

WITH_ACCOUNT = (*ADMITTED_FIRMS, UNDER_CHECK, BEGINNER, LOSER)
"""Firms whose sign-ins are printed; somebody acts for the others of the example too."""

MAKERS_REGION = "310000"
"""Where a firm has its seat does not matter to the rounds."""

_MAKER = "申报经办"

DISTRIBUTORS = tuple(
    Institution(
        _K.DISTRIBUTOR,
        f"药品配送企业{name}",
        "340000",
        (Member(f"distributor-{number}", "配送经办", _R.DISTRIBUTOR),),
    )
    for number, name in enumerate(("甲", "乙"), start=1)
)

AGENCY = Institution(
    _K.FUND_AGENCY,
    "市医疗保障事务中心",
    "340100",
    (
        Member("agency-1", "结算经办人", _R.FUND_AGENCY),
        Member("agency-2", "结算复核人", _R.FUND_AGENCY),
    ),
)
"""Settles for the hospital that orders; what it instructs takes two people."""

PHARMACIES = Institution(
    _K.PHARMACY,
    "示例大药房连锁",
    "340100",
    (Member("pharmacy-1", "药店药师", _R.PHARMACY),),
)
"""Keeps the pharmacies of the dual channel."""


def maker(firm: str) -> Institution:
    """A manufacturer; those whose sign-in is printed have their person with them.

    Examples:
        >>> maker("齐鲁制药").people[0].user, maker("礼来").people
        ('maker-1', ())
    """
    people: tuple[Member, ...] = ()
    if firm in WITH_ACCOUNT:
        people = (silent_maker(WITH_ACCOUNT.index(firm) + 1),)
    return Institution(_K.MANUFACTURER, firm, MAKERS_REGION, people)


def silent_maker(number: int) -> Member:
    """Who acts for the number-th manufacturer."""
    return Member(f"maker-{number}", _MAKER, _R.MANUFACTURER)


def hospital_in(region: str, name: str) -> Institution:
    """The one hospital of a region in which nobody of the demo signs in.

    The bureau's file reports for it, so that no person is needed.

    Args:
        region: Division code of the region.
        name: Its name.

    Examples:
        >>> hospital_in("110000", "北京").full_name
        '北京医疗机构（演示）'
    """
    return Institution(_K.HOSPITAL, f"{name}医疗机构", region, ())


def credit_code(number: int) -> str:
    """The number-th credit code of the demo: of the right form, and given to nobody.

    Examples:
        >>> credit_code(1)
        '91000000DEM0000019'
    """
    body = f"91000000DEM{number:06d}"
    return body + check_character(body)
