"""Serves the drawing board: a page to draw on, and what the network answers to each drawing.

GET  /            the page; its files are in kit/board/page
GET  /network     JSON: the run, its classes, the counts so far
POST /answer      an image file -> JSON: probabilities, heat map, feature maps
POST /keep        an image file, ?label=N&seen=M -> kept as class N, where the network saw M; JSON: the counts
GET  /worst       JSON: the kept drawings that the network is most wrong about
GET  /drawn/N     the kept drawing number N

Only requests for the board's own address are answered, so no other page that is open in the browser can reach it.
"""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from kit.board.plan import Board
from kit.cli import console
from kit.cli.errors import UserError
from kit.cli.settings import BoardSettings
from kit.data.fitted_picture import fitted
from kit.data.image_refusals import NotShown
from kit.data.image_shown import shown_in

PAGE = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    "/board.js": ("board.js", "text/javascript"),
    "/board.css": ("board.css", "text/css"),
}
ANY_HOST = {"0.0.0.0", "::"}
LOOPBACK = {"127.0.0.1", "localhost"}  # names of this computer, for itself
LARGEST_UPLOAD = 1 << 24  # bytes
WORST = 10  # drawings that are shown
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

    _check_free(settings.host, settings.port)
    site = Site(board, answer)
    answer(np.zeros(board.image_shape, np.uint8))  # the first one takes longer: before anybody waits
    server = make_server(settings.host, settings.port, site, threaded=True, request_handler=Quiet)
    site.allow(settings.host, server.server_port)
    if settings.host not in LOOPBACK | {"::1"}:
        console.warn(
            f"--host {settings.host}: whoever reaches this computer's network can open the page and keep drawings"
        )
    console.say(f"Draw at http://{_name_of(settings.host)}:{server.server_port} (Ctrl-C ends).")
    server.serve_forever()


class Site:
    """The WSGI application."""

    def __init__(self, board: Board, answer: Answer) -> None:
        self._board, self._answer = board, answer
        self._right, self._wrong = 0, 0
        self._lock = threading.Lock()  # of the counts
        self._hosts: set[str] | None = None  # None: any

    def allow(self, host: str, port: int) -> None:
        """From now on only requests for this address are answered; any address if the host is a wildcard."""
        if host not in ANY_HOST:
            names = LOOPBACK if host in LOOPBACK else {_name_of(host)}
            self._hosts = {f"{name}:{port}" for name in names} | (names if port == 80 else set())

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
        response.headers.update(HEADERS)
        return response(environ, start_response)

    def _check_origin(self, request: Any) -> None:
        """Refuses what other pages send: through a name of their own for this address, or from their own address."""
        from werkzeug.exceptions import Forbidden

        origin = request.headers.get("Origin")
        if self._hosts is not None and request.host not in self._hosts:
            raise Forbidden(f"The drawing board isn't at '{request.host}'.")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            raise Forbidden("Only the drawing board's own page may send drawings.")

    def _response(self, request: Any) -> Any:
        from werkzeug.exceptions import MethodNotAllowed, NotFound
        from werkzeug.wrappers import Response

        actions: dict[tuple[str, str], Callable] = {
            ("GET", "/network"): lambda: self._network(),
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
        return _json(actions[method, request.path]())

    def _network(self) -> dict:
        run = self._board.run
        height, width = self._board.drawings.image_size
        return {"run": run.name, "design": run.design, "classes": self._board.class_names, "height": height} | {
            "width": width,
            **self._counts(),
        }

    def _counts(self) -> dict:
        return {"right": self._right, "wrong": self._wrong, "kept": len(self._board.drawings)}

    def _pixels(self, request: Any) -> np.ndarray:
        """The image that was sent, as the network takes it: uint8 [H, W, 3]."""
        return np.asarray(fitted(shown_in(request.get_data(), "drawing"), self._board.drawings.image_size))

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

    def _worst(self) -> list[dict]:
        """The kept drawings whose class the network finds least likely, the worst first."""
        found, drawings = [], self._board.drawings
        for number, drawing in enumerate(drawings.all()):
            probabilities = self._probabilities(self._answer(drawings.pixels(drawing)))
            found.append(
                {"number": number, "name": drawing.name, "label": drawing.label, "probabilities": probabilities}
            )
        return sorted(found, key=lambda each: each["probabilities"][each["label"]])[:WORST]

    def _drawn(self, number: str) -> Any:
        from werkzeug.exceptions import NotFound
        from werkzeug.wrappers import Response

        kept = self._board.drawings.all()
        if not number.isdecimal() or int(number) >= len(kept):
            raise NotFound("There is no such drawing.")
        return Response(Path(kept[int(number)].path).read_bytes(), mimetype="image/png")


def _check_free(host: str, port: int) -> None:
    """Checks that a server can listen there: werkzeug ends the process with words of its own if it can't."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"--host {host} --port {port}: cannot serve a page there: {reason}.\n"
            "  Choose another port, or --port 0 for any that is free."
        ) from error


def _name_of(host: str) -> str:
    """A host as an address in a browser names it."""
    return "127.0.0.1" if host in ANY_HOST else f"[{host}]" if ":" in host else host


def _encoded(maps: np.ndarray) -> dict:
    """uint8 [maps, h, w] as JSON can hold it."""
    count, height, width = maps.shape
    return {"count": count, "height": height, "width": width, "pixels": base64.b64encode(maps.tobytes()).decode()}


def _json(content: Any) -> Any:
    import json

    from werkzeug.wrappers import Response

    return Response(json.dumps(content), mimetype="application/json")
