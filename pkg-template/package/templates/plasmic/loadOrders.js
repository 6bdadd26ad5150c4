// An example of protected data, for a state variable or a server query of the page.
$$.auth.loadOrders()
