//! Builds, packs, measures, serves and tests doorkey.
fn main() {}
