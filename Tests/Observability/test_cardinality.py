"""2,000 hostile requests, each with names of its own, and what they leave in the metrics."""

import base64
import concurrent.futures
import http.client
import json
import random
import urllib.parse

import exposition
import pytest
import traffic
from fronts import ROLE, running_gateway

# What docs/metrics.md states.
BOUND = 200
# In every text of a caller, so that it is found wherever it turns up.
MARK = "hostile"


@pytest.fixture(scope="module")
def attacked(stack, tmp_path_factory):
    with running_gateway(tmp_path_factory.mktemp("attacked"), stack) as gateway:
        traffic.await_ready(gateway)
        yield gateway


def words(source):
    return f"{MARK}-{source.getrandbits(64):x}"


def junk_token(source):
    """A well-formed token of nobody, with a header, an issuer and a subject that nobody has seen."""
    header = {"alg": "RS256", "typ": "JWT", "kid": words(source)}
    claims = {"iss": "https://" + words(source), "sub": words(source), "aud": [words(source)], "exp": 4102444800, "iat": 1}
    parts = [json.dumps(part).encode() for part in [header, claims]] + [source.randbytes(256)]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def known_key(token, source):
    """A token of the issuer with its signature spoilt, or with another header before it."""
    head, claims, signature = token.split(".")
    if source.random() < 0.5:
        head = base64.urlsafe_b64encode(json.dumps({"alg": "RS256", "kid": words(source)}).encode()).rstrip(b"=").decode()
    return f"{head}.{claims}.{signature[:-8]}AAAAAAAA"


def request(source, stack, token):
    """Method, target, headers and body of one hostile request."""
    bearer = {"Authorization": "Bearer " + token, "Content-Type": "application/json", "X-Request-Id": words(source)}
    role = f"arn:aws:iam::{source.randrange(10**11, 10**12)}:role/{words(source)}"
    session = json.dumps({"role": role, "region": f"{MARK}-west-{source.randrange(9)}", "session_name": words(source)})
    form = urllib.parse.urlencode({
        "Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": role, "RoleSessionName": words(source),
        "WebIdentityToken": token})
    encoded = bearer | {"Content-Type": "application/x-www-form-urlencoded"}
    return source.choice([
        ("POST", "/v1/credentials", bearer, session),
        ("POST", "/v1/credentials", bearer, json.dumps({"role": ROLE, "session_policy": words(source)})),
        ("POST", "/v1/credentials", bearer, json.dumps({words(source): words(source)})),
        ("POST", "/v1/whoami", bearer, None),
        ("POST", "/", encoded, form),
        ("POST", "/sts/" + words(source), encoded, form),
        ("GET", "/v1/container-credentials?role=" + urllib.parse.quote(role), bearer, None),
        ("GET", "/" + words(source), bearer, None),
        ("GET", "/errors/" + words(source), {}, None),
        (words(source).replace("-", "").upper(), "/v1/credentials", bearer, None),
        (source.choice(["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]), "/" + words(source), bearer, None),
        ("POST", "/v1/credentials", bearer | {"Content-Type": words(source) + "/" + words(source)}, session),
    ])


def attack(gateway, stack, seed, count):
    """Sends `count` requests; valid tokens are of repositories of their own."""
    source, address = random.Random(seed), urllib.parse.urlsplit(gateway.url)
    connection, answered = http.client.HTTPConnection(address.hostname, address.port, timeout=60), 0
    for number in range(count):
        token = junk_token(source)
        if number % 4 == 0:
            event = source.choice(["push", "tag", "comment:created"])
            token = stack.token(event, org=words(source), repo=words(source), actor=words(source), branch=words(source))
        if number % 8 == 0:
            token = known_key(token, source)
        try:
            connection.request(*reordered(request(source, stack, token)))
            connection.getresponse().read()
            answered += 1
        except (http.client.HTTPException, OSError):
            connection.close()
    return answered


def reordered(request):
    method, target, headers, body = request
    return method, target, body, headers


def test_the_number_of_series_is_bounded(stack, attacked):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answered = sum(pool.map(lambda seed: attack(attacked, stack, seed, 500), range(4)))
    assert answered >= 1_900, answered
    text = traffic.metrics(attacked)
    series = list(exposition.samples(text))
    requests = sum(sample.value for sample in series if sample.name == "vela_gateway_http_requests_total" and sample.labels["listener"] == "service")
    assert requests >= 1_500, "what the HTTP server refused by itself is counted elsewhere"
    assert len(series) <= BOUND, len(series)
    assert MARK not in text.lower()
    # Every way in was taken, and decisions of many kinds were made.
    assert exposition.exposed(text)["vela_gateway_exchanges_total"].values["front"] == {"credentials", "sts", "container", "whoami"}
    assert len(exposition.exposed(text)["vela_gateway_exchanges_total"].values["code"]) >= 6


def test_the_bound_is_the_documented_one():
    assert f"stays under {BOUND}" in (exposition.REPOSITORY / "docs/metrics.md").read_text()
