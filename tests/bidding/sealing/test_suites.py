"""Vectors: RFC 8032, draft-irtf-cfrg-xchacha-03, FIPS 180-4; GB/T 32905 and 32918.5, RFC 8998."""

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from gmalg import SM3, SM4  # type: ignore[import-untyped]  # the package ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from bidding.sealing import SUITES, FormatError, KeyPair, suite
from tests.bidding.sealing.material import dice

H = bytes.fromhex

ED25519 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
        "f9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f76098"
        "4dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)

SM2_PRIVATE = H("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8")
SM2_PUBLIC = H(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
SM2_PAIR = KeyPair(SM2_PRIVATE, SM2_PUBLIC)
SM2_NONCE = H("59276e27d506861a16680f3ad9c02dccef3cc1fa3cdbe4ce6d54b80deac1bc21")


def test_sha_256_and_sm3_give_the_published_hashes():
    assert suite("intl-1").hash(b"abc") == H(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
    assert suite("sm-1").hash(b"abc") == H(
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert suite("sm-1").hash(b"abcd" * 16) == H(
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


@pytest.mark.parametrize(("seed", "public", "message", "signature"), ED25519)
def test_ed25519_signs_as_rfc_8032_prints(seed, public, message, signature):
    pair = KeyPair(H(seed), H(public))
    chosen = suite("intl-1")
    assert chosen.sign(pair, message=H(message), random_bytes=dice()) == H(signature)
    assert chosen.verify(H(public), message=H(message), signature=H(signature))


def test_xchacha20_poly1305_encrypts_as_its_draft_prints():
    sealed = suite("intl-1").encrypt(
        H("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
        nonce=H("404142434445464748494a4b4c4d4e4f5051525354555657"),
        plaintext=b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
        b"for the future, sunscreen would be it.",
        associated=H("50515253c0c1c2c3c4c5c6c7"),
    )
    assert sealed == H(
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4e"
        "da7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2"
        "383565d3fff921f9664c97637da9768812f615c68b13b52e"
        "c0875924c1c7987947deafd8780acf49"
    )


@settings(deadline=None)
@given(st.binary(max_size=100))
def test_a_box_of_intl_1_is_a_sealed_box_of_libsodium(message):
    chosen = suite("intl-1")
    pair = chosen.sealing_pair(bytes(range(32)))
    private = PrivateKey(pair.private)
    assert bytes(private.public_key) == pair.public
    box = chosen.seal_to(pair.public, message=message, random_bytes=dice())
    assert SealedBox(private).decrypt(box) == message
    assert chosen.unseal(pair, box=SealedBox(private.public_key).encrypt(message)) == message


def test_sm4_gcm_encrypts_as_rfc_8998_prints():
    plaintext = b"".join(H(two) * 8 for two in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa"))
    sealed = suite("sm-1").encrypt(
        H("0123456789abcdeffedcba9876543210"),
        nonce=H("00001234567800000000abcd"),
        plaintext=plaintext,
        associated=H("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
    )
    assert sealed == H(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )


def test_the_block_cipher_below_is_that_of_gb_t_32907_in_both_libraries():
    key = H("0123456789abcdeffedcba9876543210")
    expected = H("681edf34d206965e86b3e94f536e4246")
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block
    assert encryptor.update(key) + encryptor.finalize() == expected
    assert SM4(key).encrypt(key) == expected


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_sm3_of_openssl_and_of_gmalg_agree(message):
    other = SM3()
    other.update(message)
    assert suite("sm-1").hash(message) == other.value()


def test_sm2_signs_as_gb_t_32918_5_prints():
    signature = suite("sm-1").sign(
        SM2_PAIR, message=b"message digest", random_bytes=lambda _: SM2_NONCE
    )
    assert signature == H(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    assert suite("sm-1").verify(SM2_PUBLIC, message=b"message digest", signature=signature)


def test_sm2_encrypts_as_gb_t_32918_5_prints():
    box = suite("sm-1").seal_to(
        SM2_PUBLIC, message=b"encryption standard", random_bytes=lambda _: SM2_NONCE
    )
    assert box == H(
        "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
        "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
        "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
        "21886ca989ca9c7d58087307ca93092d651efa"
    )
    assert suite("sm-1").unseal(SM2_PAIR, box=box) == b"encryption standard"


@pytest.mark.parametrize("name", SUITES)
def test_pairs_of_one_seed_are_told_apart_and_can_be_repeated(name):
    chosen = suite(name)
    sealing, signing = chosen.sealing_pair(bytes(32)), chosen.signing_pair(bytes(32))
    assert sealing.private != signing.private
    assert chosen.sealing_pair(bytes(32)) == sealing
    assert (len(sealing.public), len(signing.public)) == (
        chosen.sealing_key_size,
        chosen.signing_key_size,
    )


@pytest.mark.parametrize("name", SUITES)
def test_sizes_are_those_that_formats_rely_on(name):
    chosen = suite(name)
    sealed = chosen.encrypt(
        bytes(chosen.key_size), nonce=bytes(chosen.nonce_size), plaintext=b"four", associated=b""
    )
    pair = chosen.sealing_pair(bytes(32))
    box = chosen.seal_to(pair.public, message=b"four", random_bytes=dice())
    signer = chosen.signing_pair(bytes(32))
    signature = chosen.sign(signer, message=b"four", random_bytes=dice())
    sizes = len(sealed) - 4, len(box) - 4, len(signature), len(chosen.hash(b""))
    assert sizes == (chosen.tag_size, chosen.box_overhead, chosen.signature_size, 32)


@pytest.mark.parametrize("name", SUITES)
def test_whatever_is_changed_a_cipher_gives_none(name):
    chosen = suite(name)
    key, nonce = dice("k")(chosen.key_size), dice("n")(chosen.nonce_size)
    sealed = chosen.encrypt(key, nonce=nonce, plaintext=b"price", associated=b"round")
    flipped = bytes([sealed[0] ^ 1]) + sealed[1:]
    for parts in (
        {"nonce": nonce, "ciphertext": flipped, "associated": b"round"},
        {"nonce": nonce, "ciphertext": sealed, "associated": b"other round"},
        {"nonce": bytes(chosen.nonce_size), "ciphertext": sealed, "associated": b"round"},
        {"nonce": nonce, "ciphertext": sealed[:10], "associated": b"round"},
        {"nonce": b"", "ciphertext": sealed, "associated": b"round"},
    ):
        assert chosen.decrypt(key, **parts) is None
    assert (
        chosen.decrypt(bytes(chosen.key_size), nonce=nonce, ciphertext=sealed, associated=b"round")
        is None
    )
    assert chosen.decrypt(b"short", nonce=nonce, ciphertext=sealed, associated=b"round") is None


@pytest.mark.parametrize("name", SUITES)
def test_a_box_for_somebody_else_or_changed_gives_none(name):
    chosen = suite(name)
    pair, other = chosen.sealing_pair(bytes(32)), chosen.sealing_pair(bytes([1]) * 32)
    box = chosen.seal_to(pair.public, message=b"share", random_bytes=dice())
    assert chosen.unseal(other, box=box) is None
    for place in (0, 1, 40, len(box) - 1):
        changed = bytearray(box)
        changed[place] ^= 1
        assert chosen.unseal(pair, box=bytes(changed)) is None
    assert chosen.unseal(pair, box=box[:20]) is None


@pytest.mark.parametrize("name", SUITES)
def test_a_signature_of_something_else_or_of_another_length_is_refused(name):
    chosen = suite(name)
    pair = chosen.signing_pair(bytes(32))
    signature = chosen.sign(pair, message=b"bid", random_bytes=dice())
    assert chosen.verify(pair.public, message=b"bid", signature=signature)
    assert not chosen.verify(pair.public, message=b"bit", signature=signature)
    assert not chosen.verify(pair.public, message=b"bid", signature=signature[:-1])
    assert not chosen.verify(pair.public[:-1], message=b"bid", signature=signature)
    assert not chosen.verify(bytes(len(pair.public)), message=b"bid", signature=signature)
    zero = bytes(chosen.signature_size)
    assert not chosen.verify(pair.public, message=b"bid", signature=zero)


def test_weak_and_malformed_keys_are_no_sealing_keys():
    assert not suite("intl-1").is_sealing_key(bytes(32))
    assert not suite("intl-1").is_sealing_key(bytes([1]) + bytes(31))
    assert not suite("intl-1").is_sealing_key(bytes(31))
    assert suite("sm-1").is_sealing_key(SM2_PUBLIC)
    assert not suite("sm-1").is_sealing_key(b"\x04" + bytes(64))
    assert not suite("sm-1").is_sealing_key(SM2_PUBLIC[:-1] + b"\0")
    assert not suite("sm-1").is_sealing_key(b"\x00")


def test_an_unknown_suite_is_refused_with_the_known_ones():
    with pytest.raises(FormatError, match="expected one of intl-1, sm-1"):
        suite("intl-2")
