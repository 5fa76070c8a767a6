// The console's editors: points are dragged or moved by keys, blocks are dragged into their order.
// Every one of these can also be done by the fields and buttons that are there without a script.
"use strict";

for (const placing of document.querySelectorAll("[data-placing]")) {
  const board = placing.querySelector("[data-board]");
  const form = placing.querySelector("form");
  const field = (axis, id) => form.elements[`${axis}-${id}`];
  const clamp = (value) => Math.max(0, Math.min(1000, Math.round(value)));

  const show = (id) => {
    const spot = board.querySelector(`[data-spot="${id}"]`);
    const x = field("x", id).value;
    const y = field("y", id).value;
    const there = /^\d+$/.test(x) && /^\d+$/.test(y);
    spot.hidden = !there;
    if (!there) return spot;
    spot.style.left = `${clamp(x) / 10}%`;
    spot.style.top = `${clamp(y) / 10}%`;
    return spot;
  };
  const put = (id, x, y) => {
    field("x", id).value = clamp(x);
    field("y", id).value = clamp(y);
    return show(id);
  };
  const at = (event) => {
    const box = board.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 1000, ((event.clientY - box.top) / box.height) * 1000];
  };

  for (const spot of board.querySelectorAll("[data-spot]")) {
    const id = spot.dataset.spot;
    if (field("x", id).disabled) {
      show(id);
      continue;
    }
    show(id);
    spot.addEventListener("pointerdown", (event) => {
      spot.setPointerCapture(event.pointerId);
      const move = (moved) => put(id, ...at(moved));
      spot.addEventListener("pointermove", move);
      spot.addEventListener("pointerup", () => spot.removeEventListener("pointermove", move), { once: true });
    });
    spot.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 50 : 10;
      const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (!by) return;
      event.preventDefault();
      put(id, Number(field("x", id).value) + by[0], Number(field("y", id).value) + by[1]);
    });
    spot.addEventListener("click", (event) => event.stopPropagation());
    for (const axis of ["x", "y"]) field(axis, id).addEventListener("input", () => show(id));
  }
  for (const button of form.querySelectorAll("[data-centre]")) {
    button.hidden = false;
    button.addEventListener("click", () => put(button.dataset.centre, 500, 500).focus());
  }
  board.addEventListener("click", (event) => {
    const active = form.querySelector("[data-active]:checked");
    if (active && !field("x", active.value).disabled) put(active.value, ...at(event));
  });
}

// Blocks: the order in the page is the order that is saved.
for (const list of document.querySelectorAll("[data-blocks]")) {
  let dragged = null;
  for (const block of list.children) {
    const grip = block.querySelector("[data-grip]");
    if (!grip) continue;
    grip.hidden = false;
    grip.addEventListener("mousedown", () => (block.draggable = true));
    grip.addEventListener("mouseup", () => (block.draggable = false));
    block.addEventListener("dragstart", () => (dragged = block));
    block.addEventListener("dragend", () => {
      block.draggable = false;
      for (const each of list.children) each.classList.remove("is-over");
      [...list.children].forEach((each, at) => {
        const order = each.querySelector("[data-order]");
        if (order) order.value = at;
      });
    });
    block.addEventListener("dragover", (event) => {
      event.preventDefault();
      if (!dragged || dragged === block) return;
      const box = block.getBoundingClientRect();
      const after = event.clientY > box.top + box.height / 2;
      block.classList.add("is-over");
      list.insertBefore(dragged, after ? block.nextSibling : block);
    });
    block.addEventListener("dragleave", () => block.classList.remove("is-over"));
  }
}
