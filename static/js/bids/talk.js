// What the sealing pages share: files that never leave the browser, and talking to the server.

import { say } from "../language.js";

const LOST = 20000;

/** The text of a chosen file; throws where none was chosen. */
export async function fileText(field) {
  if (!field.files?.length) throw new FieldError(field, say("请选择文件。", "Choose the file."));
  return field.files[0].text();
}

/** A complaint that belongs to one field. */
export class FieldError extends Error {
  constructor(field, message) {
    super(message);
    this.name = "FieldError";
    this.field = field;
  }
}

/** Show a complaint at its field, or take the old ones away. */
export function showFault(form, error = null) {
  for (const line of form.querySelectorAll("[data-fault]")) line.hidden = true;
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  if (!(error instanceof FieldError)) return false;
  const line = error.field.closest(".field").querySelector("[data-fault]");
  line.textContent = error.message;
  line.hidden = false;
  error.field.setAttribute("aria-invalid", "true");
  error.field.focus();
  return true;
}

/** Let a link download a document that exists in this page only. */
export function offer(link, text, name) {
  if (link.href.startsWith("blob:")) URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.hidden = false;
}

/** Get a document. */
export async function fetchText(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new ServerError(answer.status, await words(answer));
  return answer.text();
}

export async function fetchDocument(address) {
  return JSON.parse(await fetchText(address));
}

/**
 * Post a document as it is signed.
 * @returns {status, text}; refusals in words are thrown as ServerError, a lost line as LostError.
 */
export async function post(address, text, headers = {}) {
  const token = document.querySelector("input[name=_csrf_token]")?.value ?? "";
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST", body: text, signal: AbortSignal.timeout(LOST),
      headers: { "content-type": "application/json", "x-csrftoken": token, ...headers },
    });
  } catch {
    throw new LostError();
  }
  const body = await answer.text();
  const isDocument = answer.headers.get("content-type")?.startsWith("application/json");
  if (answer.ok) return { status: answer.status, text: body };
  const said = isDocument ? JSON.parse(body) : {};
  // A signed refusal is a document too, which the bidder keeps.
  if (said.type === "refusal/1") return { status: answer.status, text: body };
  throw new ServerError(answer.status, said.message);
}

async function words(answer) {
  try {
    return (await answer.json()).message;
  } catch {
    return undefined;
  }
}

export class ServerError extends Error {
  constructor(status, message) {
    super(message ?? {
      401: say("登录已过期。请在另一个页面登录，然后回到本页重试，本页内容仍在。",
        "You are signed out. Sign in on another page, then try again here; nothing here is lost."),
      403: say("页面已过期或没有权限。请刷新后重试。", "This page has expired or you may not do this."),
    }[status] ?? say("服务器未接受（{status}）。", "The server did not accept it ({status}).", { status }));
    this.name = "ServerError";
    this.status = status;
  }
}

/** Nobody knows whether it arrived: the same request again gives the same answer. */
export class LostError extends Error {
  constructor() {
    super(say(
      "没有收到回音，可能已送达。请再试一次：同一份信封不会重复登记。",
      "No answer came; it may have arrived. Try again: the same envelope is never taken twice.",
    ));
    this.name = "LostError";
  }
}

/** Tell what is going on, in the form's status line. */
export function tell(form, message, isBad = false) {
  const line = form.querySelector("[data-state]");
  line.textContent = message;
  line.classList.toggle("bad", isBad);
}

/** Let the page breathe before a long computation, so that the words above it are seen. */
export function nextFrame() {
  return new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve)); });
}
