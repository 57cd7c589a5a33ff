//! Changes of decisions by a person who looks at a page, which may be older than the database.
//!
//! Another page, another person or a command may decide about the same vacancy in the meantime. A
//! new decision replaces the earlier one and keeps its note, and the history has both. What would
//! destroy the work of another (a note that is overwritten, a decision that is taken back) happens
//! only if the vacancy is as the person saw it.

use jiff::Timestamp;
use job_scanner_core::decision::Decision;
use job_scanner_core::key::JobKey;

use crate::database::Store;
use crate::decision::changes;
use crate::decision::changes::{Author, NewChange, Subject};
use crate::decision::marks::{StoredDecision, clear, cluster_of, of_cluster, put};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ChangeId, ClusterId};

/// A change that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionForm {
    /// `None` to take the decision back.
    pub decision: Option<Decision>,
    pub note: NoteUpdate,
    pub seen: Seen,
}

/// The change of the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteUpdate {
    /// The note stays as it is.
    Keep,
    /// The note becomes this one; `None` deletes it.
    Replace(Option<String>),
}

/// The state that the person saw. If the vacancy has another one, nothing is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Any state: the change loses nothing.
    Any,
    /// The last change of the decision; `None` if there was none.
    LastChange(Option<ChangeId>),
    /// The decision; `None` if nothing was decided.
    Decision(Option<Decision>),
}

/// The result of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionOutcome {
    /// It is stored as this change.
    Changed(ChangeId),
    /// The vacancy was as the person wants it.
    Unchanged,
    /// Nothing is stored, since the vacancy has changed since the person saw it.
    Outdated,
}

