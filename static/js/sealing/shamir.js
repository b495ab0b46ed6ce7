/* Shamir's secret sharing: the audited library, and which share is whose. */

import { combine, split } from "../../vendor/shamir-secret-sharing/index.js";

/** Split a secret into n shares of which any k give it back; a share ends with its place. */
export async function splitSecret(secret, n, k) {
  return split(secret, n, k);
}

export function placeOf(share) {
  return share[share.length - 1];
}

/** The secret of k shares; too few or foreign ones give other bytes: compare the hash. */
export async function combineShares(shares) {
  return combine(shares);
}
