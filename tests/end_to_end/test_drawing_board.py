"""Somebody draws on the drawing board, in a headless Chromium."""

import contextlib
import io
import itertools
import os
import re
import signal
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image, ImageDraw
from support import warm
from support.browser import chromium, missing_programs, wait_for

SQUARE = [(0.2, 0.22), (0.78, 0.2), (0.8, 0.8), (0.21, 0.78), (0.2, 0.2)]  # shares of the drawing area
TRIANGLE = [(0.5, 0.15), (0.85, 0.8), (0.15, 0.78), (0.5, 0.17)]
ANSWERED = "seen !== null && !isAsking && !hasChanged"


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A folder with a run that has learnt squares and triangles as people draw them."""
    folder = tmp_path_factory.mktemp("board")
    for shape in ("square", "triangle"):
        words = ["--shape", shape, "--num_images", 700, "--size", 32, "--style", "sketch"]
        warm.run("dataset_creation.py", folder, *words, "--output_directory", f"{shape}s").check_returncode()
    csv_files = [(folder / f"{shape}s" / "info.csv").read_bytes() for shape in ("square", "triangle")]
    (folder / "dataset.csv").write_bytes(b"".join(csv_files))
    warm.run("training.py", folder, "--run", "shapes", "--epochs", 10).check_returncode()
    return folder


@contextlib.contextmanager
def board_of(folder, *arguments):
    """Runs the drawing board; yields (process, address)."""
    process = warm.start("drawing_board.py", folder, "--port", 0, *arguments)
    try:
        output = ""
        while not (address := re.search(r"Draw at (http://\S+) ", output)):
            line = process.stdout.readline()
            assert line, output + process.stderr.read()
            output += line
        yield process, address[1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def page(trained):
    missing = missing_programs()
    if missing and not os.environ.get("CI"):
        pytest.skip(f"no {' and no '.join(missing)} on this machine")
    with board_of(trained) as (_, address), chromium() as driver:
        driver.get(address)
        wait_for(driver, "network !== null")
        yield driver


def draw(driver, points):
    """Draws a line through points with the mouse's button held."""
    from selenium.webdriver.common.action_chains import ActionChains

    area = driver.find_element("id", "board")
    width = area.rect["width"]
    mouse = ActionChains(driver, duration=10)

    def move(x, y):
        mouse.move_to_element_with_offset(area, int((x - 0.5) * width), int((y - 0.5) * width))

    move(*points[0])
    mouse.click_and_hold()
    for (x, y), (next_x, next_y) in itertools.pairwise(points):
        for share in (0.25, 0.5, 0.75, 1):
            move(x + (next_x - x) * share, y + (next_y - y) * share)
    mouse.release().perform()
    wait_for(driver, ANSWERED)


