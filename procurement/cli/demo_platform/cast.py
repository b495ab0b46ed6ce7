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
"""Leads both rounds."""

PROVINCE = Institution(
    _K.BUREAU,
    "安徽省药品集中采购办公室",
    "340000",
    (Member("province", "省级经办人", _R.OFFICER),),
)
"""Reviews the reports of its hospitals."""

HOSPITAL = Institution(
    _K.HOSPITAL, "市第一医院", "340100", (Member("hospital", "药剂科", _R.HOSPITAL),)
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

SEALED, REPLACED, ALSO_SEALED, ADMITTED, UNDER_CHECK, BEGINNER = (
    *("齐鲁制药", "江苏豪森", "重庆华邦", "扬子江药业", "浙江海正", "华东医药"),
)
"""Firms of the example, by how far they are: two have sealed a bid and one has replaced its, one is
admitted, the papers of one are being checked, and one has still to begin."""

BOUND = (SEALED, REPLACED, ALSO_SEALED, ADMITTED)
"""Firms whose signing key is bound to their certificate."""

WITH_ACCOUNT = (*BOUND, UNDER_CHECK, BEGINNER)

MAKERS_REGION = "310000"
"""Where a firm has its seat does not matter to the rounds."""


def maker(firm: str) -> Institution:
    """A manufacturer of the example; most have nobody who signs in.

    Examples:
        >>> maker("齐鲁制药").people[0].user, maker("礼来").people
        ('maker-1', ())
    """
    people: tuple[Member, ...] = ()
    if firm in WITH_ACCOUNT:
        number = WITH_ACCOUNT.index(firm) + 1
        people = (Member(f"maker-{number}", "申报经办", _R.MANUFACTURER),)
    return Institution(_K.MANUFACTURER, firm, MAKERS_REGION, people)


def credit_code(number: int) -> str:
    """The number-th credit code of the demo: of the right form, and given to nobody.

    Examples:
        >>> credit_code(1)
        '91000000DEM0000019'
    """
    body = f"91000000DEM{number:06d}"
    return body + check_character(body)
