/* JSON from anybody, read strictly: no name twice, whole numbers only; the twin of parse_json. */

import { canonicalText, fromUtf8 } from "../sealing/canonical.js";

const LEVELS_MAX = 12;
const TOKEN = /[ \t\n\r]*(?:([{}[\]:,])|("(?:[^"\\\x00-\x1f]|\\.)*")|(-?(?:0|[1-9]\d*)(?![\d.eE]))|(true|false|null))/y;
const WORDS = { true: true, false: false, null: null };

/** The value in bytes of UTF-8. @throws where it is not JSON, or no document may hold it. */
export function parseStrictly(bytes) {
  const text = fromUtf8(bytes);
  if (text.startsWith("\ufeff") || bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw new Error("no byte order mark");
  }
  const reader = { text, at: 0 };
  const value = valueOf(reader, next(reader), 0);
  if (/[^ \t\n\r]/.test(text.slice(reader.at))) throw new Error("one JSON document");
  canonicalText(value);
  return value;
}

function next(reader) {
  TOKEN.lastIndex = reader.at;
  const found = TOKEN.exec(reader.text);
  if (found === null) throw new Error("one JSON document");
  reader.at = TOKEN.lastIndex;
  const [, mark, string, number, word] = found;
  return { mark, string, number, word };
}

function valueOf(reader, token, level) {
  if (level > LEVELS_MAX) throw new Error(`at most ${LEVELS_MAX} levels`);
  if (token.string !== undefined) return JSON.parse(token.string);
  if (token.number !== undefined) return Number(token.number) + 0;
  if (token.word !== undefined) return WORDS[token.word];
  if (token.mark === "[") return arrayOf(reader, level);
  if (token.mark === "{") return objectOf(reader, level);
  throw new Error("one JSON document");
}

function arrayOf(reader, level) {
  const items = [];
  let token = next(reader);
  if (token.mark === "]") return items;
  for (;;) {
    items.push(valueOf(reader, token, level + 1));
    token = next(reader);
    if (token.mark === "]") return items;
    if (token.mark !== ",") throw new Error("one JSON document");
    token = next(reader);
  }
}

function objectOf(reader, level) {
  // Without a prototype, so that no name means anything.
  const fields = Object.create(null);
  let token = next(reader);
  if (token.mark === "}") return fields;
  for (;;) {
    if (token.string === undefined) throw new Error("one JSON document");
    const name = JSON.parse(token.string);
    if (name in fields) throw new Error("every name once in an object");
    if (next(reader).mark !== ":") throw new Error("one JSON document");
    fields[name] = valueOf(reader, next(reader), level + 1);
    token = next(reader);
    if (token.mark === "}") return fields;
    if (token.mark !== ",") throw new Error("one JSON document");
    token = next(reader);
  }
}
