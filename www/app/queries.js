// The app's queries. Each asks the protected API through the session, which adds the token and renews it when it must.

async function get(path) {
  const answer = await Auth.session.fetch(settings.authUrl + path);
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.json();
}

export const getMe = query(() => get("/api/me"));

export const getOrders = query(async () => (await get("/api/orders")).orders);
