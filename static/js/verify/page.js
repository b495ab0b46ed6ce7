// Examines files that somebody drops: everything stays in this page.

import { say } from "../language.js";
import { examineFiles } from "./examine.js";
import { bureauKeyOf } from "./ground.js";
import { unzip } from "./zip.js";

const form = document.getElementById("verify");
const state = document.querySelector("[data-state]");
const list = document.querySelector("[data-findings]");

const MARKS = {
  holds: ["good", say("成立", "holds")],
  fails: ["bad", say("不成立", "fails")],
  unchecked: ["neutral", say("未核对", "not checked")],
};
const PARTIES = {
  server: say("平台", "the server"),
  bidder: say("申报企业 {party}", "the bidder {party}"),
  holder: say("第 {party} 席密钥持有人", "the keyholder of seat {party}"),
  evaluation: say("评审", "the evaluation"),
  presenter: say("材料的提供者", "who passed the documents on"),
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  examine([...form.elements.files.files]);
});

for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    if (type === "drop" && event.dataTransfer.files.length) examine([...event.dataTransfer.files]);
  });
}

async function examine(chosen) {
  list.replaceChildren();
  state.classList.remove("bad");
  if (!chosen.length) {
    state.textContent = say("请先选择文件。", "Choose files first.");
    return;
  }
  state.textContent = say("正在核验……", "Checking…");
  try {
    const files = await contentsOf(chosen);
    show(await examineFiles(files, bureauKeyOf(form.elements["bureau-key"].value)));
  } catch (error) {
    state.textContent = say("无法核验：{cause}", "Cannot be checked: {cause}", { cause: error.message });
    state.classList.add("bad");
  }
}

async function contentsOf(chosen) {
  const files = new Map();
  for (const file of chosen) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!file.name.endsWith(".zip")) {
      files.set(file.name, bytes);
      continue;
    }
    for (const [name, content] of await unzip(bytes)) files.set(`${file.name}/${name}`, content);
  }
  return files;
}

function show(findings) {
  const counts = { holds: 0, fails: 0, unchecked: 0 };
  for (const { outcome } of findings) counts[outcome] += 1;
  state.textContent = say(
    "成立 {holds} 项，不成立 {fails} 项，未核对 {unchecked} 项。",
    "{holds} hold, {fails} fail, {unchecked} not checked.", counts,
  );
  state.classList.toggle("bad", counts.fails > 0);
  const items = document.createElement("ul");
  items.className = "plain";
  const order = ["fails", "unchecked", "holds"];
  items.append(...order.flatMap((outcome) => (
    findings.filter((one) => one.outcome === outcome).map(itemOf))));
  list.replaceChildren(items);
}

function itemOf({ about, outcome, zh, en, blame, party }) {
  const [kind, word] = MARKS[outcome];
  const mark = document.createElement("span");
  mark.className = `status status-${kind}`;
  mark.textContent = word;
  const name = document.createElement("b");
  name.textContent = ` ${about} `;
  const item = document.createElement("li");
  item.append(mark, name, say(zh, en));
  if (blame in PARTIES) {
    const who = PARTIES[blame].replace("{party}", party);
    item.append(say("（责任：{who}）", " (at fault: {who})", { who }));
  }
  return item;
}
