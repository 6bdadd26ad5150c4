// The UMD form as the global of a script: no import, no export.
const fromGlobal = Doorkey.createAuth({ name: "shop" });
fromGlobal.signin("a@b.c", "secret");
// @ts-expect-error there is no such member
Doorkey.login();
