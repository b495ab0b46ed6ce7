// Shows how much of a file was sent: form[data-upload]. The answer is shown like any other page.

import { say } from "./language.js";

function makeBar(form) {
  const box = document.createElement("div");
  box.className = "progress";
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", say("上传进度", "Progress of the upload"));
  box.append(words, bar);
  form.append(box);
  return { box, bar, words };
}

function showAnswer(request, form) {
  // Taken: the page that it led to, often the same one, is opened with all its scripts.
  if (request.status < 400) {
    location.assign(request.responseURL);
    return;
  }
  // The page came back with faults: show them without losing the address.
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = answer.title;
  document.querySelector("main").replaceWith(answer.querySelector("main"));
  document.querySelector("[data-focus]")?.focus();
  start(document.querySelectorAll("form[data-upload]"));
}

function send(form, submitter) {
  const { box, bar, words } = makeBar(form);
  const buttons = form.querySelectorAll("button");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    bar.max = event.total;
    bar.value = event.loaded;
    const percent = Math.floor((event.loaded * 100) / event.total);
    words.textContent =
      percent < 100
        ? say("正在上传 {percent}%", "Sending {percent}%", { percent })
        : say("已上传，正在检查内容", "Sent; the contents are being checked");
  });
  request.addEventListener("load", () => showAnswer(request, form));
  request.addEventListener("error", () => {
    box.remove();
    buttons.forEach((button) => (button.disabled = false));
    alertIn(form, say("网络中断，文件没有送达。请再试一次。", "The connection broke; nothing arrived. Try again."));
  });
  request.send(new FormData(form, submitter));
  buttons.forEach((button) => (button.disabled = true));
}

function alertIn(form, text) {
  const line = document.createElement("p");
  line.className = "field-fault";
  line.setAttribute("role", "alert");
  line.textContent = text;
  form.append(line);
}

/** Start the progress of each form that sends files. */
export function start(forms) {
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, event.submitter);
    });
  }
}
