#!/usr/bin/env python3
"""Sends many exchanges to a gateway at once and checks that each answer belongs to its own request.

Every request names a role, an account and a session of its own. The stand-in for STS derives the first twelve
characters of an access key id from role and session, so that a mixed-up answer shows, whatever part of it was mixed
up. Prints one JSON object; the exit status is 0 when every exchange was answered rightly, else 1.

Needs nothing but Python's standard library.
"""

import argparse
import asyncio
import collections
import json
import os
import ssl
import sys
import time
import urllib.parse


class Unanswered(Exception):
    """The server closed a kept-alive connection before it sent one byte of an answer."""


class Connection:
    """One keep-alive connection, opened when it is needed."""

    def __init__(self, host, port, tls=None, unix=None):
        self.host, self.port, self.tls, self.unix = host, port, tls, unix
        self.reader = self.writer = None
        self.answers = 0
        self.opened = 0

    async def exchange(self, request):
        """Sends the bytes and gives (status, body). Raises Unanswered where the request may be sent again."""
        if self.writer is None:
            self.reader, self.writer = await self.open()
            self.answers, self.opened = 0, self.opened + 1
        try:
            self.writer.write(request)
            await self.writer.drain()
            status_line = await self.reader.readline()
        except ConnectionError as error:
            raise self.dropped(error) from error
        if not status_line:
            raise self.dropped(ConnectionError("closed without an answer"))
        try:
            return await self.rest(status_line)
        except BaseException:
            self.close()
            raise

    async def open(self):
        if self.unix:
            return await asyncio.open_unix_connection(self.unix, limit=1 << 20)
        return await asyncio.open_connection(self.host, self.port, limit=1 << 20, ssl=self.tls)

    def dropped(self, error):
        """Only a connection that has already answered can have been closed as idle before the request was read."""
        was_idle = self.answers > 0
        self.close()
        return Unanswered(str(error)) if was_idle else error

    async def rest(self, status_line):
        version, status, *_ = status_line.split(b" ", 2)
        if version != b"HTTP/1.1":
            raise ValueError(f"not an answer: {status_line!r}")
        headers = {}
        while (line := await self.reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = await self.reader.readexactly(int(headers["content-length"]))
        self.answers += 1
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(status), body

    def close(self):
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


def fingerprint(role, session):
    """FNV-1a over role and session, 40 bits in base32: characters 5 to 12 of the access key id."""
    value = 0xCBF29CE484222325
    for byte in f"{role}\n{session}".encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[value >> shift & 31] for shift in range(35, -1, -5))


