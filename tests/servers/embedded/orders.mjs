// @ts-check
/** What the protected API serves: a shop's last orders. Amounts in cents. */
export const ORDERS = [
  order(10412, "2026-03-02T08:14:00Z", "Charles Babbage", "Brass gear, 48 teeth", 12, 18_600, "EUR", "shipped"),
  order(10413, "2026-03-02T10:41:00Z", "Mary Somerville", "Star atlas, folio", 1, 24_900, "GBP", "delivered"),
  order(10414, "2026-03-03T07:55:00Z", "Grace Hopper", "Nanosecond, 29.98 cm wire", 100, 4_500, "USD", "delivered"),
  order(10415, "2026-03-03T16:20:00Z", "Alan Turing", "Paper tape, 300 m", 4, 7_960, "GBP", "shipped"),
  order(10416, "2026-03-04T09:03:00Z", "Joan Clarke", "Squared paper, A3", 10, 3_450, "GBP", "delivered"),
  order(10417, "2026-03-05T13:37:00Z", "Katherine Johnson", "Slide rule, 25 cm", 2, 11_800, "USD", "returned"),
  order(10418, "2026-03-06T11:12:00Z", "Hedy Lamarr", "Piano roll, 88 keys", 2, 5_240, "USD", "shipped"),
  order(10419, "2026-03-09T08:30:00Z", "Konrad Zuse", "Relay, 12 V", 64, 35_200, "EUR", "packed"),
  order(10420, "2026-03-09T15:48:00Z", "Margaret Hamilton", "Core rope, woven", 1, 98_000, "USD", "packed"),
  order(10421, "2026-03-10T06:59:00Z", "Blaise Pascal", "Counting wheel set", 1, 42_700, "EUR", "paid"),
  order(10422, "2026-03-10T17:05:00Z", "Emmy Noether", "Chalk, white, 144 pieces", 3, 2_970, "EUR", "paid"),
  order(10423, "2026-03-11T09:26:00Z", "Radia Perlman", "Spanning tree, potted", 1, 6_400, "USD", "waiting for payment"),
];

/**
 * @param {number} id @param {string} placedAt @param {string} customer @param {string} item
 * @param {number} quantity @param {number} totalCents @param {string} currency @param {string} status
 */
function order(id, placedAt, customer, item, quantity, totalCents, currency, status) {
  return { id, placedAt, customer, item, quantity, totalCents, currency, status };
}
