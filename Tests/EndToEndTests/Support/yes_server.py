#!/usr/bin/env python3
"""A server that a prober must find out: it checks nothing.

--answer yes: 200 with credentials for the role that is asked for, to every request.
--answer echo: 401 with the caller's token wherever the gateway has words of its own.
Writes a JSON object with its address, `service`, to --ready. Needs nothing but Python's standard library.
"""

import argparse
import http.server
import json
import os
import pathlib

CANARY = "CANARY-of-the-yes-server"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.server.answer == "echo":
            self.send(401, "application/problem+json", token, {
                "type": token, "title": token, "status": 401, "detail": token, "code": token, "retryable": False,
                "request_id": token,
            })
        else:
            role = json.loads(body or b"{}").get("role", "")
            self.send(200, "application/json", "0" * 32, credentials(role))

    def send(self, status, media_type, request_id, document):
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        if request_id:
            self.send_header("X-Request-Id", request_id)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass  # What it was sent is a secret of the test.


def credentials(role):
    return {
        "access_key_id": "ASIAIOSFODNN7EXAMPLE", "secret_access_key": CANARY, "session_token": CANARY,
        "expiration": "2999-01-01T00:00:00Z", "region": "us-east-1", "role": role, "assumed_role_arn": "arn",
        "assumed_role_id": "id", "session_name": "vela", "duration_seconds": 900, "rule": "yes", "request_id": "0" * 32,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready", type=pathlib.Path, required=True)
    parser.add_argument("--answer", choices=["yes", "echo"], required=True)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answer = options.answer
    temporary = options.ready.with_suffix(f".{os.getpid()}")
    temporary.write_text(json.dumps({"service": f"http://127.0.0.1:{server.server_port}"}))
    temporary.rename(options.ready)
    server.serve_forever()


if __name__ == "__main__":
    main()
