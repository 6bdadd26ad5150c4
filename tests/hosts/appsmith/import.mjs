// How Appsmith imports an app: what an exported file says, as the harness's definition.

/**
 * @param {any} json
 * @param {(text: string) => string} placed puts the builder's own addresses in
 * @returns {import("./harness.mjs").AppDefinition}
 */
export function importApp(json, placed) {
  if (json.artifactJsonType !== "APPLICATION" || json.clientSchemaVersion !== 1)
    throw new Error("not an app of a version that can be imported");
  const queries = {};
  const objects = {};
  const widgets = {};
  const pages = {};
  for (const { unpublishedPage: page } of json.pageList) {
    const [{ dsl, layoutOnLoadActions }] = page.layouts;
    const onLoad = layoutOnLoadActions.map((set) => set.map(({ name }) => name));
    pages[page.name] = { queries: [], objects: [], widgets: [], onLoad, children: dsl.children };
    for (const { widgetName, type } of dsl.children) {
      pages[page.name].widgets.push(widgetName);
      if (type === "INPUT_WIDGET_V2") widgets[widgetName] = "";
    }
  }
  for (const {
    unpublishedCollection: { name, pageId, body },
  } of json.actionCollectionList) {
    if (objects[name] !== undefined && objects[name] !== body) throw new Error(`${name} differs between pages`);
    objects[name] = body;
    pages[pageId].objects.push(name);
  }
  for (const { pluginType, unpublishedAction: action } of json.actionList) {
    if (pluginType !== "API") continue;
    const { path, queryParameters, headers, body, httpMethod } = action.actionConfiguration;
    const search = new URLSearchParams(queryParameters.map(({ key, value }) => [key, value])).toString();
    const url = action.datasource.datasourceConfiguration.url + path + (search && `?${search}`);
    queries[action.name] = {
      method: httpMethod,
      url: placed(url),
      headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
      ...(body ? { body } : {}),
    };
    pages[action.pageId].queries.push(action.name);
  }
  for (const page of Object.values(pages)) page.widgets = page.widgets.filter((name) => name in widgets);
  const libraries = json.customJSLibList.map(({ url, accessor }) => ({ url: placed(url), accessor }));
  return { home: json.unpublishedDefaultPageName, libraries, queries, objects, widgets, pages };
}