@pytest.mark.browser
def test_maps_of_any_size_are_large_and_a_pixel_apart(page):
    for count, height, width in ((16, 4, 4), (3, 31, 31), (20, 5, 10)):
        page.execute_script(f"""
            const values = Uint8Array.from({{ length: {count * height * width} }}, (_, i) => i % 251);
            showLayers([{{ layer: "any", count: {count}, height: {height}, width: {width},
                pixels: btoa(String.fromCharCode(...values)) }}]);
        """)
        png = page.find_element("css selector", "#layers .maps").screenshot_as_png
        found = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
        maps = (np.arange(count * height * width) % 251).reshape(count, height, width)
        tall, columns = -(-65 * height // width), min(count, 16)
        assert found.shape == (-(-count // columns) * tall, columns * 65, 3)
        lines = found[:-1, 64:-1:65], found[tall - 1 : -1 : tall, :-1]
        assert all((line == 136).all() for line in lines)
        middles = np.ix_(*(((np.arange(side) + 0.5) * 65 / width).astype(int) for side in (height, width)))
        for number, values in enumerate(maps):
            top, left = number // columns * tall, number % columns * 65
            assert (found[top : top + tall, left : left + 65][middles] == values[..., None]).all()


def class_seen(driver):
    return driver.execute_script("return network.classes[seen]")


@pytest.mark.browser
def test_what_is_drawn_gets_its_class_and_is_kept(page, trained):
    for points, name in ((SQUARE, "square"), (TRIANGLE, "triangle")):
        page.find_element("id", "clear").click()
        draw(page, points)
        assert class_seen(page) == name
        assert page.find_element("css selector", "#bars .first").text.startswith(name)
        assert len(page.find_elements("css selector", "#layers canvas")) >= 4
        page.find_element("id", "right").click()
        wait_for(page, "seen === null")
    draw(page, SQUARE)
    page.find_element("css selector", "#classes button:not(:disabled)").click()  # a square that is called a triangle
    wait_for(page, "seen === null")
    assert page.find_element("id", "counts").text == "So far: 2 right, 1 wrong. Kept in all: 3."
    page.find_element("id", "show-worst").click()
    wait_for(page, "document.querySelectorAll('#worst li img').length === 1")
    (worst,) = page.find_elements("css selector", "#worst li")
    assert re.fullmatch(r"triangle, seen as square, (9\d|100)\.\d %", worst.text)
    assert page.find_element("id", "worst-note").text == "It is wrong about 1 of 3 kept drawings."
    assert page.get_log("browser") == []

    lines = (trained / "drawn" / "info.csv").read_text().splitlines()
    assert [line.rpartition(",")[2] for line in lines] == ["label", "0", "1", "1"]
    (trained / "both.csv").write_text("\n".join([*lines, (trained / "dataset.csv").read_text()]))  # as `cat` would
    scored = warm.run("evaluating.py", trained, "--run", "shapes", "--data", "drawn/info.csv")
    assert "accuracy 0.6667" in scored.stdout, scored.stderr
    learnt = warm.run("training.py", trained, "--data", "both.csv", "--epochs", 1)
    assert learnt.returncode == 0, learnt.stderr


@pytest.mark.browser
def test_a_drawing_that_was_cleared_gets_no_late_answer(page):
    page.find_element("id", "clear").click()
    draw(page, SQUARE)
    late = """
        const real = window.fetch;
        window.fetch = async (...asked) => {
            const answer = await real(...asked);
            window.fetch = real;
            clear();
            return answer;
        };
        changed();
    """  # it is cleared just before the answer is shown
    page.execute_script(late)
    wait_for(page, ANSWERED.replace("seen !== null", "seen === null"))
    assert page.find_element("id", "right").get_attribute("disabled")


@pytest.mark.browser
def test_a_double_click_keeps_once_and_a_stroke_begun_meanwhile_stays(page):
    page.find_element("id", "clear").click()
    draw(page, SQUARE)
    kept = page.execute_script("return send('network').then((response) => response.json())")["kept"]
    page.execute_script("""
        const right = find("right"), box = board.getBoundingClientRect();
        right.click();
        right.click();
        const pointer = (type, x) => board.dispatchEvent(new PointerEvent(type, {
            pointerId: 1, button: 0, clientX: box.left + x, clientY: box.top + 90 }));
        board.setPointerCapture = () => {};  // of a pointer that isn't there
        pointer("pointerdown", 50);
        pointer("pointermove", 200);
        pointer("pointerup", 200);
    """)
    wait_for(page, "!isKeeping && strokes.length === 1 && " + ANSWERED)
    assert page.execute_script("return strokes[0].points[0][1]") == pytest.approx(90, abs=2)
    assert page.execute_script("return send('network').then((response) => response.json())")["kept"] == kept + 1


@pytest.mark.browser
def test_an_image_gets_the_answer_that_evaluating_gives(page, trained):
    wide = Image.new("RGB", (90, 30), (120, 120, 120))
    ImageDraw.Draw(wide).rectangle((35, 5, 55, 25), outline=(20, 20, 20), width=2)
    wide.save(trained / "wide.png")
    clear = Image.new("RGBA", (40, 70), (0, 0, 0, 0))
    ImageDraw.Draw(clear).polygon([(20, 10), (35, 55), (5, 55)], outline=(0, 0, 0, 255), width=3)
    clear.save(trained / "clear.png")
    scored = warm.run("evaluating.py", trained, "--run", "shapes", "--images", "wide.png", "clear.png")
    lines = re.findall(r"(\w+)\.png +\w+ +([01]\.\d{4}) +([01]\.\d{4})", scored.stdout)
    wanted = {name: [float(share) for share in shares] for name, *shares in lines}
    for name, ground in (("wide", [120, 120, 120, 255]), ("clear", [255, 255, 255, 255])):
        for _ in ("dark on light", "light on dark"):
            page.find_element("id", "clear").click()
            wait_for(page, "seen === null")
            page.find_element("id", "file").send_keys(str(trained / f"{name}.png"))
            wait_for(page, ANSWERED)
            found = [float(bar.text.split()[0]) / 100 for bar in page.find_elements("css selector", "#bars .share")]
            assert found == pytest.approx(wanted[name], abs=0.0006), scored.stdout
            assert page.execute_script("return [...pen.getImageData(3, 3, 1, 1).data]") == ground
            page.find_element("id", "light").click()
    assert [each for each in page.get_log("browser") if "Canvas2D" not in each["message"]] == []  # getImageData is slow


@pytest.mark.browser
def test_what_only_the_browser_reads_is_shown_too(page):
    page.find_element("id", "clear").click()
    wait_for(page, "seen === null")
    page.execute_script("""
        const canvas = new OffscreenCanvas(5000, 4000), context = canvas.getContext("2d");  // too large for the server
        context.fillStyle = "#345678";
        context.fillRect(0, 0, 5000, 4000);
        canvas.convertToBlob().then(open);
    """)
    wait_for(page, ANSWERED)
    assert page.execute_script("return [...pen.getImageData(256, 256, 1, 1).data]") == [0x34, 0x56, 0x78, 255]
    page.execute_script("open(new File(['no image'], 'a.txt'))")
    wait_for(page, "find('problem').textContent.includes('cannot be read')")
    assert page.execute_script("return strokes.length") == 1
    page.get_log("browser")  # of the requests that were refused


@pytest.mark.browser
def test_every_request_says_that_the_board_has_ended(trained):
    with board_of(trained) as (process, address), chromium() as driver:
        driver.get(address)
        wait_for(driver, "network !== null")
        draw(driver, SQUARE)
        process.send_signal(signal.SIGINT)
        process.wait()
        ended = driver.execute_script("return ENDED")
        for place, action in (
            ("problem", "find('right').click()"),
            ("problem", "changed()"),
            ("problem", "open(new File(['x'], 'a.png'))"),
            ("problem", "start().catch((error) => say(error.message))"),
            ("worst-note", "find('show-worst').click()"),
        ):
            driver.execute_script(f"find('{place}').textContent = ''; {action}")
            wait_for(driver, f"find('{place}').textContent === {ended!r}")


@pytest.mark.browser
def test_undo_and_light_on_dark(page):
    page.find_element("id", "clear").click()
    draw(page, SQUARE)
    page.find_element("id", "light").click()
    wait_for(page, ANSWERED)
    assert page.execute_script("return [...pen.getImageData(2, 2, 1, 1).data]") == [0, 0, 0, 255]
    assert class_seen(page) == "square"
    page.find_element("id", "light").click()
    page.find_element("id", "undo").click()
    assert wait_for(page, "seen === null")
    assert page.execute_script("return find('spoken').textContent") == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--run", "nobody"], "no run of this name"),
        (["--port", 70000], "--port"),
        (["--host", "256.1.1.1"], "cannot serve a page there"),
        (["--host", ""], "no address is given"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_served(trained, arguments, said):
    ended = warm.run("drawing_board.py", trained, *arguments)
    assert ended.returncode == 2 and said in ended.stderr and "Traceback" not in ended.stderr


def test_a_port_in_use_is_told(trained):
    with board_of(trained) as (_, address):
        port = address.rpartition(":")[2]
        ended = warm.run("drawing_board.py", trained, "--port", port)
    assert ended.returncode == 2 and f"--port {port}: cannot serve a page there" in ended.stderr


def test_an_open_host_is_said_and_ctrl_c_ends_quietly(trained):
    with board_of(trained, "--host", "0.0.0.0") as (process, address):
        assert urllib.request.urlopen(f"{address}/network").status == 200
        port = address.rpartition(":")[2]
        for headers in ({"Host": "evil.example"}, {"Host": f"evil.example:{port}"}, {"Origin": "http://evil.example"}):
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(urllib.request.Request(f"{address}/network", headers=headers))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode in (0, 130) and "whoever reaches" in errors and "Traceback" not in errors
    assert "0.0.0.0" not in address
