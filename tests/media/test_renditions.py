"""What an <img> needs, computed as the files were made."""

from __future__ import annotations

import pytest

from studio.media import actions, renditions
from studio.media.models import Image, Rendition
from tests import makers


@pytest.mark.parametrize(
    "size", [(2049, 1531), (1531, 2049), (777, 3001), (300, 200), (1281, 1279), (2048, 1), (900, 640)]
)
def test_it_computes_the_sizes_that_are_stored(team, size):
    image = actions.store_upload(team=team, by=None, name="a.png", data=makers.picture(*size))
    for row in image.renditions.all():
        assert renditions.size(image, row.spec) == (row.width, row.height)


def test_it_offers_every_size_and_starts_with_the_one_that_fills(team, django_assert_num_queries):
    image = Image(team=team, key="k" * 32, width=4000, height=3000)
    with django_assert_num_queries(0):
        found = renditions.picture(image, 400)
    k = image.key
    assert found == {
        "src": f"/media/{k}/640/",
        "srcset": f"/media/{k}/320/ 320w, /media/{k}/640/ 640w, /media/{k}/1280/ 1280w",
        "width": 640,
        "height": 480,
    }
    assert renditions.picture(image, 5000)["src"] == f"/media/{k}/1280/"
    assert renditions.picture(image, 1)["src"] == f"/media/{k}/320/"


def test_it_counts_the_width_of_upright_pictures(team):
    image = Image(team=team, key="k" * 32, width=1080, height=1920)
    assert renditions.picture(image, 320)["src"].endswith("/640/")  # 360 px wide
    assert (renditions.picture(image, 320)["width"], renditions.picture(image, 320)["height"]) == (360, 640)


def test_it_offers_a_small_picture_once(team):
    image = Image(team=team, key="k" * 32, width=300, height=200)
    assert renditions.picture(image, 640) == {
        "src": f"/media/{image.key}/320/", "srcset": f"/media/{image.key}/320/ 300w", "width": 300, "height": 200
    }  # fmt: skip


def test_it_reads_a_rendition(team):
    image = makers.image(team)
    assert renditions.data(image)[:3] == b"\xff\xd8\xff"
    assert renditions.data(image, "320")[8:12] == b"WEBP"
    with pytest.raises(Rendition.DoesNotExist):
        renditions.data(image, "4096")


def test_it_fetches_renditions_of_many_pictures_in_two_queries(team, outsider, django_assert_num_queries):
    for _ in range(3):
        makers.bare_image(team)
    makers.bare_image(outsider.memberships.get().team)
    with django_assert_num_queries(2):
        found = [len(image.renditions.all()) for image in Image.objects.for_team(team).with_renditions()]
    assert found == [3, 3, 3]
