"""A key signs an organisation's bids once a certificate vouches for it."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes

from bidding.sealing.suites import suite
from procurement.accounts.certificates.key_binding import KeyBinding, binding_statement
from procurement.accounts.certificates.revocation import note_revocations
from procurement.accounts.certificates.service import (
    CHALLENGE_LIFE,
    begin_binding,
    bind_signing_key,
    certificates_of,
    revoke_signing_key,
    signing_key_of,
    signing_keys_of,
)
from procurement.database import transaction
from procurement.errors import InvalidInputError
from procurement.permissions import NotFoundForActorError
from tests.procurement.accounts.authority import (
    DAY,
    PLAIN,
    issue,
    new_root,
    revocation_list,
    seal,
    trusting,
)
from tests.procurement.world import MOMENT, actor_of, credit_code, new_organisation, new_person

KIND_OF_SUITE = {"intl-1": "ed25519", "sm-1": "sm2"}
KEY_SECONDS = timedelta(seconds=1)


@pytest.fixture
def maker(engine):
    """A session, a manufacturer and its administrator."""
    with transaction(engine) as session:
        organisation = new_organisation(session, "manufacturer", name="演示制药有限公司")
        yield session, organisation, actor_of(new_person(session, organisation))


@pytest.fixture(scope="module", params=["intl-1", "sm-1"])
def authority(request):
    return request.param, new_root(KIND_OF_SUITE[request.param])


def certified(root, organisation, **more):
    issuing = replace(PLAIN, credit_code=organisation.credit_code, **more)
    return issue(root, organisation.name, issuing=issuing)


def binding_for(session, organisation, holder, *, name, signer=None, challenge=None):
    """A key pair and what binds it; `signer` signs in its place."""
    pair = suite(name).signing_pair(secrets.token_bytes(32))
    challenge = challenge or begin_binding(session, organisation_id=organisation.id, moment=MOMENT)
    public_key = pair.public.hex()
    statement = binding_statement(
        organisation, suite=name, public_key=public_key, challenge=challenge
    ).encode()
    signature = suite(name).sign(
        signer or pair, message=statement, random_bytes=secrets.token_bytes
    )
    return KeyBinding(
        suite=name,
        public_key=public_key,
        challenge=challenge,
        key_signature=signature.hex(),
        seal=seal(holder, statement),
    )


def bind(session, actor, binding, root, *, moment=MOMENT):
    return bind_signing_key(
        session, actor=actor, binding=binding, authorities=trusting(root), moment=moment
    )


def refused(session, actor, binding, root, **more):
    with pytest.raises(InvalidInputError) as refusal:
        bind(session, actor, binding, root, **more)
    return {fault.field for fault in refusal.value.faults}


def key_of(session, organisation, on=MOMENT, **more):
    return signing_key_of(session, organisation_id=organisation.id, on=on, **more)


def test_a_bound_key_signs_while_the_certificate_is_valid(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    assert key_of(session, organisation) is None
    binding = binding_for(session, organisation, certified(root, organisation), name=name)
    bind(session, actor, binding, root)
    assert key_of(session, organisation) == (name, bytes.fromhex(binding.public_key))
    assert key_of(session, organisation, suite=name) is not None
    assert key_of(session, organisation, suite="other") is None
    assert key_of(session, organisation, on=MOMENT - KEY_SECONDS) is None
    assert key_of(session, organisation, on=MOMENT + 335 * DAY) is not None
    assert key_of(session, organisation, on=MOMENT + 336 * DAY) is None


def test_a_revoked_key_signs_no_more_and_a_newer_one_takes_its_place(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    holder = certified(root, organisation)
    first = bind(session, actor, binding_for(session, organisation, holder, name=name), root)
    second = bind(
        session,
        actor,
        binding_for(session, organisation, holder, name=name),
        root,
        moment=MOMENT + DAY,
    )
    assert len(certificates_of(session, organisation_id=organisation.id)) == 1
    assert key_of(session, organisation, on=MOMENT)[1].hex() == first.public_key
    assert key_of(session, organisation, on=MOMENT + DAY)[1].hex() == second.public_key
    revoke_signing_key(session, actor=actor, key_id=second.id, moment=MOMENT + 2 * DAY)
    assert key_of(session, organisation, on=MOMENT + 2 * DAY)[1].hex() == first.public_key
    kept = signing_keys_of(session, organisation_id=organisation.id)
    assert [each.id for each in kept] == [second.id, first.id]


def test_a_key_that_somebody_does_not_hold_cannot_be_bound(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    thief = suite(name).signing_pair(secrets.token_bytes(32))
    holder = certified(root, organisation)
    binding = binding_for(session, organisation, holder, name=name, signer=thief)
    assert refused(session, actor, binding, root) == {"key_signature"}


def test_another_organisations_certificate_binds_nothing(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    other = new_organisation(session, "manufacturer", name=organisation.name)
    binding = binding_for(session, organisation, certified(root, other), name=name)
    assert refused(session, actor, binding, root) == {"seal"}


def test_an_unknown_authority_and_an_expired_certificate_bind_nothing(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    binding = binding_for(session, organisation, certified(root, organisation), name=name)
    assert refused(session, actor, binding, new_root(KIND_OF_SUITE[name])) == {"seal"}
    expired = certified(root, organisation, until=MOMENT - DAY)
    binding = binding_for(session, organisation, expired, name=name)
    assert refused(session, actor, binding, root) == {"seal"}


def test_a_statement_is_good_for_one_use_and_seven_days(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    holder = certified(root, organisation)
    binding = binding_for(session, organisation, holder, name=name)
    late = MOMENT + CHALLENGE_LIFE
    assert refused(session, actor, binding, root, moment=late) == {"challenge"}
    bind(session, actor, binding, root)
    again = binding_for(session, organisation, holder, name=name, challenge=binding.challenge)
    assert refused(session, actor, again, root) == {"challenge"}


def test_the_challenge_of_another_organisation_is_no_challenge(maker, authority):
    session, organisation, actor = maker
    name, root = authority
    other = new_organisation(session, "manufacturer")
    challenge = begin_binding(session, organisation_id=other.id, moment=MOMENT)
    binding = binding_for(
        session, organisation, certified(root, organisation), name=name, challenge=challenge
    )
    assert refused(session, actor, binding, root) == {"challenge"}


def test_a_key_is_bound_once(maker):
    session, organisation, actor = maker
    root = new_root()
    holder = certified(root, organisation)
    pair = suite("intl-1").signing_pair(bytes(32))

    def again():
        challenge = begin_binding(session, organisation_id=organisation.id, moment=MOMENT)
        statement = binding_statement(
            organisation, suite="intl-1", public_key=pair.public.hex(), challenge=challenge
        ).encode()
        signature = suite("intl-1").sign(pair, message=statement, random_bytes=bytes)
        return KeyBinding(
            suite="intl-1",
            public_key=pair.public.hex(),
            challenge=challenge,
            key_signature=signature.hex(),
            seal=seal(holder, statement),
        )

    bind(session, actor, again(), root)
    assert refused(session, actor, again(), root) == {"public_key"}


def test_key_and_certificate_are_of_one_suite(maker):
    session, organisation, actor = maker
    root = new_root("sm2")
    binding = binding_for(session, organisation, certified(root, organisation), name="intl-1")
    assert refused(session, actor, binding, root) == {"seal"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("suite", "rot-13"),
        ("public_key", ""),
        ("public_key", "AB" * 32),
        ("public_key", " " + "ab" * 32),
        ("public_key", "ab" * 31),
        ("key_signature", "zz"),
        ("seal", b"junk"),
    ],
)
def test_junk_is_refused_at_its_field(maker, field, value):
    session, organisation, actor = maker
    root = new_root()
    binding = binding_for(session, organisation, certified(root, organisation), name="intl-1")
    assert refused(session, actor, replace(binding, **{field: value}), root) == {field}


def test_a_stranger_cannot_revoke_a_key(maker):
    session, organisation, actor = maker
    root = new_root()
    key = bind(
        session,
        actor,
        binding_for(session, organisation, certified(root, organisation), name="intl-1"),
        root,
    )
    stranger = actor_of(new_person(session, new_organisation(session, "manufacturer")))
    with pytest.raises(NotFoundForActorError):
        revoke_signing_key(session, actor=stranger, key_id=key.id, moment=MOMENT)


def test_the_statement_names_the_organisation_by_its_code(maker):
    _, organisation, _ = maker
    statement = binding_statement(organisation, suite="intl-1", public_key="aa", challenge="bb")
    assert f"credit code: {organisation.credit_code}\n" in statement
    assert credit_code(0) not in statement


def test_the_key_of_a_certificate_that_was_taken_back_signs_no_more(maker):
    session, organisation, actor = maker
    root = new_root("ecdsa")
    holder = certified(root, organisation)
    bind(session, actor, binding_for(session, organisation, holder, name="intl-1"), root)
    signed = revocation_list(root, holder, MOMENT + DAY).sign(root.key.private, hashes.SHA256())
    authorities = replace(trusting(root), revocations=(signed,))
    assert note_revocations(session, authorities=authorities, moment=MOMENT) == 0
    noted = MOMENT + 2 * DAY
    assert note_revocations(session, authorities=authorities, moment=noted) == 1
    assert note_revocations(session, authorities=authorities, moment=noted) == 0
    assert key_of(session, organisation, on=noted - KEY_SECONDS) is not None
    assert key_of(session, organisation, on=noted) is None
