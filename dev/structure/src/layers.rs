//! The layers of the program's own modules.

use crate::arrows::{self, Arrows};

/// Finds the arrows of the crate in `source` (`host/src`) that lead up, or to a neighbour where
/// that is not allowed.
pub fn violations(layers: &[&[&str]], source: &str, arrows: &Arrows) -> Vec<String> {
    let mut found = Vec::new();
    for ((from, to), mentions) in arrows {
        let modules = top_module(source, from).zip(top_module(source, to));
        let Some((user, target)) = modules.filter(|(user, target)| user != target) else {
            continue;
        };

        let layer = layer_of(user, layers);
        let below = layer_of(target, layers);
        // Neighbours may name each other in the top layer and among the modules that are not
        // listed.
        let between = 0 < layer && layer < layers.len();
        if below < layer || (below == layer && between) {
            let place = arrows::describe(from, to, mentions);
            found.push(format!(
                "`{user}` may not name `{target}`, which is not below it:\n  {place}\n  Move the \
                 shared items below both, or let the caller pass them in"
            ));
        }
    }
    found
}

/// Returns the layer of a module, counted from the top.
fn layer_of(module: &str, layers: &[&[&str]]) -> usize {
    layers
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or(layers.len())
}

/// Returns the top-level module of a file, or `None` for the root file of the crate.
fn top_module<'f>(source: &str, file: &'f str) -> Option<&'f str> {
    let inside = file.strip_prefix(source)?.strip_prefix('/')?;
    let top = inside.split('/').next()?;
    let module = top.strip_suffix(".rs").unwrap_or(top);
    (module != "lib" && module != "main").then_some(module)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LAYERS: &[&[&str]] = &[&["cli", "startup"], &["kit", "scheduler"]];

    fn is_violation(from: &str, to: &str) -> bool {
        let files = (format!("host/src/{from}"), format!("host/src/{to}"));
        let arrows = Arrows::from([(files, BTreeSet::new())]);
        !violations(LAYERS, "host/src", &arrows).is_empty()
    }

    #[test]
    fn arrows_lead_down() {
        assert!(!is_violation("cli/scan.rs", "kit/new.rs"));
        assert!(!is_violation("kit/new.rs", "causes.rs"));
        assert!(is_violation("kit/new.rs", "cli/output.rs"));
        assert!(is_violation("causes.rs", "kit/new.rs"));
        assert!(is_violation("logging.rs", "startup.rs"));
    }

    #[test]
    fn neighbours_name_each_other_at_the_top_and_at_the_bottom_only() {
        assert!(!is_violation("cli/scan.rs", "startup.rs"));
        assert!(!is_violation("startup.rs", "cli/scan.rs"));
        assert!(is_violation("kit/new.rs", "scheduler/service.rs"));
        assert!(!is_violation("kit/new.rs", "kit/check/mod.rs"));
        assert!(!is_violation("logging.rs", "causes.rs"));
    }

    #[test]
    fn the_root_may_name_everything() {
        assert!(!is_violation("lib.rs", "cli/mod.rs"));
        assert!(!is_violation("kit/new.rs", "lib.rs"));
    }
}
