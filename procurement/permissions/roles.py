"""The roles that people have, and the levels of bureaus."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the platform; a person may have several roles of one organisation."""

    PUBLIC = "public"
    """Anybody, signed in or not."""
    OFFICER = "officer"
    """Officer of a purchasing bureau: drafts and runs rounds (采购办经办)."""
    EVALUATOR = "evaluator"
    """Evaluator of a bureau: checks papers and evaluates (评审)."""
    SUPERVISOR = "supervisor"
    """Supervisor of a bureau: sees everything that is not sealed, changes nothing (监督)."""
    MANUFACTURER = "manufacturer"
    """For a marketing authorisation holder, or the domestic agent of an overseas one."""
    HOSPITAL = "hospital"
    """Reports volumes for a hospital, or for the members of a group that it leads."""
    DOCTOR = "doctor"
    """A hospital's doctor in charge of negotiated drugs (责任医师): sees own patients only."""
    PHARMACY = "pharmacy"
    DISTRIBUTOR = "distributor"
    FUND_AGENCY = "fund-agency"
    KEYHOLDER = "keyholder"
    """Holds one of the keys that open a round's bids together."""
    NOTARY = "notary"
    """Observes a round for the notary office (公证)."""
    INSPECTOR = "inspector"
    """Observes a round for discipline inspection (纪检)."""
    ADMINISTRATOR = "administrator"
    """Invites people into the own organisation and makes its tokens."""


ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.PUBLIC: ("公众", "public"),
    Role.OFFICER: ("采购办经办人", "bureau officer"),
    Role.EVALUATOR: ("采购办评审人", "bureau evaluator"),
    Role.SUPERVISOR: ("采购办监督人", "bureau supervisor"),
    Role.MANUFACTURER: ("企业", "manufacturer"),
    Role.HOSPITAL: ("医疗机构", "hospital"),
    Role.DOCTOR: ("责任医师", "responsible doctor"),
    Role.PHARMACY: ("零售药店", "pharmacy"),
    Role.DISTRIBUTOR: ("配送企业", "distributor"),
    Role.FUND_AGENCY: ("医保经办机构", "fund agency"),
    Role.KEYHOLDER: ("密钥持有人", "keyholder"),
    Role.NOTARY: ("公证员", "notary"),
    Role.INSPECTOR: ("纪检监察员", "discipline inspector"),
    Role.ADMINISTRATOR: ("机构管理员", "administrator of an organisation"),
}
"""Each role in Chinese and in English."""


class Level(StrEnum):
    """Level of a bureau or fund agency."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
