//! Characters that do harm where they are printed.

use super::{LITTLE_MEMORY, scanned};
use crate::command_line::{job_scanner, text};
use crate::support::World;

/// Returns true for a character that a terminal would act on.
fn is_harmful(character: char) -> bool {
    character.is_control() || ('\u{202a}'..='\u{202e}').contains(&character)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_cut_and_has_no_control_characters() {
    let world = World::new().await;
    let stats = scanned(&world, "evil-error", "", LITTLE_MEMORY).await;
    let error = stats.error.expect("it failed");
    let words = format!("{}: {}", error.kind, error.message);
    assert!(words.len() < 8192, "{} bytes", words.len());
    assert!(!words.contains(is_harmful), "{words:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_and_a_warning_have_no_control_characters() {
    let world = World::new().await;
    let stats = scanned(&world, "evil-words", "", LITTLE_MEMORY).await;
    assert_eq!(stats.counts.new, 1, "{stats:#?}");
    assert!(!stats.warnings.is_empty());
    assert!(
        !stats.warnings.concat().contains(is_harmful),
        "{:?}",
        stats.warnings
    );
    for format in ["table", "json", "csv"] {
        let shown = job_scanner(
            &world,
            &["jobs", "--source", "hostile/evil-words", "--format", format],
        );
        let shown = text(&shown.stdout).replace(['\n', '\r'], "");
        assert!(shown.contains("evil-words"), "{shown:?}");
        assert!(!shown.contains(is_harmful), "{shown:?}");
    }
}
