"""Digest authentication (RFC 7616, as SIP uses it by RFC 8760): how we prove to a trunk who we are."""

from __future__ import annotations

import hashlib
import re
import secrets

ALGORITHMS = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


def authorization(challenges: tuple[str, ...], method: str, uri: str, user: str, password: str) -> str:
    """The value of Authorization or Proxy-Authorization that meets the best challenge; "" when none can be met."""
    for algorithm in ("SHA-256", "MD5"):
        for challenge in challenges:
            fields = _fields(challenge)
            if fields.get("algorithm", "MD5").upper() == algorithm and "nonce" in fields and "realm" in fields:
                return _response(fields, algorithm, method, uri, user, password)
    return ""


def _fields(challenge: str) -> dict[str, str]:
    scheme, _, rest = challenge.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    pairs = re.findall(r'([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))', rest[:2000])
    return {name.lower(): quoted or plain for name, quoted, plain in pairs}


def _response(fields: dict[str, str], algorithm: str, method: str, uri: str, user: str, password: str) -> str:
    def digest(text: str) -> str:
        return ALGORITHMS[algorithm](text.encode()).hexdigest()

    realm, nonce = fields["realm"], fields["nonce"]
    secret, request = digest(f"{user}:{realm}:{password}"), digest(f"{method}:{uri}")
    answer = f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm={algorithm}'
    if "opaque" in fields:
        answer += f', opaque="{fields["opaque"]}"'
    if "auth" in [way.strip() for way in fields.get("qop", "").split(",")]:
        # Each challenge is answered once, so the count is always the first (RFC 7616, section 3.4).
        own = secrets.token_hex(8)
        proof = digest(f"{secret}:{nonce}:00000001:{own}:auth:{request}")
        return f'{answer}, qop=auth, nc=00000001, cnonce="{own}", response="{proof}"'
    return f'{answer}, response="{digest(f"{secret}:{nonce}:{request}")}"'
