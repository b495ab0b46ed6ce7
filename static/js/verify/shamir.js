/* Shamir's secret sharing over GF(256) with the AES polynomial: what the share at any place is. */

const EXP = new Uint8Array(512);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = value;
  EXP[power + 255] = value;
  LOG[value] = power;
  // Times 3, which generates the field.
  value ^= value << 1;
  if (value & 0x100) value ^= 0x11b;
}

const times = (left, right) => (left && right ? EXP[LOG[left] + LOG[right]] : 0);
const over = (left, right) => (left ? EXP[LOG[left] + 255 - LOG[right]] : 0);

/** The values at a place of the polynomials through some shares; at 0 the secret. */
export function valuesAt(shares, place) {
  const size = shares[0].length - 1;
  const places = shares.map((share) => share[size]);
  if (new Set(places).size !== places.length || places.includes(0)) {
    throw new Error("shares: expected distinct places from 1 to 255");
  }
  const values = new Uint8Array(size);
  shares.forEach((share, index) => {
    let [numerator, denominator] = [1, 1];
    places.forEach((other, at) => {
      if (at === index) return;
      numerator = times(numerator, place ^ other);
      denominator = times(denominator, places[index] ^ other);
    });
    const basis = over(numerator, denominator);
    for (let at = 0; at < size; at += 1) values[at] ^= times(share[at], basis);
  });
  return values;
}
