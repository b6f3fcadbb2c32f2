"""The parts of the benchmarks that figures depend on and that need no load."""

import json
import urllib.request

import pytest
import views
from support import load, processes, surroundings


def figure(rate):
    return {"per_second": rate}


def test_a_ratio_is_of_the_same_round():
    # The ratio of the medians would be 2: that of figures from different rounds.
    assert load.ratio([figure(50), figure(100), figure(10)], [figure(100), figure(25), figure(20)]) == 0.5


def test_a_program_that_ends_is_told_with_its_words():
    with processes.Processes() as running:
        child = running.start("sh", "-c", "echo no such thing >&2; exit 3")
        child.wait()
        with pytest.raises(SystemExit, match="no such thing"):
            running.await_file(running.folder / "never", child)


def test_all_that_was_started_is_ended():
    with processes.Processes() as running:
        child = running.start("sleep", "1000")
        folder = running.folder
    assert child.poll() is not None
    assert not folder.exists()


def test_the_stand_in_answers_over_plain_http_and_over_tls():
    import ssl

    with processes.Processes() as running:
        around = surroundings.Surroundings(running, None)
        trust = ssl.create_default_context(cafile=around.certificate)
        for tls in (False, True):
            url = around.sts(tls=tls)
            assert url.startswith("https:" if tls else "http:")
            for size in (10, 20_000):
                request = urllib.request.Request(url, b"x" * size)
                with urllib.request.urlopen(request, context=trust if tls else None) as answer:
                    text = answer.read().decode()
                assert "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>" in text
                assert "@" not in text


def test_a_key_set_is_filled_up_with_keys_of_the_same_kind(monkeypatch):
    own = {"kty": "RSA", "kid": "own", "n": surroundings.encoded(b"\xc0" * 256), "e": "AQAB"}

    class Answer:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def read(self, *_):
            return json.dumps({"keys": [own]}).encode()

    monkeypatch.setattr(urllib.request, "urlopen", lambda url: Answer())
    around = surroundings.Surroundings(None, None)
    around.__dict__["stack"] = {"issuer": "http://issuer"}
    keys = json.loads(around.key_set(10))["keys"]
    assert len({key["kid"] for key in keys}) == 10
    assert keys[-1] == own
    for key in keys[:-1]:
        modulus = surroundings.decoded(key["n"])
        assert len(modulus) == 256
        assert modulus[-1] % 2 == 1


def test_usage_is_counted_for_one_exchange():
    usage = views.Usage(300, 100, 40, 10) - views.Usage(100, 0, 0, 0)
    # The kernel counts in hundredths of a second.
    assert usage.row("a thread", 1000) == "| a thread | 2000.0 | 1000.0 | 0.04 | 0.01 |"
