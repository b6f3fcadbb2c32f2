#!/usr/bin/env python3
"""Many hostile callers at once.

    crowd.py slow --target HOST:PORT --connections N [--from ADDRESS] [--body]
        Slowloris: connections that send a byte of a head (or of a body) now and then, and come again when they are cut.
        Prints a line for each that was cut or turned away, until it is ended.

    crowd.py kids --target HOST:PORT --token-file FILE --count N
        Sends the token N times, each with a random key id in its header. Prints {"statuses": .., "codes": ..}.

Needs nothing but Python's standard library.
"""

import argparse
import asyncio
import base64
import collections
import json
import random
import sys

from exchange_load import Connection

SLOW_HEAD = b"POST /v1/credentials HTTP/1.1\r\nHost: a\r\nX: "
SLOW_BODY = b"POST /v1/credentials HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
PAUSE = 0.2


async def slow(options):
    host, port = options.target.rsplit(":", 1)
    await asyncio.gather(*(slow_one(options, host, int(port)) for _ in range(options.connections)))


async def slow_one(options, host, port):
    while True:
        try:
            reader, writer = await asyncio.open_connection(host, port, local_addr=(options.source, 0))
            writer.write(SLOW_BODY if options.body else SLOW_HEAD)
            while not reader.at_eof():
                writer.write(b"x")
                await writer.drain()
                try:
                    await asyncio.wait_for(reader.read(4096), PAUSE)
                except TimeoutError:
                    pass
        except OSError:
            pass
        else:
            writer.close()
        print("cut", flush=True)
        await asyncio.sleep(PAUSE)


async def kids(options):
    host, port = options.target.rsplit(":", 1)
    with open(options.token_file) as file:
        _, payload, signature = file.read().strip().split(".")
    left = iter(range(options.count))
    statuses, codes = collections.Counter(), collections.Counter()

    async def worker():
        connection = Connection(host, int(port))
        for _ in left:
            header = {"alg": "RS256", "kid": f"{random.getrandbits(128):032x}"}
            encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
            body = b'{"role": "arn:aws:iam::123456123456:role/test"}'
            request = (
                f"POST /v1/credentials HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {encoded}.{payload}.{signature}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
            status, answer = await connection.exchange(request.encode() + body)
            statuses[status] += 1
            codes[json.loads(answer)["code"]] += 1
        connection.close()

    await asyncio.gather(*(worker() for _ in range(32)))
    print(json.dumps({"statuses": statuses, "codes": codes}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["slow", "kids"])
    parser.add_argument("--target", required=True)
    parser.add_argument("--connections", type=int)
    parser.add_argument("--from", dest="source", default="127.0.0.1")
    parser.add_argument("--body", action="store_true")
    parser.add_argument("--token-file")
    parser.add_argument("--count", type=int)
    options = parser.parse_args()
    asyncio.run(slow(options) if options.what == "slow" else kids(options))


if __name__ == "__main__":
    sys.exit(main())
