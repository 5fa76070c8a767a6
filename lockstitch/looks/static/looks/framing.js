// The frame of each chosen picture: dragged, pulled at its corner, moved by keys, or typed. What is
// sent are the four numbers; the server cuts. Without this script the middle or the whole is taken.
"use strict";

const SHOWN_WIDTH = 640;
const LEAST = 100; // thousandths of the picture's width

for (const framing of document.querySelectorAll("[data-framing]")) {
  const file = framing.closest("form").querySelector("[type=file]");
  const boards = framing.querySelector("[data-boards]");
  const marked = framing.querySelector("[data-marked]");
  const [wide, high] = framing.dataset.ratio.split(":").map(Number);
  const words = (name, at) => framing.dataset[name].replace("{n}", at + 1);
  const made = (tag, set) => Object.assign(document.createElement(tag), set);

  const board = (at, picture) => {
    // How high a frame of width 1 is, both in thousandths of their side of the picture.
    const rise = (picture.width * high) / (picture.height * wide);
    const most = Math.min(1000, Math.floor(1000 / rise));
    const whole = made("div", { className: "framing__board" });
    const scale = Math.min(1, SHOWN_WIDTH / picture.width);
    const [width, height] = [picture.width, picture.height].map((side) => Math.ceil(side * scale));
    const canvas = made("canvas", { width, height });
    canvas.getContext("2d").drawImage(picture, 0, 0, width, height);
    picture.close();
    canvas.setAttribute("aria-hidden", "true");
    const box = made("button", { type: "button", className: "framing__box" });
    box.setAttribute("aria-label", words("moves", at));
    const corner = made("span", { className: "framing__corner" });
    box.append(corner);
    const shot = made("div", { className: "framing__shot" });
    shot.append(canvas, box);
    const legend = made("p", { className: "small framing__legend", textContent: words("legend", at) });
    const numbers = made("p", { className: "framing__numbers" });
    const field = {};
    for (const axis of ["x", "y", "w", "h"]) {
      field[axis] = made("input", { name: `${axis}-${at}`, inputMode: "numeric", maxLength: 4 });
      field[axis].className = "number";
      field[axis].readOnly = axis === "h";
      field[axis].setAttribute("aria-label", `${words("legend", at)}: ${axis}`);
      numbers.append(field[axis]);
    }
    whole.append(shot, legend, numbers);

    const put = (x, y, w) => {
      w = Math.round(Math.max(Math.min(LEAST, most), Math.min(most, w)));
      const h = Math.min(1000, Math.round(w * rise));
      x = Math.round(Math.max(0, Math.min(1000 - w, x)));
      y = Math.round(Math.max(0, Math.min(1000 - h, y)));
      Object.entries({ x, y, w, h }).forEach(([axis, value]) => (field[axis].value = value));
      Object.assign(box.style, {
        left: `${x / 10}%`, top: `${y / 10}%`, width: `${w / 10}%`, height: `${h / 10}%`,
      });
    };
    const now = (axis) => Number(field[axis].value) || 0;
    put((1000 - most) / 2, (1000 - most * rise) / 2, most);

    box.addEventListener("pointerdown", (down) => {
      const sides = shot.getBoundingClientRect();
      const from = { x: now("x"), y: now("y"), w: now("w") };
      const pulls = down.target === corner;
      box.setPointerCapture(down.pointerId);
      const move = (moved) => {
        const right = ((moved.clientX - down.clientX) / sides.width) * 1000;
        const below = ((moved.clientY - down.clientY) / sides.height) * 1000;
        if (pulls) put(from.x, from.y, Math.min(from.w + right, 1000 - from.x, (1000 - from.y) / rise));
        else put(from.x + right, from.y + below, from.w);
      };
      box.addEventListener("pointermove", move);
      const done = () => box.removeEventListener("pointermove", move);
      for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, done, { once: true });
    });
    box.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 50 : 10;
      const by = {
        ArrowLeft: [-step, 0, 0], ArrowRight: [step, 0, 0], ArrowUp: [0, -step, 0],
        ArrowDown: [0, step, 0], "+": [0, 0, step], ";": [0, 0, step], "-": [0, 0, -step],
      }[event.key];
      if (!by) return;
      event.preventDefault();
      put(now("x") + by[0], now("y") + by[1], now("w") + by[2]);
    });
    for (const axis of ["x", "y", "w"]) {
      field[axis].addEventListener("change", () => put(now("x"), now("y"), now("w")));
    }
    return whole;
  };

  const shown = () => {
    boards.hidden = !marked.querySelector("input").checked;
  };
  let latest = 0;
  file.addEventListener("change", async () => {
    const mine = ++latest;
    const rows = [];
    for (const [at, one] of [...file.files].entries()) {
      // One after the other: a phone has no room for eight whole pictures at once.
      const picture = await createImageBitmap(one).catch(() => null);
      if (mine !== latest) return;
      const unseen = () => made("p", { className: "small", textContent: words("unseen", at) });
      rows.push(picture ? board(at, picture) : unseen());
    }
    boards.replaceChildren(...rows);
    const any = rows.some((row) => row.localName === "div");
    marked.hidden = !any;
    if (any && framing.dataset.usual === "middle") marked.querySelector("input").checked = true;
    if (!any && marked.querySelector("input").checked) {
      framing.querySelector(`[value=${framing.dataset.usual}]`).checked = true;
    }
    shown();
  });
  framing.addEventListener("change", shown);
  shown();
}
