"""The table of `make bench`."""

from bench import __main__ as bench

ROWS = [
    {"name": "Quick", "ours": 12.5, "floor": 10, "ratio": 1.25, "wanted": 2.0, "unit": "ms"},
    {"name": "Told only", "ours": 26, "floor": None, "ratio": None, "wanted": None, "unit": ""},
]
HIGH = {"name": "High", "ours": 61, "floor": None, "ratio": None, "wanted": 50, "unit": "ms"}
SLOW = {"name": "Slow", "ours": 31, "floor": 10, "ratio": 3.1, "wanted": 2.0, "unit": "ms"}


def measures(monkeypatch, rows):
    module = type(bench)("bench.given")
    module.run = lambda: rows
    monkeypatch.setitem(bench.sys.modules, "bench.given", module)
    module.__spec__ = bench.importlib.util.spec_from_loader("bench.given", None)


def test_it_prints_ours_beside_the_floor(monkeypatch, capsys):
    measures(monkeypatch, ROWS)
    assert bench.main(["given"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["Quick", "12.50", "ms", "10", "ms", "1.25", "≤", "2"]
    assert lines[2].split() == ["Told", "only", "26", "–", "–", "–"]


def test_it_fails_where_one_is_over(monkeypatch, capsys):
    for row in (SLOW, HIGH):
        measures(monkeypatch, [*ROWS, row])
        assert bench.main(["given"]) == 1
        assert capsys.readouterr().out.splitlines()[3].endswith("over")


def test_it_says_what_is_not_there(monkeypatch, capsys):
    measures(monkeypatch, ROWS)
    assert bench.main(["given", "nothing"]) == 1
    assert "bench/nothing.py is missing" in capsys.readouterr().out
