/* Decimals as text, compared exactly. */

/** A decimal in one spelling: no needless zeros. @throws where it is none */
export function plain(text) {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (found === null) throw new Error("a decimal as text");
  const whole = found[1].replace(/^0+(?=\d)/, "");
  const part = (found[2] ?? "").replace(/0+$/, "");
  return part ? `${whole}.${part}` : whole;
}

/** Below zero, zero or above, as the first is smaller, equal or larger. */
export function compared(left, right) {
  const [a, b] = [left, right].map((one) => plain(one).split("."));
  const digits = Math.max(a[1]?.length ?? 0, b[1]?.length ?? 0);
  const [x, y] = [a, b].map(([whole, part = ""]) => BigInt(whole + part.padEnd(digits, "0")));
  return x < y ? -1 : Number(x > y);
}
