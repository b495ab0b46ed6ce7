// Saves a form to the server every few seconds: form[data-draft="/address"].
// Fields with data-secret (a bid's prices), passwords and files are never sent.

import { draftAtFirst, draftOf } from "./forms.js";
import { say } from "./language.js";

const EVERY = 5000;

function makeState(form) {
  const state = form.querySelector(".draft-state") ?? document.createElement("p");
  state.className = "draft-state";
  state.setAttribute("role", "status");
  if (!state.isConnected) form.append(state);
  return (words, isBad = false) => {
    state.textContent = words;
    state.classList.toggle("bad", isBad);
  };
}

function timeOf(answer) {
  const moment = new Date(answer.saved_at ?? NaN);
  if (Number.isNaN(moment.getTime())) return "";
  return moment.toLocaleTimeString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
}

async function send(form, body, tell) {
  try {
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body,
      keepalive: body.length < 60000,
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
      },
    });
    if (answer.status === 409) {
      tell(
        say(
          "草稿已在别处被修改，本页不再自动保存。请打开新页面核对。",
          "The draft was changed elsewhere; this page no longer saves. Open it again and compare.",
        ),
        true,
      );
      return "stale";
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const time = timeOf(await answer.json());
    tell(say("草稿已保存 {time}", "Draft saved {time}", { time }));
    form.dispatchEvent(new CustomEvent("draft-saved"));
    return "saved";
  } catch {
    tell(
      say(
        "草稿未能保存，将继续重试。请不要关闭本页。",
        "The draft could not be saved and is tried again. Keep this page open.",
      ),
      true,
    );
    return "failed";
  }
}

/** Start saving each form that names where. */
export function start(forms) {
  for (const form of forms) {
    const tell = makeState(form);
    let saved = draftAtFirst(form);
    let isBusy = false;
    let isStopped = false;
    const save = async () => {
      const now = draftOf(form);
      if (isBusy || isStopped || now === saved) return;
      isBusy = true;
      const result = await send(form, now, tell);
      if (result === "saved") saved = now;
      isStopped ||= result === "stale";
      isBusy = false;
    };
    form.addEventListener("submit", () => {
      isStopped = true;
    });
    setInterval(save, EVERY);
    document.addEventListener("visibilitychange", () => document.hidden && save());
  }
}
