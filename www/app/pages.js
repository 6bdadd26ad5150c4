// The app's pages, made of widgets. Functions are bindings and handlers, and name JS objects, queries and widgets as a builder does.

/** @import { Page } from "../runtime/app.js" */
/** @import { Order } from "./queries.js" */

/** @type {Record<string, Page>} */
export const pages = {
  LoginPage: {
    title: "Sign in",
    testid: "login",
    isHome: true,
    onPageLoad: () => Auth.openLogin(),
    widgets: [
      { type: "text", text: "Welcome back. Use the account of the playground's auth server.", look: "lead" },
      { type: "message", testid: "login-note", look: "result", text: () => Auth.note() },
      {
        type: "form",
        label: "Sign in",
        widgets: [
          {
            type: "message",
            id: "signin-error",
            testid: "login-error",
            isAlert: true,
            look: "error",
            text: () => (Auth.signinError?.code === "ERR_CANCELLED" ? "" : Auth.signinError?.message),
          },
          {
            type: "input",
            name: "inp_email",
            label: "Email",
            inputType: "email",
            autocomplete: "username",
            isRequired: true,
            hasFocus: true,
            testid: "email",
            invalid: { when: isRefused, describedBy: "signin-error" },
          },
          {
            type: "input",
            name: "inp_password",
            label: "Password",
            inputType: "password",
            autocomplete: "current-password",
            isRequired: true,
            testid: "password",
            invalid: { when: isRefused, describedBy: "signin-error" },
          },
          { type: "button", text: "Sign in", isSubmit: true, onClick: () => Auth.signin(), testid: "signin" },
        ],
      },
      {
        type: "group",
        look: "elsewhere",
        label: "Sign in with the provider",
        widgets: [
          { type: "text", text: "or, with no password typed here," },
          {
            type: "button",
            text: "Sign in with the provider",
            look: "quiet",
            testid: "signin-redirect",
            onClick: () => Auth.signinBy("redirect"),
          },
          {
            type: "button",
            text: "… in a window of its own",
            look: "quiet",
            testid: "signin-popup",
            onClick: () => Auth.signinBy("popup"),
          },
        ],
      },
      {
        type: "group",
        look: "hint",
        isVisible: () => settings.user !== undefined,
        widgets: [
          { type: "text", text: "No account at hand?" },
          {
            type: "button",
            text: "Fill in the demo user",
            look: "quiet",
            testid: "demo-user",
            onClick: () => {
              inp_email.setValue(settings.user?.email ?? "");
              inp_password.setValue(settings.user?.password ?? "");
            },
          },
        ],
      },
    ],
  },

  Dashboard: {
    title: "Dashboard",
    testid: "dashboard",
    heading: () => (getMe.data?.name ? `Hello, ${getMe.data.name}` : "Dashboard"),
    isHidden: true,
    onPageLoad: async () => {
      if (!(await Auth.openProtected())) return false;
      Try.result = "";
      getMe.run();
      return true;
    },
    widgets: [
      {
        type: "group",
        look: "bar",
        widgets: [
          { type: "link", text: "See the orders", page: "Orders", look: "action", testid: "see-orders" },
          { type: "button", text: "Sign out", onClick: () => Auth.logout(), look: "quiet", testid: "logout" },
        ],
      },
      { type: "heading", text: "Your account" },
      { type: "state", query: getMe, what: "your account", testid: "me" },
      { type: "fields", values: () => getMe.data, testid: "me", isVisible: () => getMe.data !== undefined },
      { type: "heading", text: "Things to try" },
      { type: "text", text: "Watch the panel while you do: the session, its events and each step that was taken.", look: "lead" },
      {
        type: "group",
        look: "tries",
        widgets: [
          { type: "button", text: "20 calls at once", onClick: () => Try.twentyCalls(), look: "quiet", testid: "try-20" },
          { type: "button", text: "Refresh now", onClick: () => Try.refreshNow(), look: "quiet", testid: "try-refresh" },
          { type: "button", text: "Wait for the renewal", onClick: () => Try.awaitRenewal(), look: "quiet", testid: "try-wait" },
          { type: "button", text: "Ask the server", onClick: () => Try.askServer(), look: "quiet", testid: "try-check" },
          { type: "button", text: "Open another tab", onClick: () => Try.openTab(), look: "quiet", testid: "try-tab" },
        ],
      },
      { type: "message", testid: "try-result", look: "result", text: () => Try.result },
    ],
  },

  Orders: {
    title: "Orders",
    isHidden: true,
    onPageLoad: async () => {
      if (!(await Auth.openProtected())) return false;
      getOrders.run();
      return true;
    },
    widgets: [
      {
        type: "group",
        look: "bar",
        widgets: [
          { type: "link", text: "Back to the dashboard", page: "Dashboard", look: "action" },
          { type: "button", text: "Reload", onClick: () => getOrders.run(), look: "quiet", testid: "reload-orders" },
        ],
      },
      { type: "state", query: getOrders, what: "the orders", empty: "No orders yet. New ones will be listed here.", testid: "orders" },
      {
        type: "table",
        testid: "orders",
        caption: "Orders",
        rows: () => getOrders.data ?? none,
        isVisible: () => (getOrders.data?.length ?? 0) > 0,
        columns: [
          { label: "Order", key: "id" },
          {
            label: "Placed",
            key: "placedAt",
            show: (/** @type {Order} */ { placedAt }) =>
              new Date(placedAt).toLocaleDateString(undefined, { day: "numeric", month: "short" }),
          },
          { label: "Customer", key: "customer" },
          { label: "Item", key: "item" },
          { label: "Quantity", key: "quantity", isNumber: true },
          {
            label: "Total",
            key: "totalCents",
            show: (/** @type {Order} */ { totalCents, currency }) =>
              (totalCents / 100).toLocaleString(undefined, { style: "currency", currency }),
            isNumber: true,
          },
          { label: "Status", key: "status", isBadge: true },
        ],
      },
    ],
  },
};

function isRefused() {
  return Auth.signinError?.code === "ERR_INVALID_CREDENTIALS";
}

// Always the same array, so that a binding sees no change where there is none.
/** @type {Order[]} */
const none = [];
