"""The callers of a soak run: each sends one kind of request again and again, and names the answer (plan.py)."""

import asyncio
import base64
import itertools
import json
import os
import pathlib
import re
import ssl
import sys
import time
import urllib.parse

from surroundings import ROLE

sys.path.append(str(pathlib.Path(__file__).parents[1] / "EndToEndTests" / "Support"))
from exchange_load import Connection  # noqa: E402

FORM = "application/x-www-form-urlencoded"
KEY = re.compile(rb'AccessKeyId>([A-Z0-9]+)<|"(?:access_key_id|AccessKeyId)": *"([A-Z0-9]+)"')
STS_CODE = re.compile(rb"\[vela-aws-gateway: ([a-z_]+),")
OTHER_ROLE = "arn:aws:iam::123456123456:role/other"


def request(method, target, body=b"", **headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: gateway"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def post(token, body, target="/v1/credentials"):
    return request("POST", target, body, Authorization=f"Bearer {token}", Content_Type="application/json")


def json_request(token, role=ROLE):
    return post(token, json.dumps({"role": role}).encode())


def sts_request(token):
    fields = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": ROLE, "RoleSessionName": "soak"}
    return request("POST", "/", urllib.parse.urlencode({**fields, "WebIdentityToken": token}).encode(), Content_Type=FORM)


def container_request(token):
    return request("GET", f"/v1/container-credentials?role={ROLE}", Authorization=token)


def random_key_id(token):
    header = json.dumps({"alg": "RS256", "kid": os.urandom(8).hex()}).encode()
    return json_request(".".join([base64.urlsafe_b64encode(header).rstrip(b"=").decode(), *token.split(".")[1:]]))


DOORS = itertools.cycle([
    request("GET", "/nowhere"), request("DELETE", "/v1/credentials"), request("POST", "/", b"x", Content_Type="text/plain")])


# By kind: which tokens it uses (Tokens.pools), and the request made with one.
SENT = {
    "credentials": ("good", json_request), "sts front": ("good", sts_request), "container front": ("good", container_request),
    "whoami": ("good", lambda token: request("POST", "/v1/whoami", Authorization=f"Bearer {token}")),
    "wrong signature": ("good", lambda token: json_request(token[:-12] + "AAAAAAAAAAAA")),
    "random key id": ("good", random_key_id),
    "other role": ("good", lambda token: json_request(token, OTHER_ROLE)),
    "bad json": ("good", lambda token: post(token, b'{"role": "x", "role": ')),
    "two lengths": ("good", lambda token: json_request(token).replace(b"\r\n\r\n", b"\r\nContent-Length: 1\r\n\r\n", 1)),
    "oversized": ("good", lambda token: post(token, b'{"role": "' + b"x" * 100_000)),
    "wrong door": ("good", lambda token: next(DOORS)),
    "expired": ("expired", json_request), "wrong audience": ("audience", json_request), "pull request": ("pull", json_request),
}
# How many callers of each kind there are; one where nothing is said. Together with PAUSE it sets the rate.
CALLERS = {"credentials": 6, "sts front": 3, "container front": 3, "slow head": 4, "slow body": 4}
PAUSE = 0.1


class Tokens:
    """Fresh tokens of each sort. Vela's live five minutes; these are replaced each minute and when keys change."""

    def __init__(self, surroundings):
        self.surroundings = surroundings
        self.pools, self.taken = {}, 0

    async def renew(self):
        mint, now = self.surroundings.tokens, round(time.time())
        pools = {f"good-{number}": await mint(50, repo=f"repo-{number}") for number in range(4)}
        good = [token for tokens in zip(*pools.values()) for token in tokens]
        self.pools = {
            "good": good, "expired": await mint(5, claims={"iat": now - 400, "exp": now - 100}), "audience": await mint(5, audience=["other"]),
            "pull": await mint(5, event="pull_request:opened"),
        }

    def take(self, sort):
        self.taken += 1
        return self.pools[sort][self.taken % len(self.pools[sort])]


class Caller:
    """Sends requests of one kind to a gateway over TLS (`service`), or to its health listener."""

    def __init__(self, kind, surroundings, tokens):
        self.kind, self.surroundings, self.tokens = kind, surroundings, tokens
        self.connection = None
        self.is_stale = False

    def address(self):
        health = self.kind == "readiness"
        url = urllib.parse.urlsplit(self.surroundings.gateway["health" if health else "service"])
        tls = None if health or self.kind == "no tls" else self.surroundings.tls
        return url.hostname, url.port, tls

    def close(self):
        """Between two requests: the next one opens a new connection, with the certificate of then."""
        if self.connection is not None:
            self.connection.close()
        self.connection, self.is_stale = None, False

    async def call(self):
        """Sends one request; gives the answer's name and the access key ids in it."""
        if self.kind in ("slow head", "slow body", "leaves", "no tls"):
            return await getattr(self, self.kind.replace(" ", "_"))(), []
        if self.is_stale:
            self.close()
        if self.connection is None:
            self.connection = Connection(*self.address())
        try:
            status, body = await asyncio.wait_for(self.connection.exchange(self.request()), 30)
        except BaseException:
            self.close()
            raise
        if status == 200:
            return "ok", [(match[1] or match[2]).decode() for match in KEY.finditer(body)]
        return code(status, body), []

    def request(self):
        if self.kind == "readiness":
            return request("GET", "/readyz")
        sort, make = SENT[self.kind]
        return make(self.tokens.take(sort))

    # Callers that break off, or never come to an end

    async def slow_head(self):
        return await self.drip(b"POST /v1/credentials HTTP/1.1\r\nHost: a\r\nX: ")

    async def slow_body(self):
        return await self.drip(post(self.tokens.take("good"), b"x" * 1_000)[:-1_000])

    async def no_tls(self):
        return await self.drip(json_request(self.tokens.take("good")))

    async def drip(self, start):
        """A byte now and then until the gateway ends the connection."""
        reader, writer = await self.open()
        try:
            writer.write(start)
            while not reader.at_eof():
                try:
                    if await asyncio.wait_for(reader.read(4096), 0.5):
                        return "answered"
                except TimeoutError:
                    writer.write(b"x")
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()
        return "cut"

    async def leaves(self):
        reader, writer = await self.open()
        writer.write(json_request(self.tokens.take("good"))[:-10])
        await writer.drain()
        writer.transport.abort()
        return "left"

    async def open(self):
        host, port, tls = self.address()
        return await asyncio.open_connection(host, port, ssl=tls)


def code(status, body):
    """The gateway's code in a refusal, in whichever words of its fronts."""
    try:
        return json.loads(body)["code"]
    except (ValueError, KeyError, TypeError):
        match = STS_CODE.search(body)
        return match[1].decode() if match else f"status {status}"
