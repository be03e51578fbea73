"""Serves the drawing board: a page to draw on, and what the network answers to each drawing.

GET  /            the page; its files are in kit/board/page
GET  /network     JSON: the run, its classes, the counts so far
POST /shown       an image file -> PNG: the image as the board shows it
POST /answer      an image file -> JSON: probabilities, heat map, feature maps
POST /keep        an image file, ?label=N&seen=M -> kept as class N, where the network saw M; JSON: the counts
GET  /worst       JSON: the kept drawings that the network is most wrong about, and those that can't be read
GET  /drawn/N     the kept drawing number N, from 0

Only requests for the board's own address are answered, so no other page that is open in the browser can reach it.
"""

from __future__ import annotations

import base64
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import kit.tensorflow1 as tf
from kit.board.addresses import free_address, is_open_to_others, names_allowed, names_to_open, reached_at
from kit.board.plan import Board
from kit.cli import console
from kit.cli.errors import UserError, tensorflow_reason
from kit.cli.settings import BoardSettings
from kit.data.fitted_picture import fitted
from kit.data.image_refusals import NotShown
from kit.data.image_shown import shown_in
from kit.model.explanation import last_convolution

PAGE = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    "/board.js": ("board.js", "text/javascript"),
    "/board.css": ("board.css", "text/css"),
}
LARGEST_UPLOAD = 1 << 24  # bytes
WORST = 10  # drawings that are shown
BOARD = 512  # pixels: the longer side of what is drawn on
HEAT = {  # {whether the network has a convolution: what the heat map shows}
    True: "Yellow: these places speak most for the class that the network sees (Grad-CAM, place by place).",
    False: "Yellow: where a change of a pixel changes most how sure the network is (it has no convolution).",
}
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
Answer = Callable[[np.ndarray], dict]


