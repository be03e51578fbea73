// The drawing board's page: draws strokes, asks the network about each, and shows what it answers.
"use strict";

const find = (id) => document.getElementById(id);
const board = find("board"), pen = board.getContext("2d");
const ENDED = "The drawing board has ended; start it again.";
const MAP = 65; // pixels of the page, at most: a feature map with the line beside it
const LARGEST = 2048; // pixels: the longer side of an image that only the browser can read
let strokes = []; // each {width, points: [[x, y], ...]}, or {image, file}: an image on all of the board, and its file
let stroke = null; // the one that is being drawn
let network = null; // what /network says
let seen = null; // the number of the class that the network sees
let isAsking = false, hasChanged = false, isKeeping = false;

// ------------------------------------------------------------------------------ drawing

function place(event) {
  const box = board.getBoundingClientRect();
  return [((event.clientX - box.left) * board.width) / box.width, ((event.clientY - box.top) * board.height) / box.height];
}

function redraw() {
  const [ink, paper] = find("light").checked ? ["#fff", "#000"] : ["#000", "#fff"];
  pen.fillStyle = paper;
  pen.fillRect(0, 0, board.width, board.height);
  for (const each of stroke ? [...strokes, stroke] : strokes) {
    each.image ? pen.drawImage(each.image, 0, 0, board.width, board.height) : drawStroke(each, ink);
  }
}

function drawStroke({ width, points }, ink) {
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(...points[0]);
  for (const point of points) pen.lineTo(...point);
  pen.stroke();
}

board.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || stroke) return;
  board.setPointerCapture(event.pointerId);
  stroke = { width: Number(find("width").value), points: [place(event)], pointer: event.pointerId };
  changed();
});
board.addEventListener("pointermove", (event) => {
  if (!stroke || event.pointerId !== stroke.pointer) return;
  const moves = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const each of moves.length ? moves : [event]) stroke.points.push(place(each));
  changed();
});
for (const name of ["pointerup", "pointercancel"]) {
  board.addEventListener(name, (event) => {
    if (!stroke || event.pointerId !== stroke.pointer) return;
    strokes.push(stroke);
    stroke = null;
    changed();
  });
}

find("undo").addEventListener("click", () => { strokes.pop(); changed(); });
find("clear").addEventListener("click", clear);
find("light").addEventListener("change", changed);
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") { event.preventDefault(); strokes.pop(); changed(); }
});

function clear() {
  strokes = [];
  changed();
}

// ------------------------------------------------------------------------------ images from elsewhere

async function open(file) {
  if (!file) return;
  try {
    strokes = [await shown(file)];
    changed();
  } catch (error) {
    say(error.message);
  }
}

// What the server makes of an image file, and that file; or of what the browser makes of it, if the server refuses it.
async function shown(file) {
  const laid = async (sent) => ({ image: await createImageBitmap(await (await send("shown", sent)).blob()), file: sent });
  return laid(file).catch(async (error) => laid(await decoded(file).catch(() => { throw error; })));
}

async function decoded(file) {
  const image = await createImageBitmap(file), scale = Math.min(1, LARGEST / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(Math.ceil(scale * image.width), Math.ceil(scale * image.height));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob();
}

find("file").addEventListener("change", (event) => { open(event.target.files[0]); event.target.value = ""; });
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((each) => each.type.startsWith("image/"));
  if (file) open(file);
});
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    board.classList.toggle("dropping", name === "dragover");
    if (name === "drop") open(event.dataTransfer.files[0]);
  });
}

// ------------------------------------------------------------------------------ asking the network

// An image file on which nothing is drawn is sent as it is: the network gets what it would get from --images.
const picture = () => strokes.length === 1 && strokes[0].file && !stroke
  ? strokes[0].file : new Blob([bytes(board.toDataURL("image/png").split(",")[1])], { type: "image/png" });

async function send(path, body) {
  const response = await fetch(path, body ? { method: "POST", body } : {}).catch(() => { throw new Error(ENDED); });
  if (!response.ok) throw new Error(await response.text().catch(() => ENDED));
  return response;
}

async function json(path, body) {
  return (await send(path, body)).json().catch(() => { throw new Error(ENDED); });
}

function changed() {
  redraw();
  hasChanged = true;
  if (!isAsking) requestAnimationFrame(ask);
}

async function ask() {
  if (isAsking || !network) return;
  isAsking = true;
  while (hasChanged) {
    hasChanged = false;
    const isEmpty = !strokes.length && !stroke;
    try {
      const began = performance.now();
      const answer = isEmpty ? null : await json("answer", picture());
      answer && (strokes.length || stroke) ? show(answer) : showNothing(); // it may have been cleared in the meantime
      document.body.dataset.milliseconds = (performance.now() - began).toFixed(1);
      say("");
    } catch (error) {
      say(error.message);
    }
  }
  isAsking = false;
}

function showNothing() {
  seen = null;
  for (const bar of find("bars").children) setBar(bar, 0, false);
  find("layers").replaceChildren();
  find("spoken").textContent = "";
  find("heat").getContext("2d").clearRect(0, 0, find("heat").width, find("heat").height);
  enable();
}

