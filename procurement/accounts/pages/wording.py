"""What organisations and relations are called on pages, in Chinese and in English."""

from collections.abc import Mapping

from procurement.accounts.divisions import NATION, PROVINCES
from procurement.accounts.tables import OrganisationKind, RelationKind
from procurement.permissions import Level

KIND_NAMES: Mapping[str, tuple[str, str]] = {
    OrganisationKind.BUREAU: ("采购办", "Purchasing bureau"),
    OrganisationKind.MANUFACTURER: ("企业", "Manufacturer"),
    OrganisationKind.HOSPITAL: ("医疗机构", "Hospital"),
    OrganisationKind.PHARMACY: ("零售药店", "Pharmacy"),
    OrganisationKind.DISTRIBUTOR: ("配送企业", "Distributor"),
    OrganisationKind.FUND_AGENCY: ("医保经办机构", "Fund agency"),
    OrganisationKind.KEYHOLDER: ("密钥持有机构", "Keyholder"),
    OrganisationKind.OBSERVER: ("监督见证机构", "Observer"),
}

LEVEL_NAMES: Mapping[str, tuple[str, str]] = {
    Level.NATIONAL: ("国家级", "national"),
    Level.PROVINCIAL: ("省级", "provincial"),
    Level.CITY: ("市级", "city"),
    Level.COUNTY: ("县级", "county"),
}

RELATION_NAMES: Mapping[str, tuple[str, str, str, str]] = {
    RelationKind.AGENT_OF: (
        "境内代理人，所代理的境外持有人：",
        "Domestic agent of the overseas holder",
        "境内代理人：",
        "Domestic agent",
    ),
    RelationKind.MAKES_FOR: (
        "受托生产，委托方：",
        "Makes on commission for",
        "受托生产企业：",
        "Made on commission by",
    ),
    RelationKind.ACTIVE_INGREDIENT_FROM: (
        "原料药来源：",
        "Active ingredient from",
        "供应原料药给：",
        "Supplies active ingredient to",
    ),
    RelationKind.LICENCE_FROM: (
        "上市许可转让方：",
        "Marketing authorisation taken over from",
        "上市许可受让方：",
        "Marketing authorisation given to",
    ),
    RelationKind.CONTROLLED_BY: ("控制方：", "Controlled by", "控制：", "Controls"),
    RelationKind.MEMBER_OF_GROUP: (
        "所在医共体牵头医院：",
        "Member of the medical group led by",
        "医共体成员：",
        "Leads a medical group with the member",
    ),
    RelationKind.PART_OF_ALLIANCE: (
        "所在联盟牵头单位：",
        "Takes part in the alliance led by",
        "联盟成员：",
        "Leads an alliance with the member",
    ),
}
"""From the subject's side in Chinese and English, then from the related one's."""


def region_options() -> list[tuple[str, tuple[str, str]]]:
    """Return the nation and every province, for lists to choose from."""
    return [(NATION, ("全国 / 境外", "Nationwide / overseas")), *PROVINCES.items()]
