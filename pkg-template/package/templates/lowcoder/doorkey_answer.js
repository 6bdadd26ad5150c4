// Lowcoder says nothing of why a query failed; this query, which runs afterwards, sees it. Name your protected queries here.
const { code, data } = { http: doorkey_http, orders }[query];
return { code, data };
