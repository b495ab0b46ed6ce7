"""The tables of organisations and people."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base, Moment


class OrganisationKind(StrEnum):
    """What an organisation is."""

    BUREAU = "bureau"
    MANUFACTURER = "manufacturer"
    HOSPITAL = "hospital"
    PHARMACY = "pharmacy"
    DISTRIBUTOR = "distributor"
    FUND_AGENCY = "fund-agency"
    KEYHOLDER = "keyholder"
    OBSERVER = "observer"


class RelationKind(StrEnum):
    """How one organisation is related to another; read ``subject`` *kind* ``related``."""

    AGENT_OF = "agent-of"
    """Domestic agent of an overseas marketing authorisation holder."""
    MAKES_FOR = "makes-for"
    """Produces on commission for the holder."""
    ACTIVE_INGREDIENT_FROM = "active-ingredient-from"
    LICENCE_FROM = "licence-from"
    """Took over the marketing authorisation."""
    CONTROLLED_BY = "controlled-by"
    MEMBER_OF_GROUP = "member-of-group"
    """Member of the medical group that the related hospital leads and reports for."""
    PART_OF_ALLIANCE = "part-of-alliance"
    """Bureau that takes part in the alliance of which the related bureau is the lead office."""


class Organisation(Base):
    """A bureau, manufacturer, hospital or other body; it may exist without any account."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)

    kind: Mapped[OrganisationKind] = mapped_column(String(20), index=True)
    """One of `OrganisationKind`."""

    name: Mapped[str] = mapped_column(String(200), index=True)
    short_name: Mapped[str] = mapped_column(String(100))
    """As lists and reports print it, such as 扬子江药业."""

    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    """Unified social credit code (统一社会信用代码); overseas holders have none."""

    region: Mapped[str] = mapped_column(String(6), index=True)
    """Administrative division code, 6 digits; ``000000`` is the nation, or overseas."""

    level: Mapped[str | None] = mapped_column(String(20))
    """`procurement.permissions.Level` of a bureau or fund agency."""

    institution_code: Mapped[str | None] = mapped_column(String(12), unique=True)
    """Code of a designated institution (定点医药机构代码): H or P and 11 digits."""

    legal_representative: Mapped[str | None] = mapped_column(String(100))
    authorised_person: Mapped[str | None] = mapped_column(String(100))
    is_active: Mapped[bool] = mapped_column(default=True)
    registered_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class OrganisationRelation(Base):
    """A relation between two organisations, with its days."""

    __tablename__ = "organisation_relation"
    __table_args__ = (
        # The name that the convention would give is longer than PostgreSQL allows.
        UniqueConstraint(
            "subject_id",
            "related_id",
            "kind",
            "product",
            "since_date",
            name="uq_organisation_relation_once",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    related_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[RelationKind] = mapped_column(String(30))
    product: Mapped[str] = mapped_column(String(200), default="")
    """Generic name that the relation is limited to; empty where it holds for all."""
    since_date: Mapped[date]
    until_date: Mapped[date | None]
    """Last day, or None while it holds."""
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Person(Base):
    """Somebody who signs in, for one organisation."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("directory_id", "directory_subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation: Mapped[Organisation] = relationship()
    user: Mapped[str] = mapped_column(String(200), unique=True)
    """Name to sign in with, lower case; usually an e-mail address."""
    name: Mapped[str] = mapped_column(String(100))
    roles: Mapped[str] = mapped_column(Text)
    """Values of `procurement.permissions.Role`, joined with spaces, without ``public``."""
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; None for somebody who signs in through the bureau's own directory."""
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    """Sealed with the platform's key, see `procurement.accounts.sign_in.second_factor`."""
    totp_last_step: Mapped[int | None]
    """Time step of the last code that was accepted: no code is accepted twice."""
    directory_id: Mapped[int | None] = mapped_column(ForeignKey("directory.id"))
    """The bureau's directory that vouches for the person, if any."""
    directory_subject: Mapped[str | None] = mapped_column(String(255))
    """The directory's own name of the person (``sub``)."""
    is_active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes, so that a stale page cannot overwrite a newer one."""


class SignInSession(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token in the cookie; the token itself is nowhere on the server."""
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    """Last use, exact to `sign_in.TOUCH_EVERY`."""
    expires_at: Mapped[datetime] = mapped_column(Moment)
    """End, however much it is used."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    """When it was signed out or revoked."""
    confirmed_at: Mapped[datetime] = mapped_column(Moment)
    """When password or second factor was last given."""
    has_second_factor: Mapped[bool]
    by_directory: Mapped[bool]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(300), default="")
    """What the browser says it is, for the list of one's own sessions."""


class Throttle(Base):
    """Failures counted for one name or one address within a window."""

    __tablename__ = "throttle"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """Kind and SHA-256 of what is counted: names that nobody has are not kept in clear."""
    failures: Mapped[int]
    window_ends_at: Mapped[datetime] = mapped_column(Moment)
    blocked_until: Mapped[datetime | None] = mapped_column(Moment)


class RecoveryCode(Base):
    """A code that replaces the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Invitation(Base):
    """A link with which one person may join an organisation, once."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user: Mapped[str | None] = mapped_column(String(200))
    """The name to sign in with; None where whoever accepts may choose it."""
    name: Mapped[str] = mapped_column(String(100))
    roles: Mapped[str] = mapped_column(Text)
    """As in `Person`."""
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None for the first officers, invited from the command line."""
    invited_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    renews: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """A member whose forgotten password it renews; None for somebody who joins."""


class ApiToken(Base):
    """A token with which a machine acts for the person who made it."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token_start: Mapped[str] = mapped_column(String(12))
    """First characters, to recognise it in a list."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    """Last use, exact to `tokens.TOUCH_EVERY`."""
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Directory(Base):
    """A bureau's own directory of people (OpenID provider)."""

    __tablename__ = "directory"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(200))
    client_secret: Mapped[str] = mapped_column(Text)
    """Sealed with the platform's key."""
    has_second_factor: Mapped[bool]
    """The bureau states that its directory asks for a second factor itself."""
    is_active: Mapped[bool] = mapped_column(default=True)
    configured_at: Mapped[datetime] = mapped_column(Moment)


class DirectorySignIn(Base):
    """A sign-in on its way through a directory, known by its ``state``."""

    __tablename__ = "directory_sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    directory_id: Mapped[int] = mapped_column(ForeignKey("directory.id"))
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the cookie of the browser that began: nobody can finish it in another."""
    sealed: Mapped[str] = mapped_column(Text)
    """Nonce and PKCE verifier, sealed with the platform's key."""
    return_to: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)


