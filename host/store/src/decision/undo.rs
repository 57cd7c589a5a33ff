//! The way back to the state before a change.
//!
//! A change can be undone while it is the last one about its vacancy or company. So an undo takes
//! back only what the person saw, never a decision that came later. The undo is a change itself.

use jiff::Timestamp;

use crate::columns::{Row, day};
use crate::database::Store;
use crate::decision::changes;
use crate::decision::changes::{Author, NewChange, Subject};
use crate::decision::companies;
use crate::decision::companies::HiddenCompany;
use crate::decision::marks::StoredDecision;
use crate::decision::recent::{LoggedChange, logged_change};
use crate::decision::seen::store_decision;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;
use crate::ids::{ChangeId, ClusterId};

/// The result of an undo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// It is stored as this change.
    Changed(ChangeId),
    /// Nothing is stored, since another change has followed.
    Outdated,
}

impl Store {
    /// Restores the state before a change. `None` if there is no such change. Nothing is sent about
    /// alerts that a decision has kept back, except by the end of a snooze.
    #[tracing::instrument(name = "store.decision.undo", skip_all)]
    pub async fn undo_change(
        &self,
        id: ChangeId,
        author: &Author,
        now: Timestamp,
    ) -> Result<Option<Undone>, StoreError> {
        let mut tx = self.begin().await?;
        let Some(row) = logged_change(&mut tx, id).await? else {
            return Ok(None);
        };
        if !row.is_last(&mut tx).await? {
            return Ok(Some(Undone::Outdated));
        }

        let before = row.before(&mut tx).await?;
        let undo = match (row.cluster_id, &row.company_key) {
            (Some(cluster), _) => {
                let decision = stored_decision(&mut tx, cluster, before).await?;
                let job = &row.subject;
                store_decision(&mut tx, cluster, job, decision.as_ref(), author, now).await?
            }
            (None, Some(key)) => restore_company(&mut tx, key, &row, before, author, now).await?,
            // A constraint of the table excludes this.
            (None, None) => return Ok(None),
        };
        tx.commit().await?;
        Ok(Some(Undone::Changed(undo)))
    }
}

/// Returns the decision that a change of a vacancy has left.
async fn stored_decision(
    conn: &mut Connection,
    cluster: ClusterId,
    change: Option<LoggedChange>,
) -> Result<Option<StoredDecision>, StoreError> {
    let Some(LoggedChange {
        change_id,
        decision: Some(decision),
        note,
        ..
    }) = change
    else {
        return Ok(None);
    };

    // Changes of the note alone do not move the day of the decision.
    let decided_at: String = Statement::new(
        "SELECT MIN(changed_at) FROM decision_changes
         WHERE cluster_id = $1 AND change_id <= $2 AND change_id > COALESCE((
             SELECT MAX(change_id) FROM decision_changes
             WHERE cluster_id = $1 AND change_id < $2 AND decision IS NOT $3), 0)",
    )
    .bind(cluster)
    .bind(change_id)
    .bind(&decision)
    .fetch_value(conn)
    .await?;
    let place = Row::new("decision_changes", change_id);
    Ok(Some(StoredDecision {
        decision: place.parse("decision", &decision)?,
        note,
        decided_at: place.parse("changed_at", &decided_at)?,
    }))
}

/// Hides a company again as a change has left it, or shows it. A snooze that has ended since is not
/// restored.
async fn restore_company(
    conn: &mut Connection,
    key: &str,
    undone: &LoggedChange,
    before: Option<LoggedChange>,
    author: &Author,
    now: Timestamp,
) -> Result<ChangeId, StoreError> {
    let today = day(now);
    let is_over = |row: &LoggedChange| row.until.as_ref().is_some_and(|until| *until <= today);
    let before = before.filter(|row| row.decision.is_some() && !is_over(row));
    let hidden = before
        .as_ref()
        .map(LoggedChange::hidden_company)
        .transpose()?;
    match &hidden {
        Some(hidden) => companies::put(conn, hidden).await?,
        None => drop(companies::delete(conn, key).await?),
    }

    let change = NewChange {
        subject: Subject::Company {
            key,
            name: &undone.subject,
        },
        decision: before.as_ref().and_then(|row| row.decision.as_deref()),
        until: hidden.as_ref().and_then(|hidden| hidden.until),
        note: hidden.as_ref().and_then(|hidden| hidden.note.as_deref()),
    };
    changes::record(conn, change, author, now).await
}

