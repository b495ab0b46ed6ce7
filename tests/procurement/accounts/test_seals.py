"""Seals on papers hold in both suites, and nothing else does."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7

from procurement.accounts.certificates.authorities import ChainError
from procurement.accounts.certificates.seals import SealError, verify_seal
from procurement.accounts.certificates.time_stamps import TimeStampError, verify_time_stamp
from tests.procurement.accounts.authority import (
    AUTHORITY,
    DAY,
    PLAIN,
    Issuing,
    issue,
    new_key,
    new_root,
    seal,
    stamp_token,
    time_stamp,
    trusting,
)
from tests.procurement.world import MOMENT, credit_code

PAPER = "申报函：本企业承诺按申报价供应。".encode()
KINDS = ("rsa", "ecdsa", "ed25519", "sm2")
FIRM = "演示制药有限公司"
CODE = credit_code(7)
OF_FIRM = replace(PLAIN, credit_code=CODE)
STAMPING = Issuing(usage=frozenset({"digital_signature"}), extended=("time_stamping",))


@pytest.fixture(scope="module", params=KINDS)
def firm(request):
    """An authority and a firm that it certifies, for each kind of key."""
    root = new_root(request.param)
    return root, issue(root, FIRM, issuing=OF_FIRM)


def check(root, signature, *, paper=PAPER, moment=MOMENT, **more):
    return verify_seal(paper, signature, authorities=trusting(root), moment=moment, **more)


def test_a_seal_names_the_organisation_and_its_suite(firm):
    root, holder = firm
    verdict = check(root, seal(holder, PAPER))
    assert verdict.signer.name == FIRM
    assert verdict.signer.credit_codes == {CODE}
    assert verdict.suite == ("sm-1" if holder.key.kind == "sm2" else "intl-1")
    assert verdict.signed_at == MOMENT
    assert verdict.stamped_at is None


def test_a_paper_that_was_changed_does_not_fit_its_seal(firm):
    root, holder = firm
    with pytest.raises(SealError, match="not the one that was sealed"):
        check(root, seal(holder, PAPER), paper=PAPER + b" ")


def test_somebody_elses_key_cannot_seal_under_a_certificate(firm):
    root, holder = firm
    thief = replace(holder, key=new_key(holder.key.kind))
    with pytest.raises(SealError, match="signature is not right"):
        check(root, seal(thief, PAPER))


def test_an_authority_that_is_not_configured_is_not_trusted(firm):
    _, holder = firm
    with pytest.raises(ChainError, match="does not lead to an authority"):
        check(new_root(holder.key.kind), seal(holder, PAPER))


def test_a_certificate_that_names_a_trusted_authority_needs_its_signature(firm):
    root, holder = firm
    pretender = new_root(holder.key.kind)
    assert pretender.certificate.subject == root.certificate.subject
    with pytest.raises(ChainError):
        check(root, seal(issue(pretender, FIRM, issuing=OF_FIRM), PAPER))


@pytest.mark.parametrize("moment", [MOMENT - 31 * DAY, MOMENT + 336 * DAY])
def test_a_certificate_counts_only_while_it_is_valid(firm, moment):
    root, holder = firm
    with pytest.raises(ChainError, match="not yet or no longer valid"):
        check(root, seal(holder, PAPER), moment=moment)


def test_national_names_of_the_same_structure_are_read():
    root = new_root("sm2")
    holder = issue(root, FIRM, issuing=OF_FIRM)
    assert check(root, seal(holder, PAPER, national_names=True)).suite == "sm-1"


def test_a_paper_within_its_seal_must_be_the_same_paper():
    root = new_root()
    signature = seal(issue(root, FIRM, issuing=OF_FIRM), PAPER, attached=True)
    assert check(root, signature).signer.name == FIRM
    with pytest.raises(SealError, match="of another paper"):
        check(root, signature, paper=b"another")


def test_seals_made_by_another_library_are_read():
    root = new_root("ecdsa")
    holder = issue(root, FIRM, issuing=OF_FIRM)
    signature = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(PAPER)
        .add_signer(holder.x509, holder.key.private, hashes.SHA256())
        .sign(
            serialization.Encoding.DER,
            [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary],
        )
    )
    assert check(root, signature).signer.credit_codes == {CODE}


@pytest.mark.parametrize("junk", [b"", b"0", b"0\x80", b"not a seal", PAPER * 100])
def test_junk_is_refused_in_words(junk):
    with pytest.raises(SealError, match="cannot be read"):
        check(new_root(), junk)


def test_a_seal_that_is_far_too_large_is_not_even_read():
    with pytest.raises(SealError, match="too large"):
        check(new_root(), bytes(300_000))


def test_every_changed_byte_of_a_seal_is_noticed_or_changes_nothing():
    root = new_root()
    signature = seal(issue(root, FIRM, issuing=OF_FIRM), PAPER)
    for place in range(len(signature)):
        changed = bytearray(signature)
        changed[place] ^= 0x01
        try:
            verdict = check(root, bytes(changed))
        except (SealError, ChainError):
            continue
        # Only what nobody signs may differ: versions, names of algorithms beside the signature.
        assert verdict.signer.name == FIRM


def test_a_time_stamp_keeps_a_seal_alive_after_the_certificate_ended():
    root, service_root = new_root(), new_root("rsa", name="测试时间戳机构")
    holder = issue(root, FIRM, issuing=replace(OF_FIRM, until=MOMENT + DAY))
    service = issue(
        service_root, "测试时间戳服务", issuing=replace(STAMPING, until=MOMENT + 900 * DAY)
    )
    signature = seal(holder, PAPER, stamp=stamp_token(service, MOMENT))
    later = MOMENT + 30 * DAY
    verdict = check(root, signature, moment=later, stamping=trusting(service_root))
    assert verdict.stamped_at == MOMENT
    with pytest.raises(ChainError):
        check(root, signature, moment=later)
    with pytest.raises(TimeStampError):
        check(root, signature, moment=later, stamping=trusting(new_root("rsa")))


def test_a_time_stamp_counts_for_its_message_and_its_service_only():
    root = new_root("rsa", name="测试时间戳机构")
    service = issue(root, "测试时间戳服务", issuing=STAMPING)
    response = time_stamp(service, PAPER, moment=MOMENT)
    assert verify_time_stamp(PAPER, response, authorities=trusting(root)) == MOMENT
    for paper, authorities in [
        (PAPER + b" ", trusting(root)),
        (PAPER, trusting(new_root("rsa"))),
        (PAPER, trusting()),
    ]:
        with pytest.raises(TimeStampError):
            verify_time_stamp(paper, response, authorities=authorities)


def test_an_organisations_certificate_is_no_time_stamping_service():
    root = new_root("rsa")
    response = time_stamp(issue(root, FIRM, issuing=OF_FIRM), PAPER, moment=MOMENT)
    with pytest.raises(TimeStampError):
        verify_time_stamp(PAPER, response, authorities=trusting(root))


def test_the_authorities_own_certificates_seal_nothing():
    root = new_root()
    below = issue(root, "下级机构", issuing=AUTHORITY)
    with pytest.raises(ChainError, match="not for signing"):
        check(root, seal(below, PAPER))


def test_an_older_moment_than_the_roots_is_refused():
    root = new_root()
    with pytest.raises(ChainError):
        check(root, seal(issue(root, FIRM), PAPER), moment=MOMENT - timedelta(days=4000))
