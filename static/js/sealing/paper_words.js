/* A seed as 33 words on paper, a single share of SLIP-39: the twin of paper_words.py.
   The first four letters of a word tell it from all others. */

import { concat, utf8 } from "./canonical.js";
import { WORDS } from "./slip39_words.js";
import { hmac, randomBytes } from "./suite_intl1.js";

const ROUNDS = 4;
const PASSES = 2500;
const HALF = 16;
const HEAD_WORDS = 4;
const CHECKSUM_WORDS = 3;
const WORD_COUNT = 33;
const EXTENDABLE = 1 << 4;
const CUSTOMISATION = [...utf8("shamir_extendable")];
const GENERATOR = [
  0xe0e040, 0x1c1c080, 0x3838100, 0x7070200, 0xe0e0009,
  0x1c0c2412, 0x38086c24, 0x3090fc48, 0x21b1f890, 0x3f3f120,
];

export function wordsFromSeed(seed, list = WORDS) {
  const [high, low] = randomBytes(2);
  const identifier = ((high << 8) | low) & 0x7fff;
  const head = indices((BigInt(identifier) << 5n) | BigInt(EXTENDABLE), 2);
  const share = feistel(seed, [...Array(ROUNDS).keys()]);
  const values = [...head, 0, 0, ...indices(toNumber(share), 26)];
  const checksum = polymod([...CUSTOMISATION, ...values, 0, 0, 0]) ^ 1;
  return [...values, ...indices(BigInt(checksum >>> 0), CHECKSUM_WORDS)].map((one) => list[one]);
}

/** The seed of 33 words; the first four letters of a word are enough. */
export function seedFromWords(words, list = WORDS) {
  const byStart = new Map(list.map((word, value) => [word.slice(0, 4), value]));
  const values = words.map((word, place) => {
    const value = byStart.get(word.trim().toLowerCase().slice(0, 4));
    if (value === undefined) throw new Error(`words[${place + 1}]`);
    return value;
  });
  const isOneOfOne = (values[1] & 0x1f) === EXTENDABLE && !values[2] && !values[3];
  if (values.length !== WORD_COUNT || polymod([...CUSTOMISATION, ...values]) !== 1 || !isOneOfOne) {
    throw new Error("words");
  }
  const share = values.slice(HEAD_WORDS, -CHECKSUM_WORDS)
    .reduce((number, value) => (number << 10n) | BigInt(value), 0n);
  return feistel(toBytes(share), [...Array(ROUNDS).keys()].reverse());
}

function indices(number, count) {
  return Array.from({ length: count }, (_, at) =>
    Number((number >> BigInt(10 * (count - 1 - at))) & 0x3ffn));
}

function toNumber(bytes) {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toBytes(number) {
  return Uint8Array.from({ length: 2 * HALF }, (_, at) =>
    Number((number >> BigInt(8 * (2 * HALF - 1 - at))) & 0xffn));
}

function feistel(text, rounds) {
  let [left, right] = [text.slice(0, HALF), text.slice(HALF)];
  for (const round of rounds) {
    const mask = pbkdf2(round, right);
    [left, right] = [right, left.map((byte, index) => byte ^ mask[index])];
  }
  return concat(right, left);
}

function pbkdf2(round, salt) {
  // HMAC fills a short key with zeros, so that 32 bytes stand for the one.
  const key = new Uint8Array(32);
  key[0] = round;
  let block = hmac(key, concat(salt, new Uint8Array([0, 0, 0, 1])));
  const mask = block.slice(0, HALF);
  for (let pass = 1; pass < PASSES; pass += 1) {
    block = hmac(key, block);
    for (let at = 0; at < HALF; at += 1) mask[at] ^= block[at];
  }
  return mask;
}

function polymod(values) {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 20;
    checksum = (((checksum & 0xfffff) << 10) ^ value) >>> 0;
    for (let bit = 0; bit < 10; bit += 1) {
      if ((top >>> bit) & 1) checksum = (checksum ^ GENERATOR[bit]) >>> 0;
    }
  }
  return checksum;
}
