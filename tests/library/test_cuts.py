"""Cropping a reference and cutting it out: the original stays, what was made is looked at before it is a reference."""

import io
import uuid

import pytest
from PIL import Image as Pixels
from PIL import ImageDraw

from studio.library import actions as library
from studio.library.actions import cuts
from studio.library.actions.base import Refused
from studio.media import colour, intake
from studio.media.region import Box
from studio.models import Cut, Reference
from tests import makers

HALF = {"way": "crop", "left": "25", "top": "25", "width": "50", "height": "50"}


def drawn(ground="#d8d8d4", *, busy=False, size=(600, 800)):
    """A figure that stands on the lower edge, before paper or before shelves."""
    image = Pixels.new("RGB", size, ground)
    draw = ImageDraw.Draw(image)
    if busy:
        for n in range(0, size[0], 40):
            draw.rectangle((n, 0, n + 18, size[1]), fill="#5a3a22")
    draw.ellipse((200, 150, 400, 400), fill="#b4542b")
    draw.rectangle((180, 380, 420, 800), fill="#334455")
    draw.ellipse((270, 240, 330, 300), fill=ground)  # a hole in the figure, of the background's colour
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def noor(team):
    return makers.subject(team, "Noor")


@pytest.fixture
def front(team, noor):
    return makers.reference(noor.default_set, "front", makers.image(team, data=drawn()))


def test_it_crops_and_keeps_the_original(signed_in, mei, front):
    client = signed_in(mei)
    answer = client.post(f"/references/{front.code}/cut/", {**HALF, "key": uuid.uuid4()})
    cut = Cut.objects.get()
    assert answer["Location"] == f"/cuts/{cut.code}/"
    assert (cut.image.width, cut.image.height) == (300, 400)
    assert (cut.source, cut.box, cut.by) == (front.image, [250, 250, 500, 500], mei)
    assert Reference.objects.count() == 1  # nothing becomes a reference by itself
    html = client.get(answer["Location"]).content.decode()
    assert "300 × 400 px" in html
    client.post(answer["Location"], {"do": "take", "view": "detail", "detail": "cap"})
    made = Reference.objects.exclude(pk=front.pk).get()
    assert (made.view, made.detail, made.image) == ("detail", "cap", cut.image)
    cut.refresh_from_db()
    assert cut.made == made
    assert "This picture is itself a crop" in client.get(f"/references/{made.code}/cut/").content.decode()
    assert "In the set" in client.get(f"/references/{front.code}/cut/").content.decode()


def test_it_stands_behind_its_original(mei, noor, front):
    makers.reference(noor.default_set, "back")
    cut = cuts.crop_reference(reference=front, box=Box(0, 0, 500, 500), by=mei, key=uuid.uuid4())
    made = cuts.take_cut(cut=cut, by=mei, view="")
    assert list(noor.default_set.references.values_list("pk", flat=True))[:2] == [front.pk, made.pk]


def test_it_makes_one_of_a_double_click(signed_in, mei, front):
    key = uuid.uuid4()
    client = signed_in(mei)
    first, second = (client.post(f"/references/{front.code}/cut/", {**HALF, "key": key}) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Cut.objects.count() == 1


def test_it_puts_a_subject_before_plain_grey(mei, front):
    cut = cuts.plain_reference(reference=front, by=mei, key=uuid.uuid4())
    from django.core.files.storage import storages

    with storages["default"].open(cut.image.original) as file:
        made = Pixels.open(io.BytesIO(file.read()), formats=("PNG",)).convert("RGB")
    assert made.getpixel((20, 20)) == made.getpixel((560, 700)) == (208, 208, 208)
    assert colour.difference("#{:02x}{:02x}{:02x}".format(*made.getpixel((300, 200))), "#b4542b") < 1
    assert made.getpixel((300, 270)) == (
        216,
        216,
        212,
    )  # the hole is the figure's own: nothing from the border reaches it
    assert made.getpixel((300, 790)) == (51, 68, 85)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(drawn(busy=True), "background is not even"), (makers.picture(mark="#8899aa"), "Nothing stands off")],
)
def test_it_says_why_it_cannot_be_cut_out(signed_in, mei, team, noor, data, reason):
    busy = makers.reference(noor.default_set, "back", makers.image(team, data=data))
    answer = signed_in(mei).post(f"/references/{busy.code}/cut/", {"way": "plain", "key": uuid.uuid4()})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert not Cut.objects.exists()