class Certificate(Base):
    """An X.509 certificate that a configured authority issued to an organisation."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the DER encoding, hexadecimal."""
    suite: Mapped[str] = mapped_column(String(10))
    """``intl-1`` or ``sm-1``."""
    certificate: Mapped[str] = mapped_column(Text)
    """PEM."""
    subject: Mapped[str] = mapped_column(String(500))
    issuer: Mapped[str] = mapped_column(String(500))
    valid_from: Mapped[datetime] = mapped_column(Moment)
    valid_until: Mapped[datetime] = mapped_column(Moment)
    bound_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class SigningKey(Base):
    """The key that signs an organisation's bids; a certificate vouches for it."""

    __tablename__ = "signing_key"
    __table_args__ = (UniqueConstraint("suite", "public_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    suite: Mapped[str] = mapped_column(String(10))
    public_key: Mapped[str] = mapped_column(String(130))
    """Hexadecimal: 32 bytes of Ed25519, or 65 bytes of SM2 (04, x, y)."""
    statement: Mapped[str] = mapped_column(Text)
    """The sentence that binds the key, which both signatures cover."""
    key_signature: Mapped[str] = mapped_column(Text)
    """By the key itself, hexadecimal: whoever bound it holds it."""
    certificate_signature: Mapped[str] = mapped_column(Text)
    """By the certificate: CMS (detached), base64."""
    bound_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    bound_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class KeyChallenge(Base):
    """A one-time number that a new key has to sign."""

    __tablename__ = "key_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    challenge: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
