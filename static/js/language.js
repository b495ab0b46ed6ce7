// The page's language. Scripts write both texts side by side, as Python does with visit.text.

const isEnglish = document.documentElement.lang === "en";

/** Return the text of the page's language; {name} is replaced by values.name. */
export function say(zh, en, values = {}) {
  const text = isEnglish ? en : zh;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Group a string of digits by thousands: "1234567.80" becomes "1,234,567.80". */
export function grouped(digits) {
  const [whole, decimals] = String(digits).split(".");
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? parts : `${parts}.${decimals}`;
}
