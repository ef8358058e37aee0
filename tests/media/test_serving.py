"""Pictures are served to the team that owns them, as pictures and nothing else."""

from __future__ import annotations

import pytest
from django.core.files.storage import storages
from PIL import Image as Pixels

from studio.media import actions, renditions
from tests import makers
from tests.media import files

EVERY_ROLE = ["ada", "pavel", "mei", "rosa", "viktor"]


def body(response):
    return b"".join(response.streaming_content)


@pytest.fixture
def image(team, mei):
    return makers.image(team, by=mei, name="front.png")


@pytest.mark.parametrize("spec", renditions.SPECS)
def test_it_serves_renditions_with_headers_that_hold_them(image, mei, signed_in, spec):
    response = signed_in(mei).get(f"/media/{image.key}/{spec}/")
    assert response.status_code == 200
    assert response["Content-Type"] == ("image/webp" if spec == "320" else "image/jpeg")
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["ETag"] == f'"{image.key}-{spec}"'
    assert "attachment" not in response.get("Content-Disposition", "")
    data = body(response)
    assert int(response["Content-Length"]) == len(data)
    assert data == renditions.data(image, spec)
    assert files.opened(data).size == renditions.size(image, spec)


@pytest.mark.parametrize("who", EVERY_ROLE)
def test_it_serves_every_role_of_the_team(image, who, signed_in, request):
    assert signed_in(request.getfixturevalue(who)).get(f"/media/{image.key}/320/").status_code == 200


@pytest.mark.parametrize("path", ["320", "provider", "original"])
def test_it_hides_pictures_from_strangers(image, outsider, client, signed_in, path):
    response = signed_in(outsider).get(f"/media/{image.key}/{path}/", headers={"If-None-Match": "*"})
    assert response.status_code == 404
    anonymous = client.get(f"/media/{image.key}/{path}/", headers={"If-None-Match": "*"})
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("spec", ["321", "640.webp", "ORIGINAL", "0640", "-1", "640_x"])
def test_it_knows_its_sizes_only(image, mei, signed_in, spec):
    assert signed_in(mei).get(f"/media/{image.key}/{spec}/").status_code == 404


@pytest.mark.parametrize("key", ["0" * 32, "x", "..", "%2e%2e"])
def test_it_knows_its_keys_only(image, mei, signed_in, key):
    assert signed_in(mei).get(f"/media/{key}/320/").status_code == 404


def test_it_answers_304_to_whoever_has_it_and_may_see_it(image, mei, signed_in):
    browser = signed_in(mei)
    tag = browser.get(f"/media/{image.key}/640/")["ETag"]
    again = browser.get(f"/media/{image.key}/640/", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert again["Cache-Control"] == "private, max-age=31536000, immutable"
    other = browser.get(f"/media/{image.key}/320/", headers={"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_for_reading(image, mei, signed_in, method):
    for path in ("320", "original"):
        assert getattr(signed_in(mei), method)(f"/media/{image.key}/{path}/").status_code == 405


def test_it_answers_404_when_the_file_is_gone(image, mei, signed_in):
    storages["default"].delete(image.renditions.get(spec="320").path)
    storages["default"].delete(image.original)
    for path in ("320", "original"):
        assert signed_in(mei).get(f"/media/{image.key}/{path}/").status_code == 404


def test_it_gives_the_original_to_its_uploader_as_a_download(team, mei, signed_in):
    exif = Pixels.Exif()
    exif[0x013B] = "CANARY"
    data = files.saved(files.drawing(), "JPEG", exif=exif)
    image = actions.store_upload(team=team, by=mei, name="../отражение <b>.html", data=data)
    response = signed_in(mei).get(f"/media/{image.key}/original/")
    assert body(response) == data
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert ".html" not in response["Content-Disposition"]
    assert response["Content-Disposition"].endswith(".jpg")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_it_keeps_the_original_from_everyone_else(image, team, ada, pavel, signed_in):
    for other in (ada, pavel):
        assert signed_in(other).get(f"/media/{image.key}/original/").status_code == 403
    nobodys = makers.image(team)
    assert signed_in(ada).get(f"/media/{nobodys.key}/original/").status_code == 403


def test_it_asks_the_database_the_same_few_times_for_every_picture(
    image, mei, signed_in, django_assert_max_num_queries
):
    browser = signed_in(mei)
    browser.get(f"/media/{image.key}/640/")  # the first visit of the day is noted
    with django_assert_max_num_queries(5):  # session, user, memberships, image, rendition
        browser.get(f"/media/{image.key}/320/")
