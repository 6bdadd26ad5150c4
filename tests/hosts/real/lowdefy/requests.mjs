// What the server of a Lowdefy app does: it gives the configuration of pages, and runs their requests.

import connections from "@app/build/plugins/connections.js";
import operators from "@app/build/plugins/operators/server.js";
import { callRequest, createApiContext, getPageConfig, getRootConfig } from "@lowdefy/api";

/** @param {string} buildDirectory */
export function createServerSide(buildDirectory) {
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const makeContext = () => {
    const context = { buildDirectory, config: {}, connections, fileCache: new Map(), logger, operators, secrets: {} };
    createApiContext(context);
    return context;
  };
  return {
    async config(pageId) {
      const context = makeContext();
      const rootConfig = await getRootConfig(context);
      const pageConfig = await getPageConfig(context, { pageId: pageId || rootConfig.home.pageId });
      return pageConfig && { rootConfig, pageConfig };
    },
    request: (pageId, requestId, { payload }) => callRequest(makeContext(), { blockId: undefined, pageId, payload, requestId }),
  };
}
