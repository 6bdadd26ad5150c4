// Run javascript, Page is loaded, on every page that needs a session. bubble_fn_allowed lets the page show its group.
auth.guard("protected").then(function (allowed) {
  bubble_fn_allowed(allowed);
  return allowed;
});
