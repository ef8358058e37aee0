"""What may stand in an account's base URL and among its result hosts. No name is looked up."""

import re

import pytest

from studio.providers.addresses import WrongAddress, base_url, inside, result_hosts


@pytest.mark.parametrize(
    ("typed", "engine", "kept"),
    [
        ("https://api.runware.ai/v1", "runware", "https://api.runware.ai/v1"),
        (" https://API.Runware.AI./v1/ ", "runware", "https://api.runware.ai/v1"),
        ("https://api.hiapi.ai/v1/tasks", "hiapi", "https://api.hiapi.ai"),
        ("https://api.hiapi.ai/v1", "hiapi", "https://api.hiapi.ai"),
        ("https://gate.example/v1beta/models/", "gemini", "https://gate.example"),
        ("https://gate.example:443", "gemini", "https://gate.example"),
        ("https://gate.example:8443/one", "gemini", "https://gate.example:8443/one"),
        ("https://exämple.com", "gemini", "https://xn--exmple-cua.com"),
        ("http://localhost:9101/v1", "runware", "http://localhost:9101/v1"),
        ("http://127.0.0.1:80", "hiapi", "http://127.0.0.1"),
        ("http://[::1]:9101", "hiapi", "http://[::1]:9101"),
        ("http://10.0.0.3:8080/gate", "gemini", "http://10.0.0.3:8080/gate"),
        ("http://gateway:8080", "gemini", "http://gateway:8080"),
        ("http://gate.lan", "gemini", "http://gate.lan"),
        ("https://192.168.1.20", "gemini", "https://192.168.1.20"),
        ("https://[::ffff:10.0.0.3]", "gemini", "https://10.0.0.3"),
    ],
)
def test_it_keeps_one_spelling(typed, engine, kept):
    assert base_url(typed, engine) == kept
    assert base_url(kept, engine) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "whole address"),
        ("api.runware.ai", "whole address"),
        ("ftp://api.runware.ai", "whole address"),
        ("javascript:alert(1)", "whole address"),
        ("file:///etc/passwd", "whole address"),
        ("https://", "whole address"),
        ("https://api.runware.ai:0/v1", "port 0"),
        ("http://api.runware.ai/v1", "Plain http"),
        ("http://8.8.8.8", "Plain http"),
        ("https://me:secret@api.runware.ai", "name and password"),
        ("https://me@api.runware.ai", "name and password"),
        ("https://api.runware.ai/?key=1", "? or #"),
        ("https://api.runware.ai/?", "? or #"),
        ("https://api.runware.ai/#x", "? or #"),
        ("https://api runware.ai", "no spaces"),
        ("https://api.runware.ai\\@evil.example", "no spaces"),
        ("https://api.runware.ai\r\nX: y", "no spaces"),
        ("https://api.runware.ai:99999", "no address"),
        ("https://api.runware.ai:x", "no address"),
        ("http://[::1", "no address"),
        ("http://2130706433/", "in full"),
        ("http://0x7f.1/", "in full"),
        ("http://127.1/", "in full"),
        ("http://169.254.169.254/latest", "No service"),
        ("https://169.254.169.254/latest", "No service"),
        ("http://[::ffff:169.254.169.254]/", "No service"),
        ("http://[fe80::1]/", "No service"),
        ("http://0.0.0.0:8000", "No service"),
        ("http://224.0.0.1", "No service"),
        ("https://.example.com", "cannot be read"),
        ("https://-a-.example.com", "cannot be read"),
        ("https://" + "a" * 300, "at most 200"),
    ],
)
def test_it_says_what_is_wrong(typed, words):
    with pytest.raises(WrongAddress, match=re.escape(words)):
        base_url(typed, "runware")


def test_it_tells_ones_own_network_by_the_words_alone():
    assert all(map(inside, ("localhost", "gateway", "gate.local", "gate.home.arpa", "10.1.2.3", "::1", "fd00::1")))
    assert not any(map(inside, ("example.com", "localhost.example.com", "8.8.8.8", "2001:4860:4860::8888")))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("im.runware.ai", "im.runware.ai"),
        (" Im.Runware.ai.,  .hiapi.ai\n.hiapi.ai", "im.runware.ai,.hiapi.ai"),
    ],
)
def test_it_keeps_result_hosts(typed, kept):
    assert result_hosts(typed) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("https://im.runware.ai", "without https"),
        ("im.runware.ai:443", "without https"),
        (".ai", "no host"),
        ("localhost", "no host"),
        ("10.0.0.1", "not from numbers"),
        ("a..b", "no host"),
        (",".join(f"host-number-{n}.example.com" for n in range(20)), "at most 300"),
    ],
)
def test_it_refuses_result_hosts(typed, words):
    with pytest.raises(WrongAddress, match=re.escape(words)):
        result_hosts(typed)
