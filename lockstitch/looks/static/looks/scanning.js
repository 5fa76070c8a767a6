// JAN codes by the camera, into a field that they can be typed into as well. The browser's own
// reader where it has one (Android), else ean13.js, which is fetched when the camera starts.
"use strict";

const EVERY_MS = 150;
const READ_WIDTH = 640;

const readerOf = async (address) => {
  const formats = (await window.BarcodeDetector?.getSupportedFormats()) ?? [];
  if (formats.includes("ean_13")) {
    const detector = new BarcodeDetector({ formats: ["ean_13"] });
    return async (view) => (await detector.detect(view))[0]?.rawValue;
  }
  const { read } = await import(address);
  const canvas = document.createElement("canvas");
  const paper = canvas.getContext("2d", { willReadFrequently: true });
  let upright = false;
  return async (view) => {
    // It reads along lines: every second picture is turned, for a code that stands on end.
    upright = !upright;
    const scale = Math.min(1, READ_WIDTH / view.videoWidth);
    const [wide, high] = [Math.round(view.videoWidth * scale), Math.round(view.videoHeight * scale)];
    [canvas.width, canvas.height] = upright ? [wide, high] : [high, wide];
    if (!upright) {
      paper.translate(high, 0);
      paper.rotate(Math.PI / 2);
    }
    paper.drawImage(view, 0, 0, wide, high);
    return read(paper.getImageData(0, 0, canvas.width, canvas.height));
  };
};

for (const scan of document.querySelectorAll("[data-scan]")) {
  const field = document.getElementById(scan.dataset.scan);
  const part = (name) => scan.querySelector(`[data-${name}]`);
  const [start, stop, view, said, found] = ["start", "stop", "view", "said", "found"].map(part);
  const seen = new Set();
  let camera = null;
  scan.hidden = !navigator.mediaDevices?.getUserMedia;

  const rest = (words = "") => {
    for (const track of camera?.getTracks() ?? []) track.stop();
    camera = view.srcObject = null;
    view.hidden = stop.hidden = true;
    start.hidden = false;
    said.textContent = words;
  };
  const take = async (code) => {
    if (seen.has(code)) return;
    seen.add(code);
    navigator.vibrate?.(60);
    if (field.localName === "textarea") {
      const typed = field.value.split(/\s+/).filter(Boolean);
      if (!typed.includes(code)) field.value = [...typed, code].join("\n");
    } else {
      field.value = code;
      rest(code);
      field.focus();
    }
    const line = document.createElement("li");
    line.textContent = code;
    found.append(line);
    const answer = await fetch(`${scan.dataset.item}?code=${code}`);
    const { name } = answer.ok ? await answer.json() : {};
    line.textContent = `${code}: ${name ?? scan.dataset.unknown}`;
    line.classList.toggle("scan__unknown", !name);
  };
  const look = async (read, mine) => {
    let before = null;
    while (camera === mine) {
      const code = view.videoWidth ? await read(view).catch(() => null) : null;
      // Read twice: of what is no code at all, one in ten has a check digit that fits.
      if (code && code === before && camera === mine) await take(code).catch(() => null);
      before = code ?? before;
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  };

  start.addEventListener("click", async () => {
    start.hidden = true;
    try {
      camera = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1280 } },
      });
      const mine = camera;
      view.srcObject = mine;
      view.hidden = stop.hidden = false;
      said.textContent = scan.dataset.looking;
      stop.focus();
      await view.play();
      look(await readerOf(scan.dataset.reader), mine);
    } catch {
      rest(scan.dataset.refused);
    }
  });
  stop.addEventListener("click", () => {
    rest();
    seen.clear();
    start.focus();
  });
  addEventListener("pagehide", () => rest());
}
