// The app's queries. Each asks the protected API through the session, which adds the token and renews it when it must.

/** @typedef {{ id: string, placedAt: string, customer: string, item: string, quantity: number, totalCents: number, currency: string, status: string }} Order */

/** @param {string} path @returns {Promise<any>} */
async function get(path) {
  const answer = await Auth.session.fetch(settings.authUrl + path);
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

export const getMe = query(() => /** @type {Promise<{ name?: string, email?: string }>} */ (get("/api/me")));

export const getOrders = query(async () => /** @type {Order[]} */ ((await get("/api/orders")).orders));
