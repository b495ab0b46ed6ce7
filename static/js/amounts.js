// Prices exactly as typed: decimal strings, never floating-point numbers.

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿"];
const DECIMALS = ["角", "分", "厘", "毫", "丝", "忽"];
const FULL_WIDTH = /[０-９．，]/g;

/** Turn full-width digits and thousands separators into plain digits. */
export function plain(typed) {
  return typed
    .replace(FULL_WIDTH, (mark) => String.fromCharCode(mark.charCodeAt(0) - 0xfee0))
    .replace(/[,\s]/g, "");
}

/** Read an amount: {whole, decimals} as strings of digits, or null when it is none. */
export function readAmount(typed) {
  const found = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(plain(typed));
  if (!found) return null;
  return { whole: found[1].replace(/^0+(?=\d)/, ""), decimals: (found[2] ?? "").replace(/0+$/, "") };
}

function fourDigits(group) {
  let words = "";
  let isGap = false;
  [...group].forEach((digit, index) => {
    if (digit === "0") {
      isGap = words !== "";
      return;
    }
    words += (isGap ? "零" : "") + DIGITS[digit] + PLACES[group.length - 1 - index];
    isGap = false;
  });
  return words;
}

function wholeInWords(whole) {
  const groups = whole.match(/\d{1,4}(?=(\d{4})*$)/g);
  let words = "";
  let isGap = false;
  groups.forEach((group, index) => {
    const said = fourDigits(group);
    if (said === "") {
      isGap = words !== "";
      return;
    }
    const needsZero = words !== "" && (isGap || group.startsWith("0"));
    words += (needsZero ? "零" : "") + said + GROUPS[groups.length - 1 - index];
    isGap = false;
  });
  return words;
}

function decimalsInWords(decimals, hasWhole) {
  let words = "";
  [...decimals].forEach((digit, index) => {
    if (digit !== "0") {
      // A zero between yuan and fen is read: 壹元零伍分.
      const gap = index > 0 && decimals[index - 1] === "0" && (hasWhole || words !== "");
      words += (gap ? "零" : "") + DIGITS[digit] + DECIMALS[index];
    }
  });
  return words;
}

/** Write an amount of yuan as on a Chinese contract: 12.05 is 壹拾贰元零伍分. Null when it is none. */
export function inWords(typed) {
  const amount = readAmount(typed);
  if (!amount) return null;
  const hasWhole = amount.whole !== "0";
  const yuan = hasWhole ? `${wholeInWords(amount.whole)}元` : "";
  const rest = decimalsInWords(amount.decimals, hasWhole);
  if (!yuan && !rest) return "零元整";
  return rest ? yuan + rest : `${yuan}整`;
}

/** Return an amount in millionths of a yuan, exactly, or null. */
export function millionths(typed) {
  const amount = readAmount(typed);
  return amount && BigInt(amount.whole + amount.decimals.padEnd(6, "0"));
}

/** Return by how many per cent a price lies below a ceiling: two decimals, cut off; negative above. */
export function cutBelow(typed, ceiling) {
  const price = millionths(typed);
  const limit = millionths(ceiling);
  if (price === null || !limit) return null;
  const difference = limit - price;
  const hundredths = (difference * 10000n) / limit;
  const size = hundredths < 0n ? -hundredths : hundredths;
  const text = `${size / 100n}.${String(size % 100n).padStart(2, "0")}`;
  return { sign: difference > 0n ? 1 : difference < 0n ? -1 : 0, percent: text };
}
