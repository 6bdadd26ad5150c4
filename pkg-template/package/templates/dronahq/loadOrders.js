// JS code that loads protected data. The token is read anew at each run: there may be a new one.
if (!(await Doorkey.guard("protected"))) return { orders: [] };
const orders = {
  run: async () => {
    const headers = { Authorization: `Bearer ${await UTILITY.GETLOCALSTORAGE("accesstoken")}` };
    return Doorkey.hosts.dronahq(UTILITY).run({ url: "https://example.api.co/api/orders", headers });
  },
};
output = await Doorkey.run(orders);
return output;
