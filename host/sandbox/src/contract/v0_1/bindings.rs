//! Generated from the contract's text.

wasmtime::component::bindgen!({
    path: "../../wit/source-0.1",
    world: "detailed-source-adapter",
    imports: { default: async | trappable },
    exports: { default: async },
});
