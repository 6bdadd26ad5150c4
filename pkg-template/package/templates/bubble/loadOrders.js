// Run javascript that loads protected data. bubble_fn_orders is a "Javascript to Bubble" element; its value is JSON.
auth.guard("protected").then(async function (allowed) {
  if (!allowed) return { orders: [] };
  const response = await auth.fetch("https://example.api.co/api/orders");
  if (!response.ok) throw new Error("The server answered " + response.status);
  const answer = await response.json();
  bubble_fn_orders(JSON.stringify(answer.orders));
  return answer;
});
