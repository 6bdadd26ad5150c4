//! What wasm-bindgen leaves behind and nobody calls.

use std::collections::HashSet;
use std::path::Path;

use anyhow::Result;
use walrus::{ElementItems, ExportItem, FunctionId, Module, passes};

/// In the names of the functions by which JavaScript enters closures, one for each type of closure.
const WAY_IN: &str = "::convert::closures::_::invoke::<";

/// Removes the ways into closures that js-sys describes and doorkey does not make: 2 kB.
///
/// JavaScript calls those that are exported. The others stand in the table of functions only because a description named
/// them that is gone by now; no linker can know that. The module must still have its names.
pub fn remove(file: &Path) -> Result<()> {
    let mut module = Module::from_file(file)?;
    let exported: HashSet<FunctionId> = module.exports.iter().filter_map(function).collect();
    let is_way_in = |name: &Option<String>| name.as_ref().is_some_and(|name| name.contains(WAY_IN));
    let unused: HashSet<FunctionId> = module
        .funcs
        .iter()
        .filter(|it| is_way_in(&it.name))
        .map(|it| it.id())
        .filter(|id| !exported.contains(id))
        .collect();
    for element in module.elements.iter_mut() {
        if let ElementItems::Functions(functions) = &mut element.items
            && let Some(other) = functions.iter().copied().find(|id| !unused.contains(id))
        {
            for id in functions.iter_mut().filter(|id| unused.contains(id)) {
                *id = other;
            }
        }
    }
    passes::gc::run(&mut module);
    module.emit_wasm_file(file)
}

fn function(export: &walrus::Export) -> Option<FunctionId> {
    match export.item {
        ExportItem::Function(id) => Some(id),
        _ => None,
    }
}
