/* Canonical JSON, padding and Base64: the browser's twin of bidding/sealing/canonical.py. */

export const PADDING_STEP = 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The one text of a document: names sorted, nothing between tokens, no number but safe integers. */
export function canonicalText(value, where = "document") {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "string") {
    if (LONE_SURROGATE.test(value)) throw new Error(`${where}: text without lone surrogates`);
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new Error(`${where}: decimals as strings`);
    return String(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((one, index) => canonicalText(one, `${where}[${index}]`)).join(",")}]`;
  }
  const names = Object.keys(value).sort();
  const fields = names.map((name) => {
    if (!/^[\x00-\x7f]*$/.test(name)) throw new Error(`${where}: names of ASCII letters`);
    return `${JSON.stringify(name)}:${canonicalText(value[name], `${where}.${name}`)}`;
  });
  return `{${fields.join(",")}}`;
}

/** The bytes of a document, as they are hashed, signed and sealed. */
export function canonicalBytes(document) {
  return encoder.encode(canonicalText(document));
}

export function utf8(text) {
  return encoder.encode(text);
}

export function fromUtf8(bytes) {
  return decoder.decode(bytes);
}

/** One byte 0x80, then zeros up to the next step: the length tells nothing about the digits. */
export function pad(bytes) {
  const size = Math.floor(bytes.length / PADDING_STEP + 1) * PADDING_STEP;
  const padded = new Uint8Array(size);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  return padded;
}

export function unpad(padded) {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (end < 0 || padded[end] !== 0x80 || padded.length % PADDING_STEP) {
    throw new Error("plaintext: padding expected");
  }
  return padded.slice(0, end);
}

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function areEqual(left, right) {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
