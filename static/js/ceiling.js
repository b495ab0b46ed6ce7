// A price that moves through the lines of a negotiation model. Everything is affine in the price:
// the server writes value-at-zero, slope and cap into the rows, and here they are put together.

import { plain } from "./amounts.js";
import { grouped } from "./language.js";

const SLACK = 1e-12;

/** A number as the server writes it: separators, so many decimals, a true minus. */
export function written(value, decimals) {
  const size = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(size) !== 0 ? `−${grouped(size)}` : grouped(size);
}

/** Where a price lies on the axis of a picture, in per cent of its width; null beyond its ends. */
export function placeOf(price, axis) {
  const low = Number(axis.low);
  const high = Number(axis.high);
  if (price < low || price > high) return null;
  const start = Number(axis.start);
  return start + ((Number(axis.end) - start) * (price - low)) / (high - low);
}

function showRow(row, price) {
  const { zero, slope, cap, decimals } = row.dataset;
  const value = Number(zero) + Number(slope) * price;
  row.querySelector("[data-value]").textContent = written(value, Number(decimals));
  if (cap === undefined) return;
  const room = Number(cap) - value;
  const holds = value <= Number(cap) * (1 + SLACK) + 1e-9;
  row.querySelector("[data-room]").textContent = written(room, Number(decimals));
  row.querySelector("[data-holds]").hidden = !holds;
  row.querySelector("[data-fails]").hidden = holds;
}

function showCursor(picture, price) {
  const cursor = picture.querySelector("[data-cursor]");
  const place = placeOf(price, picture.dataset);
  cursor.toggleAttribute("hidden", place === null);
  if (place === null) return;
  cursor.setAttribute("x1", `${place}%`);
  cursor.setAttribute("x2", `${place}%`);
}

function follow(model) {
  const form = model.querySelector("[data-price-form]");
  if (!form) return;
  const field = form.elements.namedItem("price");
  const slider = form.querySelector("[data-price-slider]");
  const rows = model.querySelectorAll("tr[data-zero]");
  const pictures = model.querySelectorAll("svg[data-low]");
  const show = (price) => {
    for (const row of rows) showRow(row, price);
    for (const picture of pictures) showCursor(picture, price);
  };
  slider.hidden = false;
  slider.addEventListener("input", () => {
    field.value = Number(slider.value).toFixed(2);
    show(Number(slider.value));
  });
  field.addEventListener("input", () => {
    const typed = plain(field.value);
    if (!/^\d+(\.\d+)?$/.test(typed)) return;
    slider.value = typed;
    show(Number(typed));
  });
  // The server need not be asked again.
  form.addEventListener("submit", (event) => {
    if (/^\d+(\.\d+)?$/.test(plain(field.value))) event.preventDefault();
  });
  show(Number(plain(field.value)));
}

for (const model of document.querySelectorAll("[data-price-model]")) follow(model);
