#!/usr/bin/env python3
"""A server that goes wrong in every way a network can: each way has a port of its own.

Answers discovery, keys or STS rightly as far as its way allows, so that only the way itself is at fault. Writes a JSON
object {way: port} to --ready, and {way: {"requests": .., "bytes": ..}} to --counts after each request: how many came, and
how many bytes of the body the client took. Needs nothing but Python's standard library.
"""

import argparse
import asyncio
import json
import os
import pathlib
import ssl
import struct
import socket

GIGABYTE = 1 << 30
CHUNK = b"x" * 65536
# Between two bytes of a drip: many come before any deadline, so that an inactivity time-out never strikes.
DRIP_PAUSE = 0.05


class Way:
    """One way to go wrong."""

    def __init__(self, name, hostile):
        self.name, self.hostile = name, hostile
        self.requests = 0
        self.bytes = 0

    async def serve(self, reader, writer):
        try:
            path = await self.request(reader)
            self.requests += 1
            await getattr(self, self.name)(reader, writer, self.hostile.document(path, writer))
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # The client has had enough, which is what it should have.
        finally:
            self.hostile.write_counts()
            writer.close()

    async def request(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        lengths = [int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:")]
        await reader.readexactly(lengths[0] if lengths else 0)
        return head[0].split(" ")[1]

    async def send(self, writer, data):
        writer.write(data)
        await writer.drain()

    async def flood(self, writer, wrap=lambda data: data):
        """A gibibyte, as long as it is taken."""
        while self.bytes < GIGABYTE:
            data = wrap(CHUNK)
            await self.send(writer, data)
            self.bytes += len(data)

    async def drip(self, writer, piece):
        while True:
            await self.send(writer, piece)
            self.bytes += len(piece)
            await asyncio.sleep(DRIP_PAUSE)

    async def silent(self, reader, writer, document):
        await reader.read()

    async def drip_head(self, reader, writer, document):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nX-Slow: ")
        await self.drip(writer, b"x")

    async def endless_head(self, reader, writer, document):
        await self.send(writer, b"HTTP/1.1 200 OK\r\n")
        await self.flood(writer, lambda data: b"".join(b"X-%d: %s\r\n" % (n, data[:900]) for n in range(64)))

    async def drip_body(self, reader, writer, document):
        await self.send(writer, head(50_000))
        await self.drip(writer, b" ")

    async def cut(self, reader, writer, document):
        await self.send(writer, head(len(document)) + document[: len(document) // 2])

    async def reset(self, reader, writer, document):
        await self.send(writer, head(len(document)) + document[:10])
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    async def short_length(self, reader, writer, document):
        await self.send(writer, head(len(document) - 20) + document)

    async def long_length(self, reader, writer, document):
        await self.send(writer, head(len(document) + 20) + document)
        await reader.read()

    async def two_lengths(self, reader, writer, document):
        lines = f"Content-Length: {len(document)}\r\nContent-Length: {len(document) - 20}\r\n"
        await self.send(writer, f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + document)

    async def redirect(self, reader, writer, document):
        target = f"http://127.0.0.1:{self.hostile.ports['target']}/taken"
        await self.send(writer, f"HTTP/1.1 307 Go\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())

    async def target(self, reader, writer, document):
        await self.send(writer, head(len(document)) + document)

    async def huge(self, reader, writer, document):
        await self.send(writer, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        await self.flood(writer, lambda data: b"%x\r\n%s\r\n" % (len(data), data))

    async def huge_length(self, reader, writer, document):
        await self.send(writer, head(GIGABYTE))
        await self.flood(writer)

    async def no_http(self, reader, writer, document):
        await self.send(writer, bytes(range(256)) * 16)

    async def wrong_certificate(self, reader, writer, document):
        await self.send(writer, head(len(document)) + document)


def head(length):
    return f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()


WAYS = [name for name in vars(Way) if not name.startswith("_") and name not in (
    "serve", "request", "send", "flood", "drip")]


class Hostile:
    def __init__(self, options):
        self.options = options
        self.ways = {name: Way(name, self) for name in WAYS}
        self.ports = {}

    def document(self, path, writer):
        """Discovery of the issuer at this port, no keys, or an answer of STS for another role."""
        scheme = "https" if writer.get_extra_info("ssl_object") else "http"
        issuer = f"{scheme}://127.0.0.1:{writer.get_extra_info('sockname')[1]}"
        if path.endswith("openid-configuration"):
            return json.dumps({"issuer": issuer, "jwks_uri": issuer + "/jwks"}).encode()
        if path.endswith("jwks"):
            return json.dumps({"keys": []}).encode()
        return b"<AssumeRoleWithWebIdentityResponse></AssumeRoleWithWebIdentityResponse>"

    def write(self, path, value):
        temporary = pathlib.Path(path + ".new")
        temporary.write_text(json.dumps(value))
        os.replace(temporary, path)

    def write_counts(self):
        counts = {name: {"requests": way.requests, "bytes": way.bytes} for name, way in self.ways.items()}
        self.write(self.options.counts, counts)

    async def run(self):
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.options.certificate, self.options.key)
        servers = []
        for name, way in self.ways.items():
            context = tls if name == "wrong_certificate" else None
            server = await asyncio.start_server(way.serve, "127.0.0.1", 0, ssl=context)
            self.ports[name] = server.sockets[0].getsockname()[1]
            servers.append(server)
        self.write_counts()
        self.write(self.options.ready, self.ports)
        await asyncio.gather(*(server.serve_forever() for server in servers))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("ready", "counts", "certificate", "key"):
        parser.add_argument(f"--{name}", required=True)
    asyncio.run(Hostile(parser.parse_args()).run())


if __name__ == "__main__":
    main()
