//! The columns `facts` and `facts_version` of the `job_versions` table: the derived facts of a
//! version.
//!
//! Facts can always be derived again, so stored ones only save the time. Those of other
//! normalization rules, and those that cannot be read, are derived again from the stored fields.

use job_scanner_core::job::Facts;
use job_scanner_core::normalize::facts::facts;
use job_scanner_core::normalize::{Content, NORMALIZATION_VERSION};
use job_scanner_row_derive::FromRow;

/// The two columns of one row.
#[derive(Debug, FromRow)]
pub(crate) struct FactsColumns {
    facts: Option<String>,
    facts_version: Option<i64>,
}

impl FactsColumns {
    /// Returns the stored facts if they are of the current rules, and otherwise those of these
    /// fields.
    pub(crate) fn lift(self, content: &Content<'_>, language: Option<&str>) -> Facts {
        let is_current = self.facts_version == Some(NORMALIZATION_VERSION.into());
        let stored = self.facts.filter(|_| is_current);
        let read = stored.and_then(|json| serde_json::from_str(&json).ok());
        read.unwrap_or_else(|| facts(content, language))
    }
}

#[cfg(test)]
mod tests {
    use job_scanner_core::job::Known;
    use job_scanner_core::key::JobKey;
    use job_scanner_core::normalize::{Change, NormalizationResult};

    use super::*;
    use crate::ListedJob;
    use crate::driver::Statement;
    use crate::test_support::{
        COMPLETE, TestStore, at, begin_scan, fill_older, job, source_key, spoil, store,
        store_before, text,
    };

    /// Facts that no field of the job states, so that they can only be the stored ones.
    fn stored_facts() -> Facts {
        Facts {
            language: Some(Known::from_text("pl".to_owned())),
            ..Facts::UNKNOWN
        }
    }

    async fn record(store: &TestStore, change: Change, facts: Facts) {
        let mut result = NormalizationResult {
            change,
            ..job("1", 1)
        };
        result.job.language = Some("de".to_owned());
        result.job.facts = facts;
        let mut tx = begin_scan(store, "acme", "Acme", at("08:15:00")).await;
        tx.record_jobs(&[result], true).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();
    }

    async fn listed(store: &TestStore) -> ListedJob {
        let id = job("1", 1).job.external_id;
        let found = store
            .find_job(&JobKey::new(source_key("acme"), id), at("08:15:00"))
            .await;
        found.unwrap().unwrap()
    }

    async fn facts_of_both_reads(store: &TestStore) -> Facts {
        let listed = listed(store).await.job.facts;
        let now = at("09:00:00");
        let source = store.open_source(&source_key("acme"), "Acme", now).await;
        let open = store.open_jobs(source.unwrap().id, None, 9, now).await;
        assert_eq!(open.unwrap()[0].facts, listed, "matching reads the same");
        listed
    }

    #[tokio::test]
    async fn facts_of_the_current_rules_read_back_as_stored() {
        let store = store().await;
        record(&store, Change::New, stored_facts()).await;
        assert_eq!(facts_of_both_reads(&store).await, stored_facts());
    }

    #[tokio::test]
    async fn facts_of_other_rules_are_derived_from_the_stored_fields() {
        let derived = Some(Known::from_field("de".to_owned()));
        for spoilt in [
            "facts_version = facts_version - 1",
            "facts = '[}'",
            "facts = NULL, facts_version = NULL",
        ] {
            let store = store().await;
            record(&store, Change::New, stored_facts()).await;
            spoil(&store, &format!("UPDATE job_versions SET {spoilt}")).await;
            let facts = facts_of_both_reads(&store).await;
            assert_eq!(facts.language, derived, "{spoilt}");
        }
    }

    #[tokio::test]
    async fn a_version_that_is_written_again_gets_the_new_facts_and_keeps_its_text() {
        let store = store().await;
        record(&store, Change::New, Facts::UNKNOWN).await;
        let mut relisted = NormalizationResult {
            change: Change::Relisted,
            ..job("1", 1)
        };
        relisted.job.description = None;
        relisted.job.facts = stored_facts();
        let mut tx = begin_scan(&store, "acme", "Acme", at("08:15:00")).await;
        tx.record_jobs(&[relisted], true).await.unwrap();
        tx.commit(&COMPLETE).await.unwrap();

        let listed = listed(&store).await.job;
        assert_eq!(listed.facts, stored_facts());
        assert_eq!(listed.description.as_deref(), Some("Build things."));
    }

    #[tokio::test]
    async fn a_job_of_a_database_without_facts_has_the_derived_ones() {
        let older = store_before(15).await;
        fill_older(&older, 0).await;
        // The two rows refer to each other.
        let mut tx = older.begin().await.unwrap();
        for statement in [
            "INSERT INTO jobs (job_id, source_id, external_id, content_hash, url, language, extra, baseline, first_seen_at)
             VALUES (1, 1, '1', zeroblob(32), 'https://acme.example/', 'de', '[]', 1, '2026-11-23T08:00:00.000Z')",
            "INSERT INTO job_versions (job_id, content_hash, title, locations, first_seen_at)
             VALUES (1, zeroblob(32), 'Engineer', '[]', '2026-11-23T08:00:00.000Z')",
        ] {
            Statement::new(statement).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();

        let store = older.migrated().await;
        let derived = facts_of_both_reads(&store).await;
        assert_eq!(derived.language, Some(Known::from_field("de".to_owned())));
        let stored = text(&store, "SELECT facts FROM job_versions").await;
        assert_eq!(stored, None, "reading writes nothing");
    }
}
