"""The drawing board's requests, without a network: who is answered, and with what."""

import base64
import io
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from werkzeug.test import Client

from kit.board.drawings import Drawings
from kit.board.server import LARGEST_UPLOAD, WORST, Site

NAMES = ("dark", "light")


def answer(pixels):
    """A network that tells dark images from light ones by their mean."""
    light = pixels.mean() / 255
    maps = {"conv1": np.full((1, 2, 3, 4), 7, np.uint8)}
    return {"probabilities": np.array([[1 - light, light]]), "maps": maps, "heat": np.full((1, 2, 2), 0.5)}


@pytest.fixture
def board(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = SimpleNamespace(name="some_run", design="network cnn")
    return SimpleNamespace(run=run, class_names=NAMES, drawings=Drawings("drawn", NAMES, (16, 16)))


@pytest.fixture
def client(board):
    site = Site(board, answer)
    site.allow("127.0.0.1", 80)
    return Client(site)


def grey(level):
    file = io.BytesIO()
    Image.new("RGB", (16, 16), (level,) * 3).save(file, "PNG")
    return file.getvalue()


def ask(client, method, path, **more):
    return getattr(client, method)(path, base_url="http://127.0.0.1", **more)


def test_the_page_and_its_files(client):
    for path, kind in (("/", "text/html"), ("/board.js", "text/javascript"), ("/board.css", "text/css")):
        response = ask(client, "get", path)
        assert (response.status_code, response.mimetype) == (200, kind)
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert b"http:" not in response.data and b"https:" not in response.data  # nothing from elsewhere


def test_an_answer(client):
    found = ask(client, "post", "/answer", data=grey(51)).json
    assert found["probabilities"] == pytest.approx([0.8, 0.2])
    (layer,) = found["layers"]
    assert (layer["layer"], layer["count"], layer["height"], layer["width"]) == ("conv1", 2, 3, 4)
    assert base64.b64decode(layer["pixels"]) == b"\x07" * 24
    assert base64.b64decode(found["heat"]["pixels"]) == b"\x7f" * 4


def test_right_and_wrong_are_counted_and_kept(client, board):
    ask(client, "post", "/keep?label=0&seen=0", data=grey(0))
    counts = ask(client, "post", "/keep?label=1&seen=0", data=grey(50)).json
    assert (
        counts
        == {"right": 1, "wrong": 1, "kept": 2}
        == {key: ask(client, "get", "/network").json[key] for key in counts}
    )
    assert [each.label for each in board.drawings.all()] == [0, 1]


def test_the_worst_come_first(client):
    for level in range(0, 250, 20):
        ask(client, "post", "/keep?label=1&seen=1", data=grey(level))
    worst = ask(client, "get", "/worst").json
    assert [each["number"] for each in worst] == list(range(WORST))  # the darkest of the light ones
    assert Image.open(io.BytesIO(ask(client, "get", "/drawn/2").data)).getpixel((0, 0)) == (40,) * 3


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("get", "/nothing", {}, 404),
        ("get", "/../drawings.py", {}, 404),
        ("get", "/drawn/0", {}, 404),
        ("get", "/drawn/..%2finfo.csv", {}, 404),
        ("get", "/answer", {}, 405),
        ("post", "/", {}, 405),
        ("post", "/answer", {"data": b"garbage"}, 400),
        ("post", "/answer", {"data": b""}, 400),
        ("post", "/answer", {"data": b"x" * (LARGEST_UPLOAD + 1)}, 413),
        ("post", "/keep?label=2&seen=0", {"data": grey(0)}, 400),
        ("post", "/keep?label=-1&seen=0", {"data": grey(0)}, 400),
        ("post", "/keep?label=0", {"data": grey(0)}, 400),
        ("post", "/keep?label=0&seen=0", {"data": b"garbage"}, 400),
        ("post", "/answer", {"data": grey(0), "headers": {"Origin": "http://evil.example"}}, 403),
        ("post", "/answer", {"data": grey(0), "headers": {"Origin": "null"}}, 403),
        ("get", "/network", {"headers": {"Host": "evil.example"}}, 403),
        ("get", "/network", {"headers": {"Host": "127.0.0.1:81"}}, 403),
    ],
)
def test_what_is_refused(client, board, method, path, more, status):
    response = ask(client, method, path, **more)
    assert response.status_code == status
    assert response.mimetype == "text/plain" and len(response.data) > 10 and b"Traceback" not in response.data
    assert len(board.drawings) == 0


def test_own_page_may_send(client):
    headers = {"Origin": "http://127.0.0.1"}
    assert ask(client, "post", "/answer", data=grey(0), headers=headers).status_code == 200


def test_any_name_reaches_a_board_that_is_open_to_the_network(board):
    site = Site(board, answer)
    site.allow("0.0.0.0", 80)
    assert Client(site).get("/network", base_url="http://laptop.local").status_code == 200


def test_drawings_kept_at_once_are_all_kept(client, board):
    threads = [
        threading.Thread(target=ask, args=(client, "post", "/keep?label=0&seen=0"), kwargs={"data": grey(level)})
        for level in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Drawings("drawn", NAMES, (16, 16))) == 20
    assert ask(client, "get", "/network").json["right"] == 20
