// What Windmill generates for a full-code app: backend runnables as functions, run by its workers.

export const backend = {
  async orders({ token }) {
    const { status, text } = await globalThis.executeQuery("orders", {
      method: "GET",
      url: globalThis.ordersUrl,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status, body: JSON.parse(text) };
  },
};
