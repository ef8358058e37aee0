"""A card says that markers failed in its picked take."""

from studio.consistency import actions
from studio.consistency.badges import failures
from tests import makers


def test_the_card_says_what_failed_in_the_pick(signed_in, rosa, mei, project, takes, marks):
    client, board = signed_in(rosa), f"/projects/{project.code}/"
    assert "drifted" not in client.get(board).content.decode().split("panel-card", 1)[1]
    for marker, result in zip(marks, ("same", "missing", "drifted"), strict=True):
        actions.judge(take=takes[0], marker=marker, result=result, by=mei, revision=0)
    html = client.get(board).content.decode()
    assert "1 drifted, 1 missing</span>" in html
    actions.judge(take=takes[0], marker=marks[1], result="same", by=mei, revision=1)
    actions.clear(take=takes[0], marker=marks[2], by=mei, revision=1)
    assert "Markers of the picked take" not in client.get(board).content.decode()


def test_only_the_pick_counts(mei, noor, takes, marks):
    panel = takes[0].panel
    actions.judge(take=takes[0], marker=marks[1], result="wrong", by=mei, revision=0)
    assert failures([panel.pk]) == {panel.pk: "1 wrong"}
    makers.take(panel, picked=True, versions={noor.code: 1})
    assert failures([panel.pk]) == {}


def test_the_board_asks_the_same_queries_however_many_drifted(signed_in, mei, noor, project, takes, marks, count):
    client, board = signed_in(mei), f"/projects/{project.code}/"
    actions.judge(take=takes[0], marker=marks[1], result="wrong", by=mei, revision=0)
    client.get(board)
    few = count(lambda: client.get(board))
    for _ in range(5):
        panel = makers.panel(project.scenes.get())
        take = makers.take(panel, picked=True, versions={noor.code: 1})
        actions.judge(take=take, marker=marks[1], result="missing", by=mei, revision=0)
    assert count(lambda: client.get(board)) == few