def test_it_refuses_a_crop_too_small_to_show_anything(mei, front):
    with pytest.raises(intake.Refused, match="At least 64"):
        cuts.crop_reference(reference=front, box=Box(0, 0, 50, 50), by=mei, key=uuid.uuid4())


@pytest.mark.parametrize(
    "given", [{"left": "x"}, {"width": ""}, {"left": "80"}, {"key": "\x00"}, {"way": "x" * 10_000}, {"top": "-1"}]
)
def test_it_stands_odd_forms(signed_in, mei, front, given):
    answer = signed_in(mei).post(f"/references/{front.code}/cut/", {**HALF, "key": uuid.uuid4(), **given})
    assert answer.status_code in {302, 422}


def test_it_is_decided_once(signed_in, mei, pavel, front):
    cut = cuts.crop_reference(reference=front, box=Box(0, 0, 500, 500), by=mei, key=uuid.uuid4())
    cuts.lay_cut_aside(cut=cut, by=pavel)
    answer = signed_in(mei).post(f"/cuts/{cut.code}/", {"do": "take", "view": ""})
    assert answer.status_code == 409
    assert "Somebody decided about this one meanwhile." in answer.content.decode()
    with pytest.raises(Refused):
        cuts.lay_cut_aside(cut=cut, by=mei)
    assert Reference.objects.count() == 1
    assert "Laid aside" in signed_in(mei).get(f"/references/{front.code}/cut/").content.decode()


def test_it_says_where_that_picture_is_in_the_set_already(signed_in, mei, front):
    made = [cuts.crop_reference(reference=front, box=Box(0, 0, 500, 500), by=mei, key=uuid.uuid4()) for _ in range(2)]
    cuts.take_cut(cut=made[0], by=mei, view="")
    answer = signed_in(mei).post(f"/cuts/{made[1].code}/", {"do": "take", "view": ""})
    assert answer.status_code == 409
    assert "in this set already" in answer.content.decode()
    made[1].refresh_from_db()
    assert made[1].accepted is None


def test_it_outlives_its_original(signed_in, mei, front):
    cut = cuts.crop_reference(reference=front, box=Box(0, 0, 500, 500), by=mei, key=uuid.uuid4())
    library.remove_reference(reference=front, by=mei)
    assert signed_in(mei).get(f"/cuts/{cut.code}/").status_code == 200
    signed_in(mei).post(f"/cuts/{cut.code}/", {"do": "take", "view": "front"})
    assert Reference.objects.get().image == cut.image


def test_it_is_not_for_those_who_only_look(signed_in, rosa, outsider, front):
    cut = makers.cut(front)
    for address in (f"/references/{front.code}/cut/", f"/cuts/{cut.code}/"):
        assert signed_in(rosa).get(address).status_code == 403
        assert signed_in(outsider).get(address).status_code == 404
        assert signed_in(outsider).post(address, HALF).status_code == 404


def test_it_says_what_it_made_in_constant_queries(signed_in, mei, front, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = signed_in(mei)
    makers.cut(front)
    client.get(f"/references/{front.code}/cut/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/references/{front.code}/cut/")
    for _ in range(5):
        makers.cut(front, by=mei)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/references/{front.code}/cut/")
    assert len(many) == len(few)


def test_a_tile_leads_to_what_it_was_made_from(signed_in, mei, noor, front):
    cut = makers.cut(front)
    cuts.take_cut(cut=cut, by=mei, view="detail", detail="cap")
    html = signed_in(mei).get(f"/subjects/{noor.code}/", follow=True).content.decode()
    assert f'<a href="/cuts/{cut.code}/">Cropped' in html
