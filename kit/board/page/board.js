// The drawing board's page: draws strokes, asks the network about each, and shows what it answers.
"use strict";

const find = (id) => document.getElementById(id);
const board = find("board"), pen = board.getContext("2d");
let strokes = []; // each {width, points: [[x, y], ...]}, or {image}
let stroke = null; // the one that is being drawn
let network = null; // what /network says
let seen = null; // the number of the class that the network sees
let isAsking = false, hasChanged = false;

// ------------------------------------------------------------------------------ drawing

function place(event) {
  const box = board.getBoundingClientRect();
  return [((event.clientX - box.left) * board.width) / box.width, ((event.clientY - box.top) * board.height) / box.height];
}

function redraw() {
  const [ink, paper] = find("light").checked ? ["#fff", "#000"] : ["#000", "#fff"];
  pen.fillStyle = paper;
  pen.fillRect(0, 0, board.width, board.height);
  for (const each of stroke ? [...strokes, stroke] : strokes) each.image ? drawImage(each.image) : drawStroke(each, ink);
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

function drawImage(image) {
  const scale = Math.min(board.width / image.width, board.height / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  pen.drawImage(image, (board.width - width) / 2, (board.height - height) / 2, width, height);
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
    strokes = [{ image: await createImageBitmap(file) }];
    say("");
    changed();
  } catch {
    say(`${file.name || "What was pasted"} is no image that this browser can read.`);
  }
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

const picture = () => new Promise((resolve) => board.toBlob(resolve, "image/png"));

async function send(path, body) {
  const response = await fetch(path, body ? { method: "POST", body } : {});
  if (!response.ok) throw new Error(await response.text());
  return response.json();
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
      isEmpty ? showNothing() : show(await send("answer", await picture()));
      document.body.dataset.milliseconds = (performance.now() - began).toFixed(1);
      say("");
    } catch (error) {
      say(error instanceof TypeError ? "The drawing board has ended; start it again." : error.message);
    }
  }
  isAsking = false;
}

function showNothing() {
  seen = null;
  for (const bar of find("bars").children) setBar(bar, 0, false);
  find("layers").replaceChildren();
  find("heat").getContext("2d").clearRect(0, 0, 256, 256);
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
  const context = find("heat").getContext("2d");
  context.filter = "grayscale(1)";
  context.drawImage(board, 0, 0, 256, 256);
  context.filter = "none";
  context.drawImage(small, 0, 0, 256, 256);
}

function showLayers(layers) {
  find("layers").replaceChildren(...layers.map(showLayer));
}

function showLayer({ layer, count, width, height, pixels }) {
  const values = bytes(pixels), gap = count > 1 ? 1 : 0;
  const columns = Math.min(count, innerWidth < 700 ? 8 : 16), rows = Math.ceil(count / columns);
  const canvas = element("canvas", { width: columns * (width + gap), height: rows * (height + gap) });
  const data = new ImageData(canvas.width, canvas.height), colours = new Uint32Array(data.data.buffer);
  for (let line = 0; line < count * height; line++) { // of the maps, one below the other
    const map = Math.floor(line / height), top = Math.floor(map / columns) * (height + gap) + (line % height);
    const start = top * canvas.width + (map % columns) * (width + gap);
    for (let x = 0; x < width; x++) colours[start + x] = 0xff000000 + 0x010101 * values[line * width + x];
  }
  canvas.getContext("2d").putImageData(data, 0, 0);
  canvas.style.width = `${Math.min(66, height === 1 ? 1.5 * width : 4 * columns)}rem`;
  if (height === 1) canvas.style.height = ".9rem";
  const what = height === 1 ? `${width} neurons` : `${count} maps of ${height} x ${width}`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${layer}: ${what}`);
  const row = element("div", { className: "layer" });
  row.append(element("h3", { textContent: `${layer}: ${what}` }), canvas);
  return row;
}

// ------------------------------------------------------------------------------ right or wrong

function enable() {
  for (const button of [find("right"), ...find("classes").children]) {
    button.disabled = seen === null || button.dataset.label === String(seen);
  }
}

async function keep(label) {
  try {
    count(await send(`keep?label=${label}&seen=${seen}`, await picture()));
    clear();
  } catch (error) {
    say(error.message);
  }
}

function count({ right, wrong, kept }) {
  find("counts").textContent = `So far: ${right} right, ${wrong} wrong. Kept in all: ${kept}.`;
}

find("right").addEventListener("click", () => keep(seen));
find("show-worst").addEventListener("click", async () => {
  const worst = await send("worst");
  find("worst").replaceChildren(...worst.map(({ number, label, probabilities }) => {
    const item = element("li", {}), right = network.classes[label];
    const words = `${right}: ${percent(probabilities[label])}`;
    item.append(element("img", { src: `drawn/${number}`, alt: `a ${right}` }), words);
    return item;
  }));
  if (!worst.length) say("No drawing is kept yet: say of some whether they are right.");
});

// ------------------------------------------------------------------------------ start

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}

function say(text) {
  find("problem").textContent = text;
}

async function start() {
  redraw();
  network = await send("network");
  find("network").textContent =
    `Run ${network.run}, ${network.design}. It sees your drawing at ${network.width} x ${network.height} pixels.`;
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
