"""Suite ``sm-1``: SM2, SM4-GCM, SM3, for systems that are assessed for national cryptography.

SM4 runs in GCM (GB/T 36624, test vectors in RFC 8998): one standardised authenticated mode, by
OpenSSL, instead of a hand-made pairing of SM4-CBC and HMAC-SM3. Its weakness, a nonce used twice,
cannot occur: every envelope has a fresh key. That GCM does not commit to its key is mended as in
``intl-1``, by the key's hash in the envelope.

SM2 is gmalg's, in plain Python: its running time depends on the key. Seal and sign on a machine of
your own, not beside strangers.
"""

from collections.abc import Callable

import gmalg  # type: ignore[import-untyped]  # the package ships no types
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from gmalg.errors import GMError  # type: ignore[import-untyped]  # as above

from bidding.sealing.suites.interface import KeyPair, RandomBytes, Stretching

USER_ID = b"1234567812345678"
"""The user id that GM/T 0009 prescribes where none was agreed."""

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_SCALAR_SIZE = 32
_POINT_SIZE = 65
_UNCOMPRESSED = 4


class Sm1:
    """The national suite; the attributes are explained by `Suite`.

    Examples:
        >>> Sm1().hash(b"abc").hex()[:16]
        '66c7f0f462eeedd9'
        >>> key = bytes(16)
        >>> sealed = Sm1().encrypt(key, nonce=bytes(12), plaintext=b"price", associated=b"round")
        >>> Sm1().decrypt(key, nonce=bytes(12), ciphertext=sealed, associated=b"round")
        b'price'
    """

    name = "sm-1"
    key_size = 16
    nonce_size = 12
    tag_size = 16
    box_overhead = _POINT_SIZE + 32
    sealing_key_size = _POINT_SIZE
    signing_key_size = _POINT_SIZE
    signature_size = 2 * _SCALAR_SIZE
    stretching = Stretching(
        "pbkdf2-hmac-sm3",
        passes=2_000_000,
        memory_bytes=0,
        salt_size=16,
        passes_max=20_000_000,
        memory_min=0,
        memory_max=0,
    )

    def hash(self, message: bytes) -> bytes:
        """SM3."""
        digest = hashes.Hash(hashes.SM3())
        digest.update(message)
        return digest.finalize()

    def encrypt(self, key: bytes, *, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """SM4-GCM: ciphertext, then 16 bytes of tag."""
        encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag

    def decrypt(
        self, key: bytes, *, nonce: bytes, ciphertext: bytes, associated: bytes
    ) -> bytes | None:
        """The plaintext, or None."""
        sizes = (len(key), len(nonce))
        if sizes != (self.key_size, self.nonce_size) or len(ciphertext) < self.tag_size:
            return None
        body, tag = ciphertext[: -self.tag_size], ciphertext[-self.tag_size :]
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated)
        try:
            return decryptor.update(body) + decryptor.finalize()
        except InvalidTag:
            return None

    def sealing_pair(self, seed: bytes) -> KeyPair:
        """SM2; the private key is derived from a label and the seed."""
        return self._pair(b"jicai-sealing-key-1", seed)

    def signing_pair(self, seed: bytes) -> KeyPair:
        """SM2, with another label."""
        return self._pair(b"jicai-signing-key-1", seed)

    def _pair(self, label: bytes, seed: bytes) -> KeyPair:
        for attempt in range(256):
            private = self.hash(label + bytes([attempt]) + seed)
            # The range that GB/T 32918.1 gives for private keys; missed once in 2^32 seeds.
            if 1 <= int.from_bytes(private) <= _N - 2:
                break
        return KeyPair(private, bytes(gmalg.SM2(private).generate_pk(private)))

    def seal_to(self, public: bytes, *, message: bytes, random_bytes: RandomBytes) -> bytes:
        """SM2 encryption (GB/T 32918.4): C1, C3, C2 with C1 uncompressed."""
        box = gmalg.SM2(pk=public, rnd_fn=_bits(random_bytes)).encrypt(message)
        return bytes(box)

    def unseal(self, pair: KeyPair, *, box: bytes) -> bytes | None:
        """The message in a box, or None."""
        if len(box) <= self.box_overhead or not _is_point(box[:_POINT_SIZE]):
            return None
        try:
            return bytes(gmalg.SM2(pair.private, pk=pair.public).decrypt(box))
        except (GMError, ValueError):
            return None

    def sign(self, pair: KeyPair, *, message: bytes, random_bytes: RandomBytes) -> bytes:
        """SM2 with SM3 and the default user id (GB/T 32918.2): r, then s."""
        signer = gmalg.SM2(pair.private, USER_ID, pair.public, rnd_fn=_bits(random_bytes))
        return b"".join(part.rjust(_SCALAR_SIZE, b"\0") for part in signer.sign(message))

    def verify(self, public: bytes, *, message: bytes, signature: bytes) -> bool:
        """SM2 with SM3 and the default user id."""
        if not _is_point(public) or len(signature) != self.signature_size:
            return False
        r, s = signature[:_SCALAR_SIZE], signature[_SCALAR_SIZE:]
        return bool(gmalg.SM2(uid=USER_ID, pk=public).verify(message, r, s))

    def stretch(self, passphrase: bytes, *, salt: bytes, passes: int, memory_bytes: int) -> bytes:
        """PBKDF2 with HMAC-SM3 (GM/T 0091), which needs no memory to speak of."""
        kdf = PBKDF2HMAC(hashes.SM3(), length=self.key_size, salt=salt, iterations=passes)
        return kdf.derive(passphrase)

    def is_sealing_key(self, public: bytes) -> bool:
        """Whether it is a point of the curve; every such point has the full order."""
        return _is_point(public)


def _is_point(encoded: bytes) -> bool:
    if len(encoded) != _POINT_SIZE or encoded[0] != _UNCOMPRESSED:
        return False
    x = int.from_bytes(encoded[1 : 1 + _SCALAR_SIZE])
    y = int.from_bytes(encoded[1 + _SCALAR_SIZE :])
    return x < _P and y < _P and (y * y - x * x * x - _A * x - _B) % _P == 0


def _bits(random_bytes: RandomBytes) -> Callable[[int], int]:
    return lambda count: int.from_bytes(random_bytes((count + 7) // 8)) >> (-count % 8)