class Load:
    """The requests still to be sent and what became of the others."""

    def __init__(self, options, tokens):
        self.options, self.tokens = options, tokens
        self.url = urllib.parse.urlsplit(options.gateway)
        self.tls = ssl.create_default_context(cafile=options.ca) if options.ca else None
        self.was_stopped = False
        self.next = 0
        self.right = 0
        self.resent = 0
        self.refused = 0
        self.connections = 0
        self.statuses = collections.Counter()
        self.faults = []
        self.access_keys = set()
        self.latencies = []

    async def run(self):
        await asyncio.gather(*(self.worker() for _ in range(self.options.connections)))

    async def worker(self):
        connection = Connection(self.url.hostname, self.url.port, self.tls, self.options.unix)
        while not self.is_over():
            number, self.next = self.next, self.next + 1
            await self.one(connection, number)
        self.connections += connection.opened
        connection.close()

    def is_over(self):
        if self.options.until_file and os.path.exists(self.options.until_file):
            self.was_stopped = True
            return True
        return self.next >= self.options.exchanges or (self.options.until_refused and self.refused)

    async def one(self, connection, number):
        role, session = self.role(number), self.session(number)
        request = self.request(number, role, session)
        start = time.monotonic()
        try:
            status, body = await asyncio.wait_for(self.sent(connection, request), self.options.timeout)
        except ConnectionRefusedError as error:
            # Nobody listens any more: this request was never sent.
            self.refused += 1
            if not self.options.until_refused:
                self.fault(number, f"{type(error).__name__}: {error}")
            return
        except Exception as error:  # Whatever it is, it is this exchange's failure.
            self.fault(number, f"{type(error).__name__}: {error}")
            connection.close()
            return
        self.latencies.append(time.monotonic() - start)
        self.statuses[status] += 1
        complaint = self.complaint(status, body, role, session)
        if complaint:
            self.fault(number, complaint)
        else:
            self.right += 1

    async def sent(self, connection, request):
        while True:
            try:
                return await connection.exchange(request)
            except Unanswered:
                self.resent += 1

    def role(self, number):
        return self.options.role.replace("{n}", str(number % self.options.roles))

    def session(self, number):
        return self.options.session.replace("{n}", str(number))

    def request(self, number, role, session):
        fields = {"role": role}
        if session:
            fields["session_name"] = session
        if self.options.region:
            fields["region"] = self.options.region
        body = json.dumps(fields).encode()
        token = self.tokens[number % len(self.tokens)]
        head = (
            f"POST /v1/credentials HTTP/1.1\r\nHost: {self.url.netloc}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def complaint(self, status, body, role, session):
        """What is wrong with the answer; None when it is the right one."""
        if status != 200:
            return f"{status} {body[:300].decode('utf-8', 'replace')}"
        answer = json.loads(body)
        account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
        # Where the policy names the session, the answer says how; it must still be consistent in itself.
        session = session or answer["session_name"]
        expected = {
            "role": role,
            "session_name": session,
            "assumed_role_arn": f"arn:aws:sts::{account}:assumed-role/{name}/{session}",
        }
        for field, value in expected.items():
            if answer.get(field) != value:
                return f"{field} is {answer.get(field)!r} and should be {value!r}"
        if not answer.get("assumed_role_id", "").endswith(f":{session}"):
            return f"assumed_role_id is {answer.get('assumed_role_id')!r}"
        return self.key_complaint(answer, role, session)

    def key_complaint(self, answer, role, session):
        key = answer.get("access_key_id", "")
        if key[4:12] != fingerprint(role, session):
            return f"access key {key} belongs to another role or session"
        if key in self.access_keys:
            return f"access key {key} was given twice"
        self.access_keys.add(key)
        if len(answer.get("secret_access_key", "")) != 40 or not answer.get("session_token"):
            return "a secret part is missing"
        return None

    def fault(self, number, text):
        self.faults.append(f"exchange {number}: {text}")

    def summary(self, seconds):
        ordered = sorted(self.latencies) or [0.0]
        return {
            "exchanges": self.options.exchanges,
            "right": self.right,
            "wrong_or_failed": len(self.faults),
            "resent": self.resent,
            "refused": self.refused,
            "connections_opened": self.connections,
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "unique_access_keys": len(self.access_keys),
            "seconds": round(seconds, 3),
            "per_second": round(len(self.latencies) / seconds),
            "p50_ms": round(ordered[len(ordered) // 2] * 1000, 2),
            "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000, 2),
            "first_faults": self.faults[:10],
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gateway", required=True, help="http://127.0.0.1:PORT")
    parser.add_argument("--tokens", required=True, help="a file with one ID token a line")
    parser.add_argument("--exchanges", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--role", default="arn:aws:iam::123456123456:role/test", help="{n} becomes 0 to --roles less 1")
    parser.add_argument("--roles", type=int, default=1)
    parser.add_argument(
        "--session", default="load-{n}", help="{n} becomes the exchange's number; empty when the policy names sessions")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds an exchange may take")
    parser.add_argument("--keys", help="a file to write the access key ids to that were received, one a line")
    parser.add_argument("--until-refused", action="store_true", help="end, rightly, when nobody listens any more")
    parser.add_argument("--until-file", help="end, rightly, when this file appears")
    parser.add_argument("--ca", help="a PEM file of the authority to trust: speak TLS")
    parser.add_argument("--unix", help="connect to this Unix socket, whatever --gateway says")
    options = parser.parse_args()
    with open(options.tokens) as file:
        tokens = file.read().split()
    if not tokens:
        parser.error(f"{options.tokens} holds no tokens")
    load = Load(options, tokens)
    start = time.monotonic()
    asyncio.run(load.run())
    seconds = time.monotonic() - start
    if options.keys:
        with open(options.keys, "w") as file:
            file.writelines(f"{key}\n" for key in sorted(load.access_keys))
    print(json.dumps(load.summary(seconds)))
    all_done = load.right == options.exchanges or (load.right and (options.until_refused and load.refused or load.was_stopped))
    return 0 if all_done and not load.faults else 1


if __name__ == "__main__":
    sys.exit(main())
