// @ts-check
// By what a session's function is known for one of doorkey's: to another file of the package, of another copy too.

export const MARK = Symbol.for("doorkey");
