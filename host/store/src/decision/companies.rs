//! The `hidden_companies` table: the companies whose jobs are hidden, or snoozed until a day.

use jiff::Timestamp;
use jiff::civil::Date;
use job_scanner_core::decision::hidden_company_key;
use job_scanner_core::job::ShownCompany;
use job_scanner_row_derive::FromRow;

use crate::columns::{Row, day, time};
use crate::database::Store;
use crate::decision::changes;
use crate::decision::changes::{Author, NewChange, Subject};
use crate::driver::{Connection, Statement};
use crate::error::StoreError;

/// A company whose jobs are hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HiddenCompany {
    /// The name as the person wrote it.
    pub company: String,
    /// The day in UTC on which the snooze ends; `None` if it is hidden permanently.
    pub until: Option<Date>,
    pub note: Option<String>,
    pub hidden_at: Timestamp,
}

#[derive(FromRow)]
struct CompanyRow {
    company: String,
    until: Option<String>,
    note: Option<String>,
    hidden_at: String,
}

impl Store {
    /// Hides the jobs of a company instead of what was decided about it before. Names are compared
    /// without regard to case and spaces. Returns the number of open jobs of the company.
    #[tracing::instrument(name = "store.decision.hide_company", skip_all)]
    pub async fn hide_company(
        &self,
        hidden: &HiddenCompany,
        author: &Author,
    ) -> Result<u64, StoreError> {
        let key = hidden_company_key(&hidden.company);
        let mut tx = self.begin().await?;
        put(&mut tx, hidden).await?;
        let change = NewChange {
            subject: Subject::Company {
                key: &key,
                name: &hidden.company,
            },
            decision: Some(if hidden.until.is_some() {
                "snoozed"
            } else {
                "hidden"
            }),
            until: hidden.until,
            note: hidden.note.as_deref(),
        };
        changes::record(&mut tx, change, author, hidden.hidden_at).await?;
        let jobs = open_jobs(&mut tx, &key).await?;
        tx.commit().await?;
        Ok(jobs)
    }

    /// Shows the jobs of a company again. Returns what was decided about it; `None` if it was not
    /// hidden. What a snooze has kept back is sent by the next run, as when the snooze ends.
    #[tracing::instrument(name = "store.decision.unhide_company", skip_all)]
    pub async fn unhide_company(
        &self,
        company: &str,
        author: &Author,
        now: Timestamp,
    ) -> Result<Option<HiddenCompany>, StoreError> {
        let key = hidden_company_key(company);
        let mut tx = self.begin().await?;
        let Some(before) = delete(&mut tx, &key).await? else {
            return Ok(None);
        };

        let change = NewChange {
            subject: Subject::Company {
                key: &key,
                name: company,
            },
            decision: None,
            until: None,
            note: None,
        };
        changes::record(&mut tx, change, author, now).await?;
        tx.commit().await?;
        Ok(Some(before))
    }

    /// Returns the companies that are hidden on the day of `now`, by name.
    pub async fn hidden_companies(&self, now: Timestamp) -> Result<Vec<HiddenCompany>, StoreError> {
        let rows = Statement::new(
            "SELECT company, until, note, hidden_at FROM hidden_companies WHERE until IS NULL OR until > $1
             ORDER BY company_key",
        );
        let rows = rows
            .bind(day(now))
            .fetch_all::<CompanyRow>(self.readers())
            .await?;
        rows.into_iter().map(HiddenCompany::try_from).collect()
    }
}

pub(super) async fn put(conn: &mut Connection, hidden: &HiddenCompany) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO hidden_companies (company_key, company, until, note, hidden_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (company_key) DO UPDATE SET company = excluded.company, until = excluded.until,
             note = excluded.note, hidden_at = excluded.hidden_at",
    )
    .bind(hidden_company_key(&hidden.company))
    .bind(&hidden.company)
    .bind(hidden.until.map(|day| day.to_string()))
    .bind(&hidden.note)
    .bind(time(hidden.hidden_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes what was decided about a company, and returns it.
pub(super) async fn delete(
    conn: &mut Connection,
    key: &str,
) -> Result<Option<HiddenCompany>, StoreError> {
    let row = Statement::new(
        "DELETE FROM hidden_companies WHERE company_key = $1 RETURNING company, until, note, hidden_at",
    );
    let row = row.bind(key).fetch_optional::<CompanyRow>(conn).await?;
    row.map(HiddenCompany::try_from).transpose()
}

/// Returns the number of open jobs of a company. There is no index by the compared form of a name,
/// so all open jobs are read.
async fn open_jobs(conn: &mut Connection, key: &str) -> Result<u64, StoreError> {
    let companies: Vec<(Option<String>, String, i64)> = Statement::new(
        "SELECT v.company, s.name, COUNT(*) FROM jobs j
         JOIN job_versions v ON v.job_id = j.job_id AND v.content_hash = j.content_hash
         JOIN sources s ON s.source_id = j.source_id
         WHERE j.closed_at IS NULL GROUP BY v.company, s.source_id",
    )
    .fetch_all(conn)
    .await?;

    let of_company = companies.iter().filter(|(company, source, _)| {
        hidden_company_key(ShownCompany::of(company.as_deref(), source).name) == key
    });
    Ok(of_company.map(|(_, _, jobs)| jobs.unsigned_abs()).sum())
}

impl TryFrom<CompanyRow> for HiddenCompany {
    type Error = StoreError;

    fn try_from(row: CompanyRow) -> Result<Self, StoreError> {
        // The key is a text, so errors name no row.
        let place = Row::new("hidden_companies", 0);
        Ok(Self {
            company: row.company,
            until: place.optional("until", row.until.as_deref())?,
            note: row.note,
            hidden_at: place.parse("hidden_at", &row.hidden_at)?,
        })
    }
}
