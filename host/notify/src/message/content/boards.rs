//! The boards of a first scan, with their counts.

use job_scanner_store::BaselineCounts;
use serde::Serialize;

use super::{NAME_CHARS, TITLE_CHARS};
use crate::message::text::{counted, grouped, one_line};

/// A board that was scanned for the first time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct BoardEntry {
    name: String,
    key: String,
    /// For example `7 of 300 jobs match`.
    counts: String,
}

pub(super) fn baseline_subject(boards: &[BaselineCounts], more: u64) -> String {
    let jobs = boards.iter().map(|board| board.jobs).sum();
    let matched = boards.iter().map(|board| board.matched).sum();
    let all = counted(boards.len() as u64 + more, "board", "boards");

    // The counts of the boards that the message does not list are unknown.
    if more > 0 {
        return format!(
            "Watching {all}: {} on {} of them",
            counted(matched, "match", "matches"),
            boards.len()
        );
    }
    format!("Watching {all}: {}", matched_of(matched, jobs))
}

/// Returns text such as `7 of 300 jobs match`.
fn matched_of(matched: u64, jobs: u64) -> String {
    let count = grouped(&matched.to_string());
    let jobs = counted(jobs, "job", "jobs");
    let verb = if matched == 1 { "matches" } else { "match" };
    format!("{count} of {jobs} {verb}")
}

pub(super) fn board_entry(board: &BaselineCounts) -> BoardEntry {
    BoardEntry {
        name: one_line(&board.name, NAME_CHARS),
        key: one_line(&board.source.to_string(), TITLE_CHARS),
        counts: matched_of(board.matched, board.jobs),
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_store::AlertKind;
    use job_scanner_store::test_support::store;

    use crate::message::content::MessageContent;
    use crate::message::render::Detail;
    use crate::message::template::TemplateSet;
    use crate::test_support::{alerted, claimed, full_job, run};

    #[tokio::test]
    async fn a_first_scan_counts_boards_jobs_and_matches() {
        let store = store().await;
        let run = run(&store).await;
        let jobs: Vec<_> = ["1", "2"].map(full_job).into();
        alerted(
            &store,
            run,
            "acme",
            &jobs,
            AlertKind::Baseline,
            &["default", "backend"],
        )
        .await;
        alerted(
            &store,
            run,
            "other",
            &[full_job("3")],
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        let content = MessageContent::of(&claimed(&store).await, None);
        assert_eq!(content.subject, "Watching 2 boards: 3 of 3 jobs match");
        assert_eq!(content.boards[1].counts, "1 of 1 job matches");
        assert_eq!(content.jobs.len(), 3);
        assert_eq!(
            content.jobs[0].reasons.len(),
            2,
            "the reasons of both profiles"
        );
    }

    #[tokio::test]
    async fn a_large_first_scan_names_boards_with_matches_and_counts_the_rest() {
        let store = store().await;
        let run = run(&store).await;
        alerted(
            &store,
            run,
            "zeta",
            &[full_job("1")],
            AlertKind::Baseline,
            &["default"],
        )
        .await;
        for number in 0..205 {
            alerted(
                &store,
                run,
                &format!("board-{number}"),
                &[],
                AlertKind::Baseline,
                &[],
            )
            .await;
        }
        let content = MessageContent::of(&claimed(&store).await, None);
        assert_eq!(
            content.subject,
            "Watching 206 boards: 1 match on 200 of them"
        );
        assert_eq!((content.boards.len(), content.more_boards), (200, 6));
        assert!(
            content.boards[0].key.ends_with("/zeta"),
            "{:?}",
            content.boards[0]
        );
        assert!(
            crate::message::render::text(TemplateSet::BUILT_IN, &content, Detail::Full)
                .unwrap()
                .contains("\nand 6 more boards\n")
        );
    }
}
