"""The drawing board's requests, without a network: who is answered, and with what."""

import base64
import io
import socket
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from werkzeug.test import Client

from kit.board.addresses import names_allowed
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
    site.allow({"127.0.0.1"}, 80)
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
    for level in range(0, 250, 10):
        ask(client, "post", "/keep?label=1&seen=1", data=grey(level))
    found = ask(client, "get", "/worst").json
    assert (found["kept"], found["wrong"], found["problems"]) == (25, 13, [])  # from 130 on they are light to it
    assert [each["number"] for each in found["worst"]] == list(range(WORST))  # the darkest of the light ones
    assert {(each["label"], each["seen"]) for each in found["worst"]} == {(1, 0)}
    assert Image.open(io.BytesIO(ask(client, "get", "/drawn/4").data)).getpixel((0, 0)) == (40,) * 3


def test_the_worst_are_found_without_files_that_are_gone_or_changed(client, board):
    for level in (0, 10, 20, 30):
        ask(client, "post", "/keep?label=1&seen=1", data=grey(level))
    gone, other, _, _ = (Path(each.path) for each in board.drawings.all())
    gone.unlink()
    Image.new("RGB", (4, 5)).save(other)
    found = ask(client, "get", "/worst").json
    assert [each["number"] for each in found["worst"]] == [2, 3]
    assert found["problems"] == [f"image '{gone}' does not exist", f"image '{other}' is 5 x 4 pixels, expected 16 x 16"]
    response = ask(client, "get", "/drawn/0")
    assert response.status_code == 404 and "light_000000.png" in response.text


@pytest.mark.parametrize(
    ("method", "path", "more", "status"),
    [
        ("get", "/nothing", {}, 404),
        ("get", "/../drawings.py", {}, 404),
        ("get", "/drawn/0", {}, 404),
        ("get", f"/drawn/{'9' * 5000}", {}, 404),
        ("get", "/drawn/..%2finfo.csv", {}, 404),
        ("get", "/answer", {}, 405),
        ("post", "/", {}, 405),
        ("post", "/answer", {"data": b"garbage"}, 400),
        ("post", "/answer", {"data": b""}, 400),
        ("post", "/shown", {"data": b"garbage"}, 400),
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


def test_an_image_is_shown_as_the_network_gets_it(client):
    wide = Image.new("RGB", (60, 20), (200, 100, 50))
    wide.paste((0, 0, 0), (10, 5, 50, 15))
    file = io.BytesIO()
    wide.save(file, "PNG")
    board = ask(client, "get", "/network").json["board"]
    response = ask(client, "post", "/shown", data=file.getvalue())
    shown = Image.open(io.BytesIO(response.data))
    assert response.mimetype == "image/png" and shown.size == (board["width"], board["height"]) == (512, 512)
    assert shown.getpixel((5, 5)) == (200, 100, 50) and shown.getpixel((256, 256)) == (0, 0, 0)


def test_the_board_has_the_ratio_of_the_images(board):
    board.drawings.image_size = (30, 60)
    site = Site(board, answer)
    site.allow({"127.0.0.1"}, 80)
    assert ask(Client(site), "get", "/network").json["board"] == {"height": 256, "width": 512}


@pytest.mark.parametrize(("has_convolution", "said"), [(True, "Grad-CAM"), (False, "has no convolution")])
def test_what_the_heat_map_shows(board, has_convolution, said):
    site = Site(board, answer, has_convolution)
    site.allow({"127.0.0.1"}, 80)
    assert said in ask(Client(site), "get", "/network").json["heat"]


def test_a_fault_is_told_in_a_line_and_the_board_goes_on(board, capfd):
    site = Site(board, lambda pixels: answer(pixels) if pixels.any() else 1 // 0)
    site.allow({"127.0.0.1"}, 80)
    response = ask(Client(site), "post", "/answer", data=grey(0))
    assert (response.status_code, response.mimetype) == (500, "text/plain") and b"terminal says why" in response.data
    assert capfd.readouterr() == (
        "",
        "warning: POST '/answer': ZeroDivisionError: integer division or modulo by zero\n",
    )
    assert ask(Client(site), "post", "/answer", data=grey(1)).status_code == 200


def test_no_name_of_others_reaches_a_board_that_is_open_to_the_network(board):
    site = Site(board, answer)
    site.allow(names_allowed("0.0.0.0", "0.0.0.0"), 80)
    for name, status in ((socket.gethostname().upper(), 200), ("evil.example", 403), ("8.8.8.8", 403)):
        assert Client(site).get("/network", base_url=f"http://{name}").status_code == status
    assert Client(site).get("/network", base_url="http://127.0.0.1:81").status_code == 403


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