function show({ probabilities, heat, layers }) {
  seen = probabilities.indexOf(Math.max(...probabilities));
  [...find("bars").children].forEach((bar, number) => setBar(bar, probabilities[number], number === seen));
  if (!stroke) find("spoken").textContent = `${network.classes[seen]}, ${percent(probabilities[seen])}`;
  showHeat(heat);
  showLayers(layers);
  enable();
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

function setBar(bar, share, isFirst) {
  bar.classList.toggle("first", isFirst);
  bar.querySelector(".fill").style.width = `${100 * share}%`;
  bar.querySelector(".share").textContent = percent(share);
}

function bytes(text) {
  const characters = atob(text), values = new Uint8Array(characters.length);
  for (let i = 0; i < values.length; i++) values[i] = characters.charCodeAt(i);
  return values;
}

function showHeat({ width, height, pixels }) {
  const values = bytes(pixels), small = new OffscreenCanvas(width, height), data = new ImageData(width, height);
  values.forEach((value, i) => data.data.set([255, 190, 0, 0.75 * value], 4 * i));
  small.getContext("2d").putImageData(data, 0, 0);
  const canvas = find("heat"), context = canvas.getContext("2d");
  context.filter = "grayscale(1)";
  context.drawImage(board, 0, 0, canvas.width, canvas.height);
  context.filter = "none";
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

function showLayers(layers) {
  find("layers").replaceChildren(...layers.map(showLayer));
}

function showLayer({ layer, count, width, height, pixels }) {
  const isLine = count === 1 && height === 1, most = innerWidth < 700 ? 8 : 16, columns = Math.min(count, most);
  const canvas = sideBySide(bytes(pixels), count, width, height, columns), frame = element("div", { className: "maps" });
  const what = isLine ? `${width} neurons` : `${count} maps of ${height} x ${width}`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${layer}: ${what}`);
  if (isLine) {
    [canvas.style.width, canvas.style.height] = [`${Math.min(66, 1.5 * width)}rem`, ".9rem"];
  } else {
    const wide = Math.min(MAP, Math.floor((innerWidth - 48) / most)), tall = Math.ceil((wide * height) / width);
    [canvas.style.width, canvas.style.height] = [`${columns * wide}px`, `${(canvas.height / height) * tall}px`];
    frame.style.setProperty("--cell", `${wide}px ${tall}px`); // the style sheet draws a line between the cells
  }
  frame.append(canvas);
  const row = element("div", { className: "layer" });
  row.append(element("h3", { textContent: `${layer}: ${what}` }), frame);
  return row;
}

// A canvas of maps, a pixel for a pixel.
function sideBySide(values, count, width, height, columns) {
  const canvas = element("canvas", { width: columns * width, height: Math.ceil(count / columns) * height });
  const data = new ImageData(canvas.width, canvas.height), colours = new Uint32Array(data.data.buffer);
  for (let line = 0; line < count * height; line++) { // of the maps, one below the other
    const map = Math.floor(line / height), top = Math.floor(map / columns) * height + (line % height);
    const start = top * canvas.width + (map % columns) * width;
    for (let x = 0; x < width; x++) colours[start + x] = 0xff000000 + 0x010101 * values[line * width + x];
  }
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas;
}

// ------------------------------------------------------------------------------ right or wrong

function enable() {
  for (const button of [find("right"), ...find("classes").children]) {
    button.disabled = isKeeping || seen === null || button.dataset.label === String(seen);
  }
}

async function keep(label) {
  const kept = [...strokes]; // what is drawn from now on stays
  isKeeping = true;
  enable();
  try {
    count(await json(`keep?label=${label}&seen=${seen}`, picture()));
    strokes = strokes.filter((each) => !kept.includes(each));
    seen = null; // what is on the board now has no answer yet
    changed();
  } catch (error) {
    say(error.message);
  }
  isKeeping = false;
  enable();
}

function count({ right, wrong, kept }) {
  find("counts").textContent = `So far: ${right} right, ${wrong} wrong. Kept in all: ${kept}.`;
}

find("right").addEventListener("click", () => keep(seen));
find("show-worst").addEventListener("click", async () => {
  find("show-worst").disabled = true;
  try {
    showWorst(await json("worst"));
  } catch (error) {
    find("worst-note").textContent = error.message;
  }
  find("show-worst").disabled = false;
});

function showWorst({ kept, wrong, worst, problems }) {
  const found = `It is wrong about ${wrong} of ${kept - problems.length} kept drawings`;
  const said = wrong > worst.length ? `${found}; the worst ${worst.length}:` : `${found}.`;
  const nothing = "No drawing is kept yet: say of some whether they are right.";
  find("worst-note").textContent = [kept ? said : nothing, ...problems.map((each) => `Left out: ${each}.`)].join("\n");
  find("worst").replaceChildren(...worst.map(({ number, label, seen: other, probabilities }) => {
    const item = element("li", {}), [right, wrongly] = [network.classes[label], network.classes[other]];
    item.append(
      element("img", { src: `drawn/${number}`, alt: `a ${right}` }),
      `${right}, seen as ${wrongly}, ${percent(probabilities[other])}`,
    );
    return item;
  }));
}

// ------------------------------------------------------------------------------ start

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function say(text) {
  find("problem").textContent = text;
}

async function start() {
  network = await json("network");
  [board.width, board.height] = [network.board.width, network.board.height];
  [find("heat").width, find("heat").height] = [board.width / 2, board.height / 2];
  redraw();
  find("network").textContent =
    `Run ${network.run}, ${network.design}. It sees your drawing at ${network.height} x ${network.width} pixels.`;
  find("heat-note").textContent = network.heat;
  find("bars").replaceChildren(...network.classes.map((name) => {
    const bar = element("li", {}), track = element("span", { className: "track" });
    track.append(element("div", { className: "fill" }));
    bar.append(element("span", { className: "name", textContent: name }), track, element("span", { className: "share" }));
    return bar;
  }));
  find("classes").replaceChildren(...network.classes.map((name, label) => {
    const button = element("button", { type: "button", textContent: name, disabled: true });
    button.dataset.label = label;
    button.addEventListener("click", () => keep(label));
    return button;
  }));
  count(network);
  showNothing();
}

start().catch((error) => say(error.message));
