"""Encrypts a private key as Korean joint certificates have it on disk, in three forms, with PyPinkSign: an
implementation that shares nothing with ours. Usage: joint_keys.py KEY.der PASSWORD FOLDER, where KEY.der is
PKCS#8 of an RSA key. Writes pinksign.key (1.2.410.200004.1.15, with the random number as an attribute), fixed.key
(1.2.410.200004.1.4), pbes2.key (PBES2 with SEED), and plain.key."""

import base64
import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from pypinksign.pypinksign import encrypt_decrypted_prikey, pbkdf1, seed_cbc_128_encrypt

key, password, folder = sys.argv[1], sys.argv[2].encode(), pathlib.Path(sys.argv[3])
salt, rounds, random = b"saltsalt", 2048, hashlib.sha256(b"random number").digest()[:20]


def tlv(tag, *parts):
    value = b"".join(parts)
    length = len(value)
    if length < 128:
        return bytes([tag, length]) + value
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + value


def oid(hexadecimal):
    return tlv(0x06, bytes.fromhex(hexadecimal))


SEED_CBC = oid("2a831a8c9a440104")  # 1.2.410.200004.1.4
RANDOM = oid("2a831a8c9a440a010103")  # 1.2.410.200004.10.1.1.3
PBES2 = oid("2a864886f70d01050d")
PBKDF2 = oid("2a864886f70d01050c")


def with_attribute(der):
    """PKCS#8 with the random number that ties the key to its holder, as an attribute."""
    assert der[:2] == b"\x30\x82"
    attribute = tlv(0x30, RANDOM, tlv(0x31, tlv(0x03, b"\0", random)))
    return tlv(0x30, der[4:], tlv(0xA0, attribute))


plain = with_attribute(pathlib.Path(key).read_bytes())
folder.mkdir(parents=True, exist_ok=True)
(folder / "plain.key").write_bytes(plain)

text = encrypt_decrypted_prikey(
    base64.b64encode(plain).decode(), password, base64.b64encode(salt).decode(), rounds
)
(folder / "pinksign.key").write_bytes(base64.b64decode(text))

parameters = tlv(0x30, tlv(0x04, salt), tlv(0x02, rounds.to_bytes(2, "big")))
data = seed_cbc_128_encrypt(pbkdf1(password, salt, rounds, 20)[:16], plain)
(folder / "fixed.key").write_bytes(tlv(0x30, tlv(0x30, SEED_CBC, parameters), tlv(0x04, data)))

kdf = PBKDF2HMAC(algorithm=hashes.SHA1(), length=16, salt=salt, iterations=rounds)
vector = bytes(range(16))
data = seed_cbc_128_encrypt(kdf.derive(password), plain, vector)
schemes = tlv(0x30, tlv(0x30, PBKDF2, parameters), tlv(0x30, SEED_CBC, tlv(0x04, vector)))
(folder / "pbes2.key").write_bytes(tlv(0x30, tlv(0x30, PBES2, schemes), tlv(0x04, data)))
