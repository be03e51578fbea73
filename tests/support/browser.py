"""TensorBoard in a headless Chromium: for the test that looks at it, and the pictures of the guide."""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

WAIT_SECONDS = 60  # for TensorBoard to start, and for something to appear on its page
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,4000",  # TensorBoard loads only the cards that are in sight
)

# TensorBoard's pages keep much of themselves in shadow trees: this collects the elements of all of them.
ALL_ELEMENTS = """
    const all = (root, found = []) => {
        for (const element of root.querySelectorAll('*')) {
            found.push(element);
            if (element.shadowRoot) all(element.shadowRoot, found);
        }
        return found;
    };
    return all(document)
"""


def missing_programs():
    """What this machine lacks for a browser: a list of names, empty when all is there."""
    return [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]


@contextlib.contextmanager
def tensorboard(folder):
    """Runs TensorBoard on a folder; yields its address."""
    program = Path(sys.executable).parent / "tensorboard"
    command = [program, "--logdir", folder, "--host", "127.0.0.1", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    timer = threading.Timer(WAIT_SECONDS, process.kill)
    timer.start()
    try:
        output = []
        for line in process.stdout:
            output.append(line)
            if address := re.search(r"TensorBoard \S+ at (http://\S+)", line):
                break
        else:
            raise RuntimeError("TensorBoard gave no address:\n" + "".join(output))
        timer.cancel()
        threading.Thread(target=process.stdout.read, daemon=True).start()  # so that it never blocks on a full pipe
        yield address.group(1)
    finally:
        timer.cancel()
        process.terminate()
        process.wait()


@contextlib.contextmanager
def chromium():
    """Starts a Chromium without a window; yields selenium's driver."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in (*CHROMIUM_FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        try:
            yield driver
        finally:
            driver.quit()


def elements(selection):
    """A JavaScript expression over all elements of the page, shadow trees included."""
    return f"(() => {{ {ALL_ELEMENTS}{selection} }})()"


def wait_for(driver, script):
    """Waits until a JavaScript expression is true on the page; gives its value."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, WAIT_SECONDS).until(lambda d: d.execute_script(f"return {script}"), message=script)


def wait_for_curve(driver, selector):
    """Waits until the chart at a CSS selector shows a coloured curve: it is drawn on a canvas, so pixels must tell."""
    import io

    import numpy as np
    from PIL import Image
    from selenium.webdriver.support.ui import WebDriverWait

    def coloured_pixels(driver):
        png = driver.find_element("css selector", selector).screenshot_as_png
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
        return int((np.ptp(pixels, axis=2) > 60).sum())

    WebDriverWait(driver, WAIT_SECONDS).until(lambda d: coloured_pixels(d) > 40, message=f"a curve in {selector}")
