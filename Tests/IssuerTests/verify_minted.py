"""Verifies minted tokens with joserfc, an implementation that shares nothing with ours, from published files alone.

    verify_minted.py FOLDER AUDIENCE

FOLDER/history holds a folder for each state of the published files, named by the second in which it was written.
FOLDER/tokens has a token a line, after the second in which it was made. Each token must verify with the files as they were a
day before, which is what somebody has who fetched them then, and with the newest. Prints how many did with which key.
"""

import collections
import json
import pathlib
import sys

from joserfc import jwt
from joserfc.jwk import KeySet

DAY = 86_400


class State:
    """The published files at a moment: what somebody who fetched them knows."""

    def __init__(self, folder):
        well_known = folder / ".well-known"
        self.since = int(folder.name)
        discovery = json.loads((well_known / "openid-configuration").read_text())
        self.issuer = discovery["issuer"]
        self.algorithms = discovery["id_token_signing_alg_values_supported"]
        assert discovery["jwks_uri"] == self.issuer + "/.well-known/jwks.json"
        self.keys = KeySet.import_key_set(json.loads((well_known / "jwks.json").read_text()))

    def verify(self, token, audience, made_at):
        found = jwt.decode(token, self.keys, algorithms=self.algorithms)
        expected = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": audience},
            "sub": {"essential": True}, "exp": {"essential": True}, "iat": {"essential": True},
        }
        jwt.JWTClaimsRegistry(now=made_at, leeway=0, **expected).validate(found.claims)
        assert found.claims["exp"] - made_at <= 300 and found.claims["iat"] == made_at - 5
        assert found.header["kid"] in {key.thumbprint() for key in self.keys}
        return found.header["kid"]


def main():
    folder, audience = pathlib.Path(sys.argv[1]), sys.argv[2]
    states = sorted((State(state) for state in (folder / "history").iterdir()), key=lambda state: state.since)
    counts = collections.Counter()
    for line in (folder / "tokens").read_text().splitlines():
        made_at, token = int(line.split()[0]), line.split()[1]
        older = [state for state in states if state.since <= made_at - DAY] or states[:1]
        key = older[-1].verify(token, audience, made_at)
        now = [state for state in states if state.since <= made_at][-1]
        assert now.verify(token, audience, made_at) == key
        counts[key] += 1
    for key, count in sorted(counts.items()):
        print(key, count)


main()