def serve(settings: BoardSettings, board: Board, answer: Answer) -> None:
    """Serves the page until Ctrl-C.

    Args:
      settings: the host and the port.
      board: whose network is asked.
      answer: uint8 [H, W, 3] -> {"probabilities": [1, classes], "maps": {layer: [1, maps, h, w]}, "heat": [1, h, w]}.
    Raises:
      UserError: the address can't be used.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

    address = free_address(settings.host, settings.port)
    site = Site(board, answer, last_convolution(tf.get_default_graph()) is not None)
    answer(np.zeros(board.image_shape, np.uint8))  # the first one takes longer: before anybody waits
    server = make_server(settings.host, settings.port, site, threaded=True, request_handler=Quiet)
    site.allow(names_allowed(settings.host, address), server.server_port)
    if is_open_to_others(address):
        console.warn(
            f"--host {settings.host}: whoever reaches this computer's network can open the page and keep drawings"
        )
    places = " or ".join(f"http://{name}:{server.server_port}" for name in names_to_open(settings.host, address))
    console.say(f"Draw at {places} (Ctrl-C ends).")
    server.serve_forever()


class Site:
    """The WSGI application.

    Args:
      board: whose network is asked.
      answer: as of `serve`.
      has_convolution: whether the network has one; the heat map shows something else if not.
    """

    def __init__(self, board: Board, answer: Answer, has_convolution: bool = True) -> None:
        self._board, self._answer, self._has_convolution = board, answer, has_convolution
        self._right, self._wrong = 0, 0
        self._lock = threading.Lock()  # of the counts
        self._names: set[str] = set()
        self._port = 0

    def allow(self, names: set[str], port: int) -> None:
        """From now on requests for these names of this computer are answered; before, none."""
        self._names, self._port = names, port

    def __call__(self, environ: dict, start_response: Any) -> Any:
        from werkzeug.exceptions import HTTPException
        from werkzeug.wrappers import Request, Response

        request = Request(environ)
        request.max_content_length = LARGEST_UPLOAD
        try:
            self._check_origin(request)
            response = self._response(request)
        except HTTPException as error:
            response = Response(f"{error.description}\n", error.code, mimetype="text/plain")
        except (NotShown, UserError) as error:
            response = Response(f"{error}\n", 400, mimetype="text/plain")
        except Exception as error:  # a fault of the board's: it goes on for other drawings
            console.warn(f"{request.method} {request.path!r}: {type(error).__name__}: {tensorflow_reason(error)}")
            response = Response("The drawing board failed; its terminal says why.\n", 500, mimetype="text/plain")
        response.headers.update(HEADERS)
        return response(environ, start_response)

    def _check_origin(self, request: Any) -> None:
        """Refuses what other pages send: through a name of their own for this address, or from their own address."""
        from werkzeug.exceptions import Forbidden

        origin = request.headers.get("Origin")
        connection = request.environ.get("werkzeug.socket")
        names = self._names | ({reached_at(connection)} if connection else set())
        hosts = {f"{name}:{self._port}" for name in names} | (names if self._port == 80 else set())
        if request.host.lower() not in hosts:
            raise Forbidden(f"The drawing board isn't at '{request.host}'.")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            raise Forbidden("Only the drawing board's own page may send drawings.")

    def _response(self, request: Any) -> Any:
        from werkzeug.exceptions import MethodNotAllowed, NotFound
        from werkzeug.wrappers import Response

        actions: dict[tuple[str, str], Callable] = {
            ("GET", "/network"): lambda: self._network(),
            ("POST", "/shown"): lambda: self._shown(request),
            ("POST", "/answer"): lambda: self._answers(request),
            ("POST", "/keep"): lambda: self._keep(request),
            ("GET", "/worst"): lambda: self._worst(),
        }
        method = "GET" if request.method == "HEAD" else request.method
        if method == "GET" and request.path in FILES:
            name, mimetype = FILES[request.path]
            return Response((PAGE / name).read_bytes(), mimetype=mimetype)
        if method == "GET" and request.path.startswith("/drawn/"):
            return self._drawn(request.path.removeprefix("/drawn/"))
        if (method, request.path) not in actions:
            known = {path for _, path in actions} | set(FILES)
            raise MethodNotAllowed() if request.path in known else NotFound(f"There is nothing at {request.path}.")
        content = actions[method, request.path]()
        return content if isinstance(content, Response) else _json(content)

    def _network(self) -> dict:
        run, (height, width), (tall, wide) = self._board.run, self._board.drawings.image_size, self._board_size()
        return {
            "run": run.name,
            "design": run.design,
            "classes": self._board.class_names,
            "height": height,
            "width": width,
            "board": {"height": tall, "width": wide},
            "heat": HEAT[self._has_convolution],
            **self._counts(),
        }

    def _board_size(self) -> tuple[int, int]:
        """(height, width) of what is drawn on, in the ratio of the network's images."""
        height, width = self._board.drawings.image_size
        scale = BOARD / max(height, width)
        return max(1, round(height * scale)), max(1, round(width * scale))

    def _counts(self) -> dict:
        return {"right": self._right, "wrong": self._wrong, "kept": len(self._board.drawings)}

    def _pixels(self, request: Any) -> np.ndarray:
        """The image that was sent, as the network takes it: uint8 [H, W, 3]."""
        return np.asarray(fitted(shown_in(request.get_data(), "drawing"), self._board.drawings.image_size))

    def _shown(self, request: Any) -> Any:
        from werkzeug.wrappers import Response

        file = io.BytesIO()
        fitted(shown_in(request.get_data(), "drawing"), self._board_size()).save(file, "PNG")
        return Response(file.getvalue(), mimetype="image/png")

    def _answers(self, request: Any) -> dict:
        outputs = self._answer(self._pixels(request))
        maps = [{"layer": layer, **_encoded(values[0])} for layer, values in outputs["maps"].items()]
        heat = _encoded((255 * outputs["heat"]).astype(np.uint8))
        return {"probabilities": self._probabilities(outputs), "heat": heat, "layers": maps}

    def _probabilities(self, outputs: dict) -> list[float]:
        return [float(value) for value in outputs["probabilities"][0]]

    def _keep(self, request: Any) -> dict:
        label, seen = (self._class_number(request, name) for name in ("label", "seen"))
        self._board.drawings.keep(self._pixels(request), label)
        with self._lock:
            self._right += label == seen
            self._wrong += label != seen
        return self._counts()

    def _class_number(self, request: Any, name: str) -> int:
        from werkzeug.exceptions import BadRequest

        number = request.args.get(name, type=int)
        if number is None or not 0 <= number < len(self._board.class_names):
            raise BadRequest(f"'{name}' should be the number of a class, 0 to {len(self._board.class_names) - 1}.")
        return number

    def _worst(self) -> dict:
        """The kept drawings that the network is wrong about, the one whose class it finds least likely first."""
        wrong, problems, drawings = [], [], self._board.drawings
        kept = drawings.all()
        for number, drawing in enumerate(kept):
            try:
                probabilities = self._probabilities(self._answer(drawings.pixels(drawing)))
            except NotShown as problem:
                problems.append(str(problem).partition("\n")[0])
                continue
            seen = int(np.argmax(probabilities))
            if seen != drawing.label:
                wrong.append({"number": number, "label": drawing.label, "seen": seen, "probabilities": probabilities})
        wrong.sort(key=lambda each: each["probabilities"][each["label"]])
        return {"kept": len(kept), "wrong": len(wrong), "worst": wrong[:WORST], "problems": problems}

    def _drawn(self, number: str) -> Any:
        from werkzeug.exceptions import NotFound
        from werkzeug.wrappers import Response

        kept = {str(i): drawing for i, drawing in enumerate(self._board.drawings.all())}
        if number not in kept:
            raise NotFound(f"There is no drawing '{number}': {len(kept)} are kept, from 0.")
        try:
            return Response(Path(kept[number].path).read_bytes(), mimetype="image/png")
        except OSError as error:
            raise NotFound(f"image '{kept[number].path}' cannot be read ({error.strerror}).") from None


def _encoded(maps: np.ndarray) -> dict:
    """uint8 [maps, h, w] as JSON can hold it."""
    count, height, width = maps.shape
    return {"count": count, "height": height, "width": width, "pixels": base64.b64encode(maps.tobytes()).decode()}


def _json(content: Any) -> Any:
    import json

    from werkzeug.wrappers import Response

    return Response(json.dumps(content), mimetype="application/json")
