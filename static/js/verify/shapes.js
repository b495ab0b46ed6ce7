/* Strict shapes of documents: the twin of bidding/sealing/reading.py. Each check takes a value and
   says at its place what was expected; an object has all of its fields and no other. */

import { parseStrictly } from "./json.js";

const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A document has another form than its specification says. */
export class FormatError extends Error {
  constructor(where, expected) {
    super(`${where}: expected ${expected}`);
    this.name = "FormatError";
  }
}

function must(holds, where, expected) {
  if (!holds) throw new FormatError(where, expected);
}

/** The document in a file. */
export function parse(bytes) {
  try {
    return parseStrictly(bytes);
  } catch (error) {
    throw new FormatError("document", `one JSON document in UTF-8 (${error.message})`);
  }
}

export function text({ pattern = null, most = 300 } = {}) {
  return (value, where) => {
    const fits = typeof value === "string" && value.length > 0 && [...value].length <= most
      && !CONTROL.test(value) && (pattern === null || pattern.test(value));
    must(fits, where, "text of its form");
  };
}

export const name = text({ pattern: /^[^|\x00-\x1f\x7f]{1,100}$/u });
export const digest = text({ pattern: /^[0-9a-f]{64}$/ });
export const price = text({ pattern: /^(?=.*[1-9])(0|[1-9]\d{0,11})(\.\d{1,12})?$/ });
export const decimal = text({ pattern: /^-?\d{1,40}(\.\d{1,60})?$/ });

export function anyText(value, where) {
  must(typeof value === "string", where, "text");
}

export function flag(value, where) {
  must(typeof value === "boolean", where, "true or false");
}

export function moment(value, where) {
  const fits = typeof value === "string" && MOMENT.test(value) && isDay(value);
  must(fits, where, "a moment like 2026-11-22T09:30:00.000000Z");
}

function isDay(value) {
  const day = new Date(`${value.slice(0, 23)}Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 19) === value.slice(0, 19);
}

export function word(...words) {
  return (value, where) => must(words.includes(value), where, `one of ${words.join(", ")}`);
}

export function whole(low, high) {
  return (value, where) => {
    const fits = Number.isSafeInteger(value) && value >= low && value <= high;
    must(fits, where, `a whole number from ${low} to ${high}`);
  };
}

export function binary(size, most = size) {
  return (value, where) => {
    const fits = typeof value === "string" && BASE64.test(value);
    must(fits, where, "bytes in Base64");
    // Base64 leaves bits unused that could be set; only one spelling is allowed.
    must(btoa(atob(value)) === value, where, "bytes in Base64");
    const count = atob(value).length;
    must(count >= (size ?? 1) && count <= most, where, `${size} to ${most} bytes`);
  };
}

export function optional(shape) {
  return (value, where) => { if (value !== null) shape(value, where); };
}

export function list(shape, most = 10 ** 6) {
  return (value, where) => {
    must(Array.isArray(value) && value.length <= most, where, `a list of at most ${most} entries`);
    value.forEach((one, index) => shape(one, `${where}[${index}]`));
  };
}

/** An object whose fields are all there; those in `absent` may be left out. */
export function object(fields, absent = {}) {
  return (value, where) => {
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    must(isObject, where, "an object");
    for (const [field, shape] of Object.entries(fields)) {
      must(Object.hasOwn(value, field), `${where}.${field}`, "the field, which is missing");
      shape(value[field], `${where}.${field}`);
    }
    for (const field of Object.keys(value)) {
      if (Object.hasOwn(fields, field)) continue;
      must(Object.hasOwn(absent, field), `${where}.${field}`, "no such field");
      absent[field](value[field], `${where}.${field}`);
    }
  };
}

/** An object whose fields are named by hashes. */
export function byDigest(shape) {
  return (value, where) => {
    const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
    must(isObject, where, "an object");
    for (const [field, one] of Object.entries(value)) {
      digest(field, where);
      shape(one, `${where}.${field}`);
    }
  };
}
