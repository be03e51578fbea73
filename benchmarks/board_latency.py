"""How long does a person at the drawing board wait? From a stroke to the answer, for the page, among many others.

  python benchmarks/board_latency.py
  python benchmarks/board_latency.py --sizes 64 --network cnn_regularized

Trains for one epoch, opens the page in a headless Chromium, and draws with a real mouse; needs chromium and
chromedriver. Then as many requests for an answer are sent at once, without a browser.
"""

import argparse
import contextlib
import itertools
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path

from data_sets import draw
from measuring import Comparison, publish
from processes import PROJECT, run

sys.path.insert(0, str(PROJECT / "tests"))
from support.browser import chromium, wait_for  # isort: skip

STYLE = "sketch"
MOST_MILLISECONDS = 50
CORNERS = ((-180, -170), (180, -180), (170, 180), (-180, 170), (-180, -170))  # of a square, from the board's middle
POINTS = 25  # a side
AT_ONCE = 200


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[28, 64, 128], help="pixels of the network's images")
    parser.add_argument("--network", default="cnn")
    parser.add_argument("--rounds", type=int, default=3, help="drawings")
    arguments = parser.parse_args()
    answers, paints, crowds = {}, {}, {}
    for size in arguments.sizes:
        name = f"{arguments.network}, {size} pixels"
        with tempfile.TemporaryDirectory() as folder:
            draw(folder, 100, size, style=STYLE)
            run(folder, "training.py", "--network", arguments.network, "--epochs", 1)
            with board_of(folder) as address:
                paints[name], answers[name] = watched(address, arguments.rounds)
                crowds[name] = [answered_at_once(address, next(Path(folder).glob("square/square_*.png")).read_bytes())]
    comparisons = [
        Comparison("from a stroke to the answer on the page, ms", answers, 1, "drawing"),
        Comparison("until the page's first paint, ms", paints, 0),
        Comparison(f"{AT_ONCE} requests at once: until each has its answer, ms", crowds, 0),
    ]
    for name in answers:
        comparisons[0].bound(name, at_most=MOST_MILLISECONDS)
    publish("board_latency", "The drawing board", comparisons)


@contextlib.contextmanager
def board_of(folder):
    """Serves the drawing board of a folder's newest run; yields the page's address."""
    command = [sys.executable, PROJECT / "drawing_board.py", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        try:
            found = (re.search(r"Draw at (http://\S+) ", line) for line in process.stdout)
            yield next(address[1] for address in found if address)
        finally:
            process.send_signal(signal.SIGINT)


def watched(address, rounds):
    """Draws a square on the page in each round: ([[ms until its first paint]], [[ms of each answer] of each round])."""
    with chromium() as driver:
        driver.get(address)
        wait_for(driver, "network !== null")
        paint = wait_for(driver, "performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        driver.execute_script("""
            window.answered = [];
            new MutationObserver(() => answered.push(Number(document.body.dataset.milliseconds)))
                .observe(document.body, {attributes: true, attributeFilter: ["data-milliseconds"]});
        """)
        return [[paint]], [_drawn(driver) for _ in range(rounds)]


def _drawn(driver):
    from selenium.webdriver.common.action_chains import ActionChains

    find_answered = "seen !== null && !isAsking && !hasChanged"
    driver.find_element("id", "clear").click()
    wait_for(driver, "seen === null && !isAsking")
    driver.execute_script("answered.length = 0")
    board, mouse = driver.find_element("id", "board"), ActionChains(driver, duration=16)
    mouse.move_to_element_with_offset(board, *CORNERS[0]).click_and_hold()
    for (x, y), (next_x, next_y) in itertools.pairwise(CORNERS):
        for step in range(1, POINTS + 1):
            share = step / POINTS
            at = int(x + share * (next_x - x)), int(y + share * (next_y - y))
            mouse.move_to_element_with_offset(board, *at)
    mouse.release().perform()
    wait_for(driver, find_answered)
    return driver.execute_script("return answered")


def answered_at_once(address, png):
    """Asks AT_ONCE times at once: milliseconds until each answer; ends this process if one isn't answered."""
    gate, waited, problems = threading.Barrier(AT_ONCE), [], Counter()

    def ask():
        gate.wait()
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{address}/answer", data=png), timeout=120) as response:
                response.read()
        except OSError as error:
            problems[str(error)] += 1
        else:
            waited.append(1000 * (time.perf_counter() - began))

    threads = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        sys.exit(f"not answered: {dict(problems)}")
    return waited


if __name__ == "__main__":
    main()
