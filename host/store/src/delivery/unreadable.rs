//! The `unreadable_rows` table: rows that dispatch cannot read. Each is reported once, and does not
//! keep the others from being sent.
//!
//! Dispatch tries them again whenever it reads their neighbours, so a row that was repaired becomes
//! part of a message.

use std::collections::HashSet;

use job_scanner_core::causes::with_causes;
use job_scanner_core::quantity::counted;
use job_scanner_row_derive::FromRow;

use crate::database::Store;
use crate::driver::{Connection, Statement};
use crate::error::StoreError;

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct UnreadableRow {
    /// The error, which names the table and the row.
    pub reason: String,
}

impl Store {
    /// Returns the rows that dispatch cannot read.
    ///
    /// # Errors
    ///
    /// Fails if the database fails.
    pub async fn unreadable_rows(&self) -> Result<Vec<UnreadableRow>, StoreError> {
        let rows = Statement::new("SELECT reason FROM unreadable_rows ORDER BY table_name, row_id");
        Ok(rows.fetch_all(self.readers()).await?)
    }
}

/// Returns the values of the rows that can be read, each given with its id. The others are recorded
/// and reported, unless they were before.
pub(super) async fn readable<T>(
    store: &Store,
    table: &str,
    rows: Vec<(i64, Result<T, StoreError>)>,
) -> Result<Vec<T>, StoreError> {
    let known: Vec<i64> =
        Statement::new("SELECT row_id FROM unreadable_rows WHERE table_name = $1")
            .bind(table)
            .fetch_values(store.readers())
            .await?;
    let known: HashSet<i64> = known.into_iter().collect();

    let (mut values, mut repaired, mut broken) = (Vec::new(), Vec::new(), Vec::new());
    for (id, row) in rows {
        match row {
            Ok(value) => {
                values.push(value);
                repaired.extend(known.contains(&id).then_some(id));
            }
            Err(error @ StoreError::Corrupt { .. }) => {
                broken.extend((!known.contains(&id)).then(|| (id, with_causes(&error))));
            }
            Err(error) => return Err(error),
        }
    }
    if !repaired.is_empty() || !broken.is_empty() {
        update(store, table, &repaired, &broken).await?;
    }
    Ok(values)
}

async fn update(
    store: &Store,
    table: &str,
    repaired: &[i64],
    broken: &[(i64, String)],
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    for id in repaired {
        Statement::new("DELETE FROM unreadable_rows WHERE table_name = $1 AND row_id = $2")
            .bind(table)
            .bind(*id)
            .execute(&mut *tx)
            .await?;
    }
    for (id, reason) in broken {
        set_aside(&mut tx, table, *id, reason).await?;
    }
    tx.commit().await?;

    if let Some((_, first)) = broken.first() {
        let rows = counted(broken.len() as u64, "row", "rows");
        tracing::error!(
            event = "database.unreadable",
            rows = broken.len(),
            error = first,
            "{rows} cannot be read and are left out of messages: {first}"
        );
    }
    Ok(())
}

async fn set_aside(
    conn: &mut Connection,
    table: &str,
    id: i64,
    reason: &str,
) -> Result<(), StoreError> {
    Statement::new(
        "INSERT INTO unreadable_rows (table_name, row_id, reason) VALUES ($1, $2, $3)
         ON CONFLICT DO UPDATE SET reason = excluded.reason",
    )
    .bind(table)
    .bind(id)
    .bind(reason)
    .execute(conn)
    .await?;
    Ok(())
}