impl Store {
    /// Changes the decision about a job's vacancy. `None` if the job is not stored. The day of the
    /// decision stays when only the note changes.
    #[tracing::instrument(name = "store.decision.decide", skip_all)]
    pub async fn decide(
        &self,
        key: &JobKey,
        form: &DecisionForm,
        author: &Author,
        now: Timestamp,
    ) -> Result<Option<DecisionOutcome>, StoreError> {
        // The transaction has the write lock, so nothing changes after the comparison.
        let mut tx = self.begin().await?;
        let Some((cluster, _)) = cluster_of(&mut tx, key).await? else {
            return Ok(None);
        };
        let before = of_cluster(&mut tx, cluster).await?;
        if !form
            .seen
            .is_current(&mut tx, cluster, before.as_ref())
            .await?
        {
            return Ok(Some(DecisionOutcome::Outdated));
        }
        let after = form.applied_to(before.as_ref(), now);
        if after == before {
            return Ok(Some(DecisionOutcome::Unchanged));
        }

        let change = store_decision(
            &mut tx,
            cluster,
            &key.to_string(),
            after.as_ref(),
            author,
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(Some(DecisionOutcome::Changed(change)))
    }

    /// Returns the last change of the decision about a vacancy; `None` if there was none.
    pub async fn last_decision_change(
        &self,
        cluster: ClusterId,
    ) -> Result<Option<ChangeId>, StoreError> {
        let mut conn = self.readers().acquire().await?;
        last_change(&mut conn, cluster).await
    }
}

impl DecisionForm {
    /// Returns the decision after the change.
    fn applied_to(
        &self,
        before: Option<&StoredDecision>,
        now: Timestamp,
    ) -> Option<StoredDecision> {
        let decision = self.decision?;
        let same = before.filter(|before| before.decision == decision);
        let note = match &self.note {
            NoteUpdate::Keep => before.and_then(|before| before.note.clone()),
            NoteUpdate::Replace(note) => note.clone(),
        };
        Some(StoredDecision {
            decision,
            note,
            decided_at: same.map_or(now, |before| before.decided_at),
        })
    }
}

impl Seen {
    async fn is_current(
        self,
        conn: &mut Connection,
        cluster: ClusterId,
        stored: Option<&StoredDecision>,
    ) -> Result<bool, StoreError> {
        Ok(match self {
            Self::Any => true,
            Self::LastChange(seen) => last_change(conn, cluster).await? == seen,
            Self::Decision(seen) => stored.map(|stored| stored.decision) == seen,
        })
    }
}

/// Stores a decision, or deletes it, together with its change. `job` is the key by which the person
/// named the vacancy.
pub(super) async fn store_decision(
    conn: &mut Connection,
    cluster: ClusterId,
    job: &str,
    decision: Option<&StoredDecision>,
    author: &Author,
    now: Timestamp,
) -> Result<ChangeId, StoreError> {
    match decision {
        Some(decision) => put(conn, cluster, decision).await?,
        None => clear(conn, cluster).await?,
    }
    let change = NewChange {
        subject: Subject::Cluster { id: cluster, job },
        decision: decision.map(|stored| stored.decision.as_str()),
        until: None,
        note: decision.and_then(|stored| stored.note.as_deref()),
    };
    changes::record(conn, change, author, now).await
}

async fn last_change(
    conn: &mut Connection,
    cluster: ClusterId,
) -> Result<Option<ChangeId>, StoreError> {
    let last = Statement::new("SELECT MAX(change_id) FROM decision_changes WHERE cluster_id = $1");
    Ok(last.bind(cluster).fetch_value(conn).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{at, author, count, job_key, store, with_job};

    async fn decide(store: &Store, form: &DecisionForm) -> DecisionOutcome {
        let decided = store
            .decide(&job_key("1"), form, &author(), at("09:00:00"))
            .await;
        decided.unwrap().unwrap()
    }

    async fn stored(store: &Store) -> Option<(Decision, Option<String>)> {
        let job = store.find_job(&job_key("1"), at("12:00:00")).await.unwrap();
        let decision = job.unwrap().decision;
        decision.map(|stored| (stored.decision, stored.note))
    }

    fn mark(decision: Decision) -> DecisionForm {
        DecisionForm {
            decision: Some(decision),
            note: NoteUpdate::Keep,
            seen: Seen::Any,
        }
    }

    fn note(text: &str, seen: Option<ChangeId>) -> DecisionForm {
        DecisionForm {
            note: NoteUpdate::Replace(Some(text.to_owned())),
            seen: Seen::LastChange(seen),
            ..mark(Decision::Applied)
        }
    }

    #[tokio::test]
    async fn of_two_notes_at_once_the_second_overwrites_nothing() {
        let store = with_job().await;
        let other = store.reopen().await.unwrap();
        let first = note("first", None);
        let second = note("second", None);
        let (first, second) = tokio::join!(decide(&store, &first), decide(&other, &second));
        let outdated = [first, second]
            .iter()
            .filter(|it| **it == DecisionOutcome::Outdated)
            .count();
        assert_eq!((outdated, count(&store, "decision_changes").await), (1, 1));

        let cluster = store
            .find_job(&job_key("1"), at("12:00:00"))
            .await
            .unwrap()
            .unwrap()
            .cluster;
        let seen = store.last_decision_change(cluster).await.unwrap();
        let third = decide(&store, &note("third", seen)).await;
        assert!(matches!(third, DecisionOutcome::Changed(_)), "{third:?}");
        let expected = Some((Decision::Applied, Some("third".to_owned())));
        assert_eq!(stored(&other).await, expected);
    }

    #[tokio::test]
    async fn a_mark_keeps_the_note_of_another_process() {
        let store = with_job().await;
        let other = store.reopen().await.unwrap();
        decide(&other, &note("by form", None)).await;
        decide(&store, &mark(Decision::Interview)).await;
        let expected = Some((Decision::Interview, Some("by form".to_owned())));
        assert_eq!(stored(&store).await, expected);
    }

    #[tokio::test]
    async fn the_same_mark_twice_is_one_change() {
        let store = with_job().await;
        decide(&store, &mark(Decision::Hidden)).await;
        assert_eq!(
            decide(&store, &mark(Decision::Hidden)).await,
            DecisionOutcome::Unchanged
        );
        assert_eq!(count(&store, "decision_changes").await, 1);
    }

    #[tokio::test]
    async fn only_the_decision_that_was_seen_is_taken_back() {
        let store = with_job().await;
        decide(&store, &mark(Decision::Applied)).await;
        let take_back = |seen| DecisionForm {
            decision: None,
            note: NoteUpdate::Keep,
            seen: Seen::Decision(Some(seen)),
        };
        let outdated = decide(&store, &take_back(Decision::Hidden)).await;
        assert_eq!(outdated, DecisionOutcome::Outdated);
        decide(&store, &take_back(Decision::Applied)).await;
        assert_eq!(stored(&store).await, None);
    }

    #[tokio::test]
    async fn an_unknown_job_is_not_decided_about() {
        let store = store().await;
        let decided = store
            .decide(
                &job_key("1"),
                &mark(Decision::Offer),
                &author(),
                at("09:00:00"),
            )
            .await;
        assert_eq!(decided.unwrap(), None);
        assert_eq!(count(&store, "decision_changes").await, 0);
    }
}
