// The plugin's entry, as Budibase's own skeleton has it.
import Component from "./src/Component.svelte";
import schema from "./schema.json";

const plugins = (window["##BUDIBASE_CUSTOM_COMPONENTS##"] ??= []);
const plugin = { Component, schema, version: "1.0.0" };
plugins.push(plugin);
window.registerCustomComponent?.(plugin);
