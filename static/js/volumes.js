// The grid of need: each product's share of past use follows what is typed, and the place for an
// explanation opens below the line. The split: what a line's parts still lack. Only the server
// decides; without this script the same stands on the page after saving.

import { grouped, say } from "./language.js";

/** Read a quantity as the server does: digits, thousands separators, packs × units. */
export function quantityOf(text) {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  if (plain === "") return 0;
  const packs = plain.match(/^(\d{1,15})[x×*](\d{1,15})$/i);
  if (packs) return Number(packs[1]) * Number(packs[2]);
  return /^\d{1,15}(\.0+)?$/.test(plain) ? Number(plain) : NaN;
}

/** A share with one decimal, cut off, so that what is below the line never looks as if on it. */
export function percentOf(share) {
  return `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(1)}%`;
}

function needOf(form, product) {
  let sum = 0;
  for (const field of form.querySelectorAll(`input[data-of="${product}"]`)) {
    sum += quantityOf(field.value) * Number(field.dataset.ratioToMain);
    const key = field.name.slice(2);
    const other = form.elements.namedItem(`oq-${key}`);
    const ratio = form.elements.namedItem(`cr-${key}`);
    if (form.elements.namedItem(`ck-${key}`)?.value && other && ratio) {
      const converted = Math.round(quantityOf(other.value) * Number(ratio.value));
      sum += converted * Number(field.dataset.ratioToMain);
    }
  }
  return sum;
}

function showProduct(form, row) {
  const mean = Number(row.dataset.mean);
  const need = needOf(form, row.dataset.product);
  const shown = row.querySelector("[data-ratio] .figure");
  if (!row.dataset.mean || !mean || !shown || Number.isNaN(need)) return;
  const isBelow = row.dataset.minimum !== "" && need < Number(row.dataset.minimum);
  shown.textContent = percentOf(need / mean);
  shown.classList.toggle("below-line", isBelow);
  if (isBelow) {
    form.querySelector(`[data-explanation="${row.dataset.product}"]`)?.setAttribute("open", "");
  }
}

function followGrid(form) {
  const rows = new Map();
  for (const row of form.querySelectorAll("[data-product]")) rows.set(row.dataset.product, row);
  const show = (field) => {
    const line = field.closest("tr")?.querySelector("input[data-of]");
    const row = rows.get(line?.dataset.of);
    if (row) showProduct(form, row);
  };
  form.addEventListener("input", (event) => show(event.target));
}

function showGap(row) {
  const gap = row.querySelector("[data-gap]");
  let sum = 0;
  for (const field of row.querySelectorAll("[data-part]")) sum += quantityOf(field.value);
  const lacks = Number(row.dataset.total) - sum;
  gap.classList.toggle("below-line", lacks !== 0);
  if (Number.isNaN(lacks)) gap.textContent = say("有误", "wrong");
  else gap.textContent = lacks < 0 ? `−${grouped(-lacks)}` : grouped(lacks);
}

function followSplit(form) {
  for (const row of form.querySelectorAll("tr[data-total]")) showGap(row);
  form.addEventListener("input", (event) => {
    const row = event.target.closest("tr[data-total]");
    if (row) showGap(row);
  });
}

const grid = document.querySelector("#volume-grid");
if (grid) followGrid(grid);
const split = document.querySelector("#volume-split");
if (split) followSplit(split);
