// On every page: loads what the page asks for by its attributes, and nothing else.

const PARTS = [
  ["[data-deadline]", () => import("./countdown.js")],
  ["[data-words-for]", () => import("./words.js")],
  ["[data-number]", () => import("./numbers.js")],
  ["form[data-draft]", () => import("./drafts.js")],
  ["form[data-warn-unsaved]", () => import("./unsaved.js")],
  ["form[data-upload]", () => import("./upload.js")],
  ["[data-job]", () => import("./jobs.js")],
  ["[data-copy]", () => import("./copy.js")],
  ["table[data-grid], [data-grid] table", () => import("./grid.js")],
];
const TWICE = 3000;

async function begin([selector, load]) {
  const found = [...document.querySelectorAll(selector)];
  if (found.length > 0) (await load()).start(found);
}

// Parts come after the page's "load": who has to know that all have started looks here.
Promise.all(PARTS.map(begin)).then(() => document.documentElement.setAttribute("data-started", ""));

document.querySelector("[data-focus]")?.focus();

// The server says what is wrong, in the page's language and all at once; browsers say it in theirs.
for (const form of document.querySelectorAll("form[method=post]")) form.noValidate = true;

// A second press on a slow line would send the form again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const since = Date.now() - Number(form.dataset.sentAt ?? 0);
  if (form.method === "post" && since < TWICE) event.preventDefault();
  else form.dataset.sentAt = Date.now();
});

// On paper every explanation is open.
window.addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details.explain")) part.open = true;
});
