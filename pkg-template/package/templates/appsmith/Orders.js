export default {
  // Run on page load. The guard comes first, in the same function, since Appsmith promises no order between two.
  // Bind a table to {{Orders.load.data}}.
  load: async () => {
    Auth.setup();
    if (!(await Doorkey.guard("protected"))) return [];
    return Doorkey.run(orders);
  },
}
