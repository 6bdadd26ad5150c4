// A frontend script that loads protected data. A runnable's result can't be awaited here, so the request leaves from the browser.
const Doorkey = await import("https://cdn.jsdelivr.net/npm/doorkey@<version>/dist/doorkey.mjs");
if (!(await Doorkey.guard("protected"))) return { orders: [] };
return await Doorkey.run({
  run: async () => {
    const response = await fetch("https://example.api.co/api/orders", { headers: await Doorkey.headers() });
    if (!response.ok) throw { status: response.status, body: await response.text() };
    return response.json();
  },
});
