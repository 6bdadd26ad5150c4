// The SDKs are installed into the cache folder, where the compiler does not look.
declare module "@auth0/auth0-spa-js";
declare module "@axa-fr/oidc-client";
declare module "@azure/msal-browser";
declare module "@supabase/auth-js";
declare module "keycloak-js";
declare module "oidc-client-ts";
