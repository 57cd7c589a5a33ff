//! Types that are generated from the WIT file of the contract.

wasmtime::component::bindgen!({
    path: "../../wit/source-0.1",
    world: "detailed-source-adapter",
    imports: { default: async | trappable },
    exports: { default: async },
});