impl LoggedChange {
    fn hidden_company(&self) -> Result<HiddenCompany, StoreError> {
        let place = Row::new("decision_changes", self.change_id);
        Ok(HiddenCompany {
            company: self.subject.clone(),
            until: place.optional("until", self.until.as_deref())?,
            note: self.note.clone(),
            hidden_at: place.parse("changed_at", &self.changed_at)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::decision::Decision;

    use super::*;
    use crate::decision::recent::RecentSubject;
    use crate::decision::seen::{DecisionForm, DecisionOutcome, NoteUpdate, Seen};
    use crate::ids::JobId;
    use crate::test_support::{at, author, count, job_key, with_job};

    async fn decide(
        store: &Store,
        decision: Option<Decision>,
        note: Option<&str>,
        time: &str,
    ) -> ChangeId {
        let form = DecisionForm {
            decision,
            note: note.map_or(NoteUpdate::Keep, |note| {
                NoteUpdate::Replace(Some(note.to_owned()))
            }),
            seen: Seen::Any,
        };
        let decided = store
            .decide(&job_key("1"), &form, &author(), at(time))
            .await;
        let Some(DecisionOutcome::Changed(change)) = decided.unwrap() else {
            panic!("nothing was changed")
        };
        change
    }

    async fn undo(store: &Store, change: ChangeId, time: &str) -> Undone {
        let undone = store.undo_change(change, &author(), at(time)).await;
        undone.unwrap().unwrap()
    }

    async fn stored(store: &Store) -> Option<StoredDecision> {
        let job = store.find_job(&job_key("1"), at("12:00:00")).await.unwrap();
        job.unwrap().decision
    }

    #[tokio::test]
    async fn an_undo_restores_decision_note_and_day() {
        let store = with_job().await;
        decide(&store, Some(Decision::Interested), None, "09:00:00").await;
        decide(&store, Some(Decision::Applied), None, "09:10:00").await;
        decide(&store, Some(Decision::Applied), Some("by form"), "09:20:00").await;
        let before = stored(&store).await;
        assert_eq!(before.as_ref().unwrap().decided_at, at("09:10:00"));

        let hidden = decide(&store, Some(Decision::Hidden), None, "09:30:00").await;
        assert_eq!(
            stored(&store).await.unwrap().note.as_deref(),
            Some("by form")
        );
        let undone = undo(&store, hidden, "09:40:00").await;
        assert_eq!(stored(&store).await, before);

        // The undo is a change itself, which can be undone.
        let Undone::Changed(again) = undone else {
            panic!("{undone:?}")
        };
        undo(&store, again, "09:50:00").await;
        assert_eq!(stored(&store).await.unwrap().decision, Decision::Hidden);
        assert_eq!(count(&store, "decision_changes").await, 6);
    }

    #[tokio::test]
    async fn an_undo_of_the_first_decision_leaves_none() {
        let store = with_job().await;
        let change = decide(&store, Some(Decision::Applied), Some("note"), "09:00:00").await;
        undo(&store, change, "09:10:00").await;
        assert_eq!(stored(&store).await, None);
    }

    #[tokio::test]
    async fn an_undo_never_takes_back_a_later_decision() {
        let store = with_job().await;
        let other = store.reopen().await.unwrap();
        let mine = decide(&store, Some(Decision::Hidden), None, "09:00:00").await;
        decide(&other, Some(Decision::Applied), None, "09:01:00").await;

        assert!(!store.recent_change(mine).await.unwrap().unwrap().is_last);
        assert_eq!(undo(&store, mine, "09:02:00").await, Undone::Outdated);
        assert_eq!(stored(&store).await.unwrap().decision, Decision::Applied);
        assert_eq!(count(&store, "decision_changes").await, 2);
    }

    #[tokio::test]
    async fn a_change_tells_the_current_title_of_its_job() {
        let store = with_job().await;
        let change = decide(&store, Some(Decision::Offer), None, "09:00:00").await;
        let recent = store.recent_change(change).await.unwrap().unwrap();
        let subject = RecentSubject::Vacancy {
            key: job_key("1"),
            job: Some((JobId(1), "Engineer 1".to_owned())),
        };
        assert_eq!(
            (recent.subject, recent.decision.as_deref()),
            (subject, Some("offer"))
        );
        assert_eq!(store.recent_change(ChangeId(99)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn an_undo_about_a_company_restores_the_snooze_before() {
        let store = with_job().await;
        let hidden = |until: Option<&str>| HiddenCompany {
            company: "Acme".to_owned(),
            until: until.map(|day| day.parse().unwrap()),
            note: Some("later".to_owned()),
            hidden_at: at("09:00:00"),
        };
        let snoozed = hidden(Some("2026-12-24"));
        store.hide_company(&snoozed, &author()).await.unwrap();
        store.hide_company(&hidden(None), &author()).await.unwrap();
        let last = store.last_company_change("acme").await.unwrap().unwrap();
        let recent = store.recent_change(last).await.unwrap().unwrap();
        assert_eq!(recent.subject, RecentSubject::Company("Acme".to_owned()));
        undo(&store, last, "09:10:00").await;
        assert_eq!(
            store.hidden_companies(at("10:00:00")).await.unwrap(),
            [snoozed]
        );

        let last = store.last_company_change("acme").await.unwrap().unwrap();
        let over: Timestamp = "2026-12-25T00:00:00Z".parse().unwrap();
        store.unhide_company("acme", &author(), over).await.unwrap();
        let shown = store.last_company_change("acme").await.unwrap().unwrap();
        assert_eq!(undo(&store, last, "09:20:00").await, Undone::Outdated);
        store.undo_change(shown, &author(), over).await.unwrap();
        assert_eq!(count(&store, "hidden_companies").await, 0);
    }
}
